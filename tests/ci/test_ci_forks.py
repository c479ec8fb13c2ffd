"""Pull requests of strangers: no secrets, no tenant, and nothing of theirs where secrets are."""

from __future__ import annotations

import pytest

from tests.ci.job import Job
from tests.github.standin.state import READ_ONLY, TOKEN

CHECK = "reconciler / plan (local)"


def branch_out(job: Job) -> None:
    """A branch that changes an action, beside origin/main."""
    job.home.git("update-ref", "refs/remotes/origin/main", "main")
    job.home.git("checkout", "-q", "-b", "change")
    job.home.change("actions/guard/code.js", "not you", "nor you")
    job.home.commit("say it better")


def test_a_fork_is_planned_against_its_base_without_a_key(job: Job) -> None:
    branch_out(job)
    (job.home.folder / "age-key.txt").unlink()
    job.github.state.tokens[TOKEN] = READ_ONLY
    job.start_pull(fork=True)
    assert job.run("plan") == 0
    assert "origin/main" in job.summary
    assert "nor you" in job.summary
    assert (job.outputs["checksum"], job.outputs["to-change"]) == ("", "1")
    assert job.comments == []


def test_a_fork_whose_token_may_write_gets_a_check_that_approves_nothing(job: Job) -> None:
    branch_out(job)
    job.start_pull(fork=True)
    assert job.run("plan") == 0
    assert job.checks[CHECK].external_id == ""
    assert "origin/main" in job.comments[0].body


def test_dependabot_is_planned_against_its_base(job: Job) -> None:
    branch_out(job)
    job.start_pull(GITHUB_ACTOR="dependabot[bot]")
    assert job.run("plan") == 0
    assert job.outputs["checksum"] == ""


@pytest.mark.parametrize("command", ["plan", "test"])
def test_a_fork_is_refused_where_secrets_are(job: Job, command: str) -> None:
    branch_out(job)
    job.start_pull(fork=True, name="pull_request_target")
    assert job.run(command) == 3
    check = job.checks[CHECK if command == "plan" else "reconciler / test"]
    assert check.conclusion == "failure"
    assert "is given secrets" in (check.summary or "")
    assert "Start the workflow with" in job.summary


@pytest.mark.parametrize("command", ["plan", "test", "apply", "rollback"])
def test_what_a_run_of_a_fork_started_is_refused_where_secrets_are(job: Job, command: str) -> None:
    job.start("workflow_run", {"workflow_run": {"head_repository": {"full_name": "mallory/identity"}}})
    words = ("greet", "--to", "1") if command == "rollback" else ()
    assert job.run(command, *words) == 3
    assert "a run of the fork mallory/identity started this one" in job.log


def test_files_of_a_fork_are_looked_at_where_secrets_are(job: Job) -> None:
    job.start_pull(fork=True, name="pull_request_target")
    assert job.run("validate") == 0


def test_ones_own_branch_is_planned_where_secrets_are(job: Job) -> None:
    job.start_pull(name="pull_request_target")
    assert job.run("plan") == 0
    assert job.checks[CHECK].external_id == job.outputs["checksum"] != ""
