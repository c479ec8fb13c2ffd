"""GitLab's pipeline of the example repository: as GitLab's own schema wants it, and run job by job."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from reconciler.errors import Exit
from tests.run.conftest import TOKEN, Home

FILE = Path(__file__).parent.parent.parent / "example-repo" / ".gitlab-ci.yml"
PIPELINE: Mapping[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
KEYWORDS = {"stages", "workflow", "variables", "default"}
JOBS = {name: job for name, job in PIPELINE.items() if name not in KEYWORDS and not name.startswith(".")}
OF_TENANTS = {name for name, job in JOBS.items() if job.get("extends") == ".tenants"}


@dataclass(frozen=True)
class Project:
    """A project on GitLab: a clone of it as a runner makes one, in which jobs run."""

    clone: Home
    key: str

    def run(self, job: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """Runs the script of a job, which is one shell that stops at the first failure, and keeps nothing secret of
        this machine's environment."""
        program = Path(sys.executable).parent
        variables = {
            "PATH": f"{program}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self.clone.folder.parent),
            "RECONCILER_STATE": str(self.clone.folder.parent / "state"),
            "TENANT": "local",
            "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
            **environ,
        }
        script = "\n".join(JOBS[job]["script"])
        return subprocess.run(
            ["bash", "-eo", "pipefail", "-c", script],
            cwd=self.clone.folder,
            env=variables,
            capture_output=True,
            text=True,
            check=False,
        )

    def with_key(self, job: str) -> subprocess.CompletedProcess[str]:
        """The job as the project's own people run it."""
        return self.run(job, SOPS_AGE_KEY=self.key)

    def report(self, name: str) -> Any:
        return json.loads((self.clone.folder / name).read_text(encoding="utf-8"))


@pytest.fixture
def project(home: Home, tmp_path: Path) -> Project:
    """A clone that has what a runner fetches of a merge request: its commits, and no other branch."""
    key = (home.folder / "age-key.txt").read_text(encoding="utf-8").splitlines()[-1]
    home.git("clone", "-q", "--bare", ".", str(tmp_path / "remote.git"))
    clone = Home(tmp_path / "clone")
    clone.folder.mkdir()
    clone.git("init", "-q")
    clone.git("remote", "add", "origin", str(tmp_path / "remote.git"))
    clone.git("fetch", "-q", "origin", "main")
    clone.git("checkout", "-q", "--detach", "FETCH_HEAD")
    return Project(clone, key)


def test_the_pipeline_is_as_the_schema_of_gitlab_wants_it() -> None:
    command = ["-m", "check_jsonschema", "--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"]
    done = subprocess.run([sys.executable, *command, str(FILE)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_job_belongs_to_a_stage_and_says_when_it_runs() -> None:
    assert {job["stage"] for job in JOBS.values()} == set(PIPELINE["stages"])
    assert all(job["rules"] for job in JOBS.values())


def test_an_apply_waits_for_a_person_alone_in_its_tenant_and_is_never_cut_off() -> None:
    apply = JOBS["apply"]
    assert [rule["when"] for rule in apply["rules"]] == ["manual"]
    assert apply["resource_group"] == "$TENANT" and apply["environment"] == {"name": "$TENANT"}
    assert "interruptible" not in apply and "interruptible" not in PIPELINE["default"]


def test_only_an_apply_gets_the_credentials_that_write() -> None:
    of_others = {name: JOBS[name]["environment"] for name in OF_TENANTS - {"apply"}}
    assert all(environment == {"name": "$TENANT-plan", "action": "access"} for environment in of_others.values())
    assert all("environment" not in JOBS[name] for name in JOBS.keys() - OF_TENANTS)


def test_the_whole_history_is_fetched() -> None:
    assert PIPELINE["variables"]["GIT_DEPTH"] == "0"


def test_checks_of_a_sound_repository_find_nothing(project: Project) -> None:
    for job, report in (("validate", "validate.json"), ("test", "test.json")):
        done = project.run(job)
        assert done.returncode == Exit.DONE, done.stderr
        assert JOBS[job]["artifacts"] == {"when": "always", "reports": {"codequality": report}}
        assert project.report(report) == []


def test_mistakes_are_in_the_report_where_they_are(project: Project) -> None:
    project.clone.write("flows/post-login.yaml", "trigger: post-login\nbindings: [guard, nobody]\n")
    assert project.run("validate").returncode == Exit.ERROR
    (found,) = project.report("validate.json")
    assert (found["location"]["path"], found["location"]["lines"]["begin"]) == ("flows/post-login.yaml", 2)


def test_failed_cases_are_in_the_report_where_they_are(project: Project) -> None:
    project.clone.change("actions/greet/code.js", "'hello'", "'good day'")
    assert project.run("test").returncode == Exit.CASES_FAILED
    assert project.report("test.json")[0]["location"]["path"] == "actions/greet/cases.yaml"


def test_a_merge_request_from_a_fork_is_shown_against_the_branch_it_is_to_be_merged_into(project: Project) -> None:
    project.clone.change("actions/greet/code.js", "'hello'", "'good day'")
    project.clone.commit("Greet politely")
    done = project.run("preview")
    assert done.returncode == Exit.DONE, done.stderr
    assert "against origin/main at " in done.stdout and "~ update greet (code)" in done.stdout
    assert project.report("plans/local.json")["against"]["name"] == "origin/main"
    assert JOBS["preview"]["artifacts"]["paths"] == ["plans/"]


def test_a_merge_request_of_the_project_is_shown_against_the_tenant(project: Project) -> None:
    done = project.with_key("preview")
    assert done.returncode == Exit.DONE, done.stderr
    assert "create guard as version 1" in done.stdout
    assert len(project.report("plans/local.json")["checksum"]) == 64


def test_a_merge_request_that_changes_where_credentials_go_is_sent_none(project: Project) -> None:
    moved = "type: auth0\ndomain: evil.example.com\nsecrets: secrets/local.sops.yaml\n"
    project.clone.write("tenants/prod.yaml", moved)
    project.clone.commit("A tenant of mine")
    done = project.run("preview", SOPS_AGE_KEY=project.key, TENANT="prod", AUTH0_ACCESS_TOKEN="a-token")
    assert done.returncode == Exit.DONE, done.stderr
    assert "against origin/main at " in done.stdout
    assert "changes where credentials go (domain evil.example.com is new)" in done.stdout


def test_what_was_merged_is_planned_applied_and_watched(project: Project) -> None:
    planned = project.with_key("plan")
    assert planned.returncode == Exit.DONE, planned.stderr
    assert TOKEN not in json.dumps(project.report("plans/local.json"))
    applied = project.with_key("apply")
    assert applied.returncode == Exit.DONE, applied.stderr
    assert "greet version 1" in applied.stdout
    again = project.with_key("apply")
    assert again.returncode == Exit.STALE, "the tenant moved: it was applied"
    watched = project.run("drift")
    assert watched.returncode == Exit.DONE, watched.stderr
    assert "<html" in (project.clone.folder / "drift" / "local.html").read_text(encoding="utf-8")


def test_the_tenants_of_the_pipeline_are_those_of_the_repository() -> None:
    (matrix,) = PIPELINE[".tenants"]["parallel"]["matrix"]
    assert all((FILE.parent / "tenants" / f"{name}.yaml").is_file() for name in matrix["TENANT"])


def test_every_job_has_the_program_that_the_pipeline_names() -> None:
    assert PIPELINE["default"]["before_script"] == ['python -m pip install --quiet "$RECONCILER"']
    assert PIPELINE["variables"]["RECONCILER"].startswith("git+https://")
    assert all(JOBS[name].get("before_script") is None for name in JOBS)
