"""What a run of a workflow is known to be, from the runner's variables and the event."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reconciler.errors import InvalidInput
from reconciler.github.event import load_run
from reconciler.model.pipeline import PipelineRun
from tests.github.events import event, from_a_fork, merged

SHA = "f" * 40


def variables(folder: Path, name: str, payload: Any = None, **more: str) -> dict[str, str]:
    """What a runner sets for an event."""
    told = {"GITHUB_REPOSITORY": "Codertocat/Hello-World", "GITHUB_EVENT_NAME": name, "GITHUB_SHA": SHA}
    if payload is not None:
        path = folder / "event.json"
        path.write_text(payload if isinstance(payload, str) else json.dumps(payload), encoding="utf-8")
        told["GITHUB_EVENT_PATH"] = str(path)
    return told | more


def test_a_pull_request_is_known_by_its_head(tmp_path: Path) -> None:
    run = load_run(variables(tmp_path, "pull_request", event("pull_request.opened"), GITHUB_REF="refs/pull/2/merge"))
    assert run.pull
    assert (run.pull.number, run.pull.base, run.pull.fork, run.trusted) == (2, "master", False, True)
    assert run.subject == run.pull.head == "ec26c3e57ca3a959ca5aad62de7213c562f8c821"
    assert (run.sha, run.default_branch) == (SHA, "master")


@pytest.mark.parametrize("name", ["pull_request", "pull_request_review", "pull_request_review_comment"])
def test_a_fork_gets_no_secrets(tmp_path: Path, name: str) -> None:
    run = load_run(variables(tmp_path, name, from_a_fork(event("pull_request.opened"))))
    assert (run.pull and run.pull.fork, run.trusted) == (True, False)


def test_a_fork_that_was_deleted_is_a_fork(tmp_path: Path) -> None:
    payload = event("pull_request.opened")
    payload["pull_request"]["head"]["repo"] = None
    run = load_run(variables(tmp_path, "pull_request", payload))
    assert (run.pull and run.pull.fork, run.trusted) == (True, False)


def test_pull_request_target_is_given_secrets_whoever_opened_it(tmp_path: Path) -> None:
    run = load_run(variables(tmp_path, "pull_request_target", from_a_fork(event("pull_request.opened"))))
    assert (run.pull and run.pull.fork, run.trusted) == (True, True)


@pytest.mark.parametrize(("there", "fork"), [("mallory/identity", "mallory/identity"), ("Acme/Identity", "")])
def test_a_run_after_one_of_a_fork_is_told_from_one_of_our_own(tmp_path: Path, there: str, fork: str) -> None:
    payload = {"workflow_run": {"head_repository": {"full_name": there}}}
    run = load_run(variables(tmp_path, "workflow_run", payload, GITHUB_REPOSITORY="acme/identity"))
    assert run.fork == fork
    assert load_run(variables(tmp_path, "push", payload)).fork == ""


@pytest.mark.parametrize(("name", "trusted"), [("pull_request", False), ("push", False), ("schedule", True)])
def test_dependabot_gets_no_secrets(tmp_path: Path, name: str, trusted: bool) -> None:
    payload = event("pull_request.opened") if name == "pull_request" else {}
    assert load_run(variables(tmp_path, name, payload, GITHUB_ACTOR="dependabot[bot]")).trusted is trusted


def test_a_merged_pull_request_names_the_commit_of_its_merge(tmp_path: Path) -> None:
    run = load_run(variables(tmp_path, "pull_request", merged(event("pull_request.closed"), "a" * 40)))
    assert run.pull and run.pull.merged == "a" * 40
    open_still = load_run(variables(tmp_path, "pull_request", event("pull_request.closed")))
    assert open_still.pull and open_still.pull.merged == ""


@pytest.mark.parametrize("name", ["push", "merge_group", "workflow_dispatch", "schedule"])
def test_any_other_event_belongs_to_the_commit_that_is_checked_out(tmp_path: Path, name: str) -> None:
    run = load_run(variables(tmp_path, name, event(name)))
    assert (run.event, run.subject, run.pull, run.trusted) == (name, SHA, None, True)


def test_a_push_tells_what_there_was_before(tmp_path: Path) -> None:
    assert load_run(variables(tmp_path, "push", event("push") | {"before": "b" * 40})).before == "b" * 40


def test_the_page_of_the_run_is_that_of_the_attempt(tmp_path: Path) -> None:
    more = {"GITHUB_SERVER_URL": "https://git.acme.example", "GITHUB_RUN_ID": "4711", "GITHUB_RUN_ATTEMPT": "3"}
    url = load_run(variables(tmp_path, "schedule", {}, **more)).url
    assert url == "https://git.acme.example/Codertocat/Hello-World/actions/runs/4711/attempts/3"


def test_away_from_github_there_is_no_run() -> None:
    assert load_run({}) == PipelineRun()


@pytest.mark.parametrize(
    ("payload", "place", "told"),
    [
        ("{\n  oops", ":2:3: ", "it is no JSON"),
        ("[]", ": ", "it is no object"),
        ("{}", ": ", "it does not say 'pull_request'"),
        ('{"pull_request": {}}', ": ", "it does not say 'head'"),
        ('{"pull_request": null}', ": ", "not told as GitHub tells one"),
        ('{"pull_request": {"head": {"sha": 1}}}', ": ", "it does not say 'base'"),
    ],
)
def test_an_odd_payload_is_told_with_its_place(tmp_path: Path, payload: str, place: str, told: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        load_run(variables(tmp_path, "pull_request", payload))
    (problem,) = caught.value.diagnostics
    assert str(problem).startswith(f"{tmp_path / 'event.json'}{place}")
    assert told in problem.message


def test_a_payload_that_is_missing_is_told_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as caught:
        load_run(variables(tmp_path, "push", GITHUB_EVENT_PATH=str(tmp_path / "none.json")))
    assert "none.json: this event cannot be used: it cannot be read" in str(caught.value.diagnostics[0])


def test_a_pull_request_without_a_payload_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as caught:
        load_run(variables(tmp_path, "pull_request"))
    assert str(caught.value.diagnostics[0]).startswith("GITHUB_EVENT_PATH: ")


def test_variables_that_are_not_githubs_are_all_told(tmp_path: Path) -> None:
    more = {"GITHUB_REPOSITORY": "../admin", "GITHUB_SHA": "main", "GITHUB_RUN_ID": "x", "GITHUB_SERVER_URL": "evil"}
    with pytest.raises(InvalidInput) as caught:
        load_run(variables(tmp_path, "push", {}, **more))
    named = [each.span.file for each in caught.value.diagnostics]
    assert named == ["GITHUB_REPOSITORY", "GITHUB_RUN_ID", "GITHUB_SERVER_URL", "GITHUB_SHA"]
