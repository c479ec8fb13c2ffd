"""What the workflow files and the action say, whatever runs them."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from reconciler.run.ci.outputs import OUTPUTS
from tests.workflows.documents import ACTION, EXAMPLES, ROOT, WORKFLOWS, load, name_of
from tests.workflows.evaluator import Evaluator

PINNED = re.compile(r"uses: +[\w.-]+/[\w./-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+$")
OURS = re.compile(r"acme/reconciler/\.github/actions/reconcile@([0-9a-f]{40})")
EVERY_FILE = pytest.mark.parametrize("path", [ACTION, *WORKFLOWS], ids=name_of)
EVERY_WORKFLOW = pytest.mark.parametrize("path", WORKFLOWS, ids=name_of)
EVERY_EXAMPLE = pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yml")), ids=name_of)
INPUTS = {"command", "tenant", "repo-dir", "args", "comment", "fail-on", "checksum", "github-token"}


def test_there_are_a_workflow_for_pull_requests_one_for_deploys_and_one_for_drift() -> None:
    assert {path.name for path in EXAMPLES.iterdir()} == {"pull-request.yml", "deploy.yml", "drift.yml"}


def test_the_action_uses_no_other_action() -> None:
    assert not [step for step in load(ACTION)["runs"]["steps"] if "uses" in step]


@EVERY_WORKFLOW
def test_every_action_is_pinned_to_a_commit_and_says_its_version(path: Path) -> None:
    lines = [line.strip().removeprefix("- ") for line in path.read_text(encoding="utf-8").splitlines()]
    used = [line for line in lines if line.startswith("uses:")]
    assert used and not [line for line in used if not PINNED.fullmatch(line)]


@EVERY_FILE
def test_no_script_is_put_together_from_expressions(path: Path) -> None:
    assert not [step["run"] for step in steps(path) if "${{" in step.get("run", "")]


@EVERY_WORKFLOW
def test_every_job_names_its_permissions_and_its_time(path: Path) -> None:
    document = load(path)
    assert document["permissions"] == {}
    for job in document["jobs"].values():
        assert job["permissions"] and job["timeout-minutes"] <= 60


@EVERY_WORKFLOW
def test_every_checkout_leaves_no_token_behind(path: Path) -> None:
    checkouts = [step for step in steps(path) if step.get("uses", "").startswith("actions/checkout@")]
    assert checkouts and all(step["with"]["persist-credentials"] is False for step in checkouts)


@EVERY_EXAMPLE
def test_every_checkout_has_the_whole_history(path: Path) -> None:
    checkouts = [step for step in steps(path) if step.get("uses", "").startswith("actions/checkout@")]
    assert all(step["with"]["fetch-depth"] == 0 for step in checkouts)


@EVERY_EXAMPLE
def test_secrets_are_given_only_to_steps_of_jobs_that_name_an_environment(path: Path) -> None:
    document = load(path)
    assert "secrets." not in str({name: value for name, value in document.items() if name != "jobs"})
    for job in document["jobs"].values():
        outside = {name: value for name, value in job.items() if name != "steps"}
        assert "secrets." not in str(outside)
        assert "environment" in job or "secrets." not in str(job["steps"])


@EVERY_EXAMPLE
def test_the_commit_of_the_action_is_the_same_wherever_it_is_named(path: Path) -> None:
    text = "".join(file.read_text(encoding="utf-8") for file in EXAMPLES.iterdir())
    assert set(OURS.findall(path.read_text(encoding="utf-8"))) == set(OURS.findall(text))
    assert len(set(OURS.findall(text))) == 1


def test_the_commit_of_the_action_is_one_of_this_history_that_holds_it() -> None:
    (commit,) = set(OURS.findall((EXAMPLES / "deploy.yml").read_text(encoding="utf-8")))
    if git("rev-parse", "--is-shallow-repository") != "false":
        pytest.skip("this clone has not the whole history")
    assert git("merge-base", "--is-ancestor", commit, "HEAD") == ""
    assert git("ls-tree", "--name-only", commit, name_of(ACTION)) == name_of(ACTION)


@EVERY_EXAMPLE
def test_a_workflow_gives_only_inputs_that_the_action_has_at_that_commit(path: Path) -> None:
    (commit,) = set(OURS.findall(path.read_text(encoding="utf-8")))
    if git("rev-parse", "--is-shallow-repository") != "false":
        pytest.skip("this clone has not the whole history")
    known = YAML(typ="safe", pure=True).load(git("show", f"{commit}:{name_of(ACTION)}"))["inputs"]
    given = [step["with"] for step in steps(path) if OURS.fullmatch(step.get("uses", ""))]
    assert given and not [each for each in given if set(each) - set(known)]


def test_a_pull_request_that_gets_commits_needs_its_older_run_no_more() -> None:
    concurrency = load(EXAMPLES / "pull-request.yml")["concurrency"]
    assert "github.ref" in concurrency["group"] and concurrency["cancel-in-progress"] is True


def test_a_deploy_is_never_stopped_midway_nor_met_by_another_one_of_its_tenant() -> None:
    document = load(EXAMPLES / "deploy.yml")
    concurrency = document["jobs"]["deploy"]["concurrency"]
    assert concurrency["group"] == "reconciler-${{ matrix.tenant }}" and concurrency["cancel-in-progress"] is False
    assert "concurrency" not in document


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, []),
        ({"args": "--allow empty-flow --allow token"}, ["--allow", "empty-flow", "--allow", "token"]),
        ({"command": "rollback", "action": "a b", "to": "-1"}, ["--to=-1", "--", "a b"]),
        ({"command": "rollback", "action": "", "to": "main~1", "args": "--all"}, ["--all", "--to=main~1", "--"]),
    ],
)
def test_what_a_person_gives_a_deploy_by_hand_reaches_the_command(
    evaluator: Evaluator, given: dict[str, str], words: list[str]
) -> None:
    step = load(EXAMPLES / "deploy.yml")["jobs"]["deploy"]["steps"][1]
    assert shlex.split(evaluator.text(step["with"]["args"], {"inputs": given})) == words


def test_tenants_are_deployed_to_one_after_the_other_until_one_fails() -> None:
    job = load(EXAMPLES / "deploy.yml")["jobs"]["deploy"]
    assert job["strategy"]["max-parallel"] == 1 and job["strategy"]["fail-fast"] is True
    assert job["environment"]["name"] == "${{ matrix.environment }}"


@pytest.mark.parametrize(
    ("permission", "jobs"),
    [
        ("deployments", {"deploy.yml deploy"}),
        ("issues", {"drift.yml drift", "drift.yml adopt"}),
        ("contents", {"drift.yml adopt"}),
    ],
)
def test_only_who_needs_it_may_write(permission: str, jobs: set[str]) -> None:
    files = {path.name: load(path)["jobs"] for path in EXAMPLES.iterdir()}
    asked = {f"{file} {name}": job["permissions"] for file, jobs in files.items() for name, job in jobs.items()}
    assert {where for where, permissions in asked.items() if permissions.get(permission) == "write"} == jobs


@EVERY_EXAMPLE
def test_a_job_has_the_permissions_that_are_documented_for_its_command(path: Path) -> None:
    documented = permissions_by_command()
    for job in load(path)["jobs"].values():
        (given,) = [step["with"] for step in job["steps"] if OURS.fullmatch(step.get("uses", ""))]
        commands = ["apply", "rollback"] if "${{" in given["command"] else [given["command"]]
        for command in commands:
            allowed = documented["drift --adopt-pr" if "--adopt-pr" in given.get("args", "") else command]
            unused = {"pull-requests"} if given.get("comment") == "never" else set()
            assert set(job["permissions"].items()) == {each for each in allowed.items() if each[0] not in unused}


def test_the_inputs_are_those_that_are_documented() -> None:
    action = load(ACTION)
    assert set(action["inputs"]) == INPUTS == set(table("Inputs"))
    assert action["inputs"]["github-token"]["default"] == "${{ github.token }}"


def test_the_outputs_are_those_that_the_tool_writes_and_that_are_documented() -> None:
    action = load(ACTION)
    assert list(action["outputs"]) == list(OUTPUTS) == table("Outputs")
    for name, output in action["outputs"].items():
        assert output["value"] == f"${{{{ steps.run.outputs.{name} }}}}"


def test_every_input_reaches_the_script_by_its_environment() -> None:
    environ = load(ACTION)["runs"]["steps"][-1]["env"]
    given = {re.fullmatch(r"\$\{\{ inputs\.(\S+) \}\}", value) for value in environ.values()}
    assert {found[1] for found in given if found} == INPUTS
    for name in INPUTS - {"github-token"}:
        assert environ[f"INPUT_{name.upper().replace('-', '_')}"] == f"${{{{ inputs.{name} }}}}"


def test_the_script_of_the_action_imports_nothing_that_python_does_not_bring() -> None:
    tree = ast.parse((ACTION.parent / "run.py").read_text(encoding="utf-8"))
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    assert imported == {"os", "shlex", "signal", "subprocess", "sys"}


def steps(path: Path) -> list[dict[str, Any]]:
    """Every step of a workflow or of an action."""
    document = load(path)
    jobs = document["jobs"].values() if "jobs" in document else [document["runs"]]
    return [step for job in jobs for step in job["steps"]]


def table(heading: str) -> list[str]:
    """The names in the first column of the table below a heading of the action's README."""
    text = (ACTION.parent / "README.md").read_text(encoding="utf-8")
    return re.findall(r"^\| `([\w-]+)` \|", text.split(f"## {heading}\n")[1].split("\n## ")[0], re.MULTILINE)


def permissions_by_command() -> dict[str, dict[str, str]]:
    """What the action's README says that each command needs."""
    text = (ACTION.parent / "README.md").read_text(encoding="utf-8").split("## Permissions\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (`.+?) \| (.+) \|$", text, re.MULTILINE)
    return {
        command: dict(re.findall(r"`([\w-]+): (\w+)`", needed))
        for commands, needed in rows
        for command in commands.replace("`", "").replace(" with ", " ").split(", ")
    }


def git(*words: str) -> str:
    """What git says of this project; it must succeed."""
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
