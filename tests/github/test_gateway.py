"""What GitHub's answers mean, and what is written there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from reconciler.errors import GitHubError, GitHubRejected
from reconciler.github import mapping
from reconciler.github.answers import noun
from reconciler.github.gateway import GitHub
from reconciler.model.github import CommitStatus
from tests.github.description import example
from tests.github.opened import Clock, ask
from tests.github.standin import Served, State, Token, serving
from tests.github.standin.state import TOKEN

SHA, OTHER = "a1" * 20, "b2" * 20


@pytest.fixture
def github() -> Iterator[Served]:
    with serving(State(branches={"main": OTHER, "adopt": SHA})) as served:
        yield served


def test_a_branch_of_this_repository_is_no_fork(github: Served) -> None:
    ours = github.state.pull("topic", SHA)
    theirs = github.state.pull("patch-1", SHA, repository="mallory/identity")
    gone = github.state.pull("patch-2", SHA, repository=None)

    async def forks(opened: GitHub) -> list[bool]:
        return [(await opened.read_pull(each.number)).fork for each in (ours, theirs, gone)]

    assert ask(github.access(), forks) == [False, True, True]


def test_the_trial_merge_of_an_open_pull_request_is_no_merge(github: Served) -> None:
    pull = github.state.pull("topic", SHA)
    before = ask(github.access(), lambda opened: opened.read_pull(pull.number))
    github.state.merge(pull.number, OTHER, by="grace")
    after = ask(github.access(), lambda opened: opened.read_pull(pull.number))
    assert (before.merged, before.merged_at, before.merged_by) == ("", "", "")
    assert (after.merged, after.merged_at, after.merged_by) == (OTHER, "2026-11-23T12:00:02Z", "grace")
    assert after.url == f"https://github.com/acme/identity/pull/{pull.number}"


def test_a_commit_of_the_default_branch_belongs_to_what_brought_it_there(github: Served) -> None:
    merged, other = github.state.pull("topic", SHA), github.state.pull("stacked", "c3" * 20, commits=[SHA, OTHER])
    github.state.merge(merged.number, OTHER)

    async def numbers(opened: GitHub) -> list[list[int]]:
        return [[pull.number for pull in await opened.read_pulls_of(sha)] for sha in (OTHER, SHA, "d4" * 20)]

    assert ask(github.access(), numbers) == [[merged.number], [other.number, merged.number], []]


def test_pull_requests_of_where_this_repository_was_forked_from_are_none_of_ours(github: Served) -> None:
    github.state.merge(github.state.pull("topic", SHA).number, OTHER)
    path = f"/repos/acme/identity/commits/{OTHER}/pulls"
    there = httpx.get(github.url + path, headers={"Authorization": f"Bearer {TOKEN}"}).json()
    ours, upstream = there[0], json.loads(json.dumps(there[0]))
    ours["base"]["repo"]["full_name"] = "Acme/Identity"
    upstream["base"]["repo"]["full_name"] = "upstream/identity"
    github.state.fail("answer", "commits", body=[upstream, ours | {"number": 7}], times=9)
    assert [each.number for each in ask(github.access(), lambda opened: opened.read_pulls_of(OTHER))] == [7]


@pytest.mark.parametrize(("status", "words"), [(404, "Not Found"), (422, "No commit found for SHA")])
def test_a_commit_that_github_does_not_know_yet_is_asked_for_again(github: Served, status: int, words: str) -> None:
    github.state.fail("answer", "commits", status=status, body={"message": words}, times=2)
    pull, clock = github.state.pull("topic", SHA), Clock()
    found = ask(github.access(), lambda opened: opened.read_pulls_of(SHA), clock)
    assert ([each.number for each in found], clock.slept) == ([pull.number], [2, 4])
    github.state.fail("answer", "commits", status=status, body={"message": words}, times=9)
    with pytest.raises(GitHubError, match=words):
        ask(github.access(), lambda opened: opened.read_pulls_of(SHA))


def test_the_pull_request_of_a_branch_is_opened_once_then_updated(github: Served) -> None:
    first = ask(github.access(), lambda opened: opened.ensure_pull("adopt", "main", "Adopt", "old"))
    second = ask(github.access(), lambda opened: opened.ensure_pull("adopt", "main", "Adopt more", "new"))
    assert first.number == second.number
    assert [(pull.title, pull.body) for pull in github.state.pulls.values()] == [("Adopt more", "new")]


def test_a_pull_request_that_was_opened_though_the_answer_was_lost_is_found(github: Served) -> None:
    github.state.fail("502-after", "POST pulls")
    pull = ask(github.access(), lambda opened: opened.ensure_pull("adopt", "main", "Adopt", "text"))
    assert list(github.state.pulls) == [pull.number]


def test_a_branch_that_is_not_there_is_told_in_githubs_words(github: Served) -> None:
    with pytest.raises(GitHubRejected, match="PullRequest head invalid"):
        ask(github.access(), lambda opened: opened.ensure_pull("nowhere", "main", "t", "b"))


def test_pull_requests_are_no_issues(github: Served) -> None:
    github.state.pull("topic", SHA)
    issue = ask(github.access(), lambda opened: opened.create_issue("Drift", "table", ["drift"]))
    ask(github.access(), lambda opened: opened.create_issue("Another", "text"))
    found = ask(github.access(), lambda opened: opened.read_issues("drift"))
    assert [each.number for each in found] == [issue.number]
    assert ask(github.access(), lambda opened: opened.close_issue(issue.number)).open is False
    assert ask(github.access(), lambda opened: opened.read_issues("drift")) == ()
    assert [each.open for each in ask(github.access(), lambda opened: opened.read_issues("drift", "all"))] == [False]


def test_a_repository_without_issues_is_told(github: Served) -> None:
    github.state.issues_enabled = False
    with pytest.raises(GitHubRejected, match="410: Issues has been disabled"):
        ask(github.access(), lambda opened: opened.create_issue("Drift", "table"))


def test_every_check_of_a_name_is_read_whoever_wrote_it_newest_first(github: Served) -> None:
    github.state.tokens["app"] = Token("acme-deploys[bot]", "acme-deploys")

    async def check(opened: GitHub) -> None:
        await opened.create_check(SHA, "reconciler / plan (prod)", "success", "t", "s", external_id="sum")

    for token in (github.access().token, "app", github.access().token):
        ask(github.access(token), check)
    ask(github.access(), lambda opened: opened.create_check(SHA, "another", "success", "t", "s"))
    found = ask(github.access(), lambda opened: opened.read_checks(SHA, "reconciler / plan (prod)"))
    assert [each.app for each in found] == ["github-actions", "acme-deploys", "github-actions"]
    assert [each.id for each in found] == sorted((each.id for each in found), reverse=True)
    assert {each.external_id for each in found} == {"sum"}


def test_statuses_are_read_newest_first(github: Served) -> None:
    async def tell(opened: GitHub) -> None:
        for state in ("pending", "failure", "success"):
            await opened.create_status(SHA, CommitStatus.model_validate({"context": "reconciler", "state": state}))

    ask(github.access(), tell)
    found = ask(github.access(), lambda opened: opened.read_statuses(SHA))
    assert [each.state for each in found] == ["success", "failure", "pending"]
    assert {each.creator for each in found} == {"github-actions[bot]"}


def test_a_deployment_waits_for_no_check_and_merges_nothing(github: Served) -> None:
    async def deploy(opened: GitHub) -> int:
        await opened.create_check(SHA, "reconciler / apply (prod)", "failure", "t", "s")
        return (await opened.create_deployment(SHA, "prod", "2 versions", {"checksum": "sum"})).id

    made = github.state.deployments[ask(github.access(), deploy)]
    assert (made.sha, made.environment, made.payload) == (SHA, "prod", {"checksum": "sum"})
    assert github.state.requests[-1].json["auto_merge"] is False


PARSERS: dict[str, Any] = {
    "issue-comment": mapping.parse_comment,
    "check-run": mapping.parse_check,
    "status": mapping.parse_status,
    "pull-request": mapping.parse_pull,
    "issue": mapping.parse_issue,
    "deployment": mapping.parse_deployment,
}
NULLABLE = {
    "issue-comment": ("user",),
    "check-run": ("app", "external_id", "conclusion", "completed_at", "html_url"),
    "status": ("description", "creator"),
    "pull-request": ("merge_commit_sha", "merged_at", "merged_by"),
    "issue": ("user", "body"),
    "deployment": (),
}


@pytest.mark.parametrize(("name", "field"), [(name, field) for name in NULLABLE for field in NULLABLE[name]])
def test_what_github_may_leave_null_is_empty(name: str, field: str) -> None:
    PARSERS[name](example(name) | {field: None})


READ = {
    "issue-comment": ("id", "body", "user", "html_url"),
    "check-run": ("id", "name", "head_sha", "conclusion", "external_id", "app", "output", "completed_at", "html_url"),
    "status": ("context", "state", "description", "creator", "created_at"),
    "pull-request": ("number", "head", "base", "merged_at", "merge_commit_sha", "html_url"),
    "issue": ("number", "title", "body", "state", "user", "html_url"),
    "deployment": ("id", "sha", "environment", "url"),
}


@pytest.mark.parametrize(("name", "field"), [(name, field) for name in READ for field in READ[name]])
def test_an_answer_that_lacks_something_is_none(name: str, field: str) -> None:
    whole = example(name)
    del whole[field]
    with pytest.raises(GitHubRejected, match=r"unknown shape \(KeyError\)"):
        noun(PARSERS[name], whole)


def test_a_deleted_account_is_shown_as_github_shows_it() -> None:
    assert mapping.parse_comment(example("issue-comment") | {"user": None}).author == "ghost"
