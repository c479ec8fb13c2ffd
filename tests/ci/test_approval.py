"""What GitHub is asked for an approval, and what its failures come to."""

from __future__ import annotations

import asyncio

import pytest

from reconciler.errors import GitHubError, GitHubForbidden, GitHubRejected, GitHubUnreachable
from reconciler.github.access import open_github
from reconciler.model.approved import Approved, NothingApproved
from reconciler.model.pipeline import PipelineRun
from reconciler.run.ci.approval import read_approval
from reconciler.run.workplace import open_workplace
from reconciler.settings import Settings, now
from tests.ci.deploying import World, deployed_template, world
from tests.run.attempts import at_once

__all__ = ["deployed_template", "world"]

REFUSED = {"message": "Resource not accessible by integration"}


def approval(world: World, ref: str = "refs/heads/main") -> Approved | NothingApproved:
    commit = world.home.git("rev-parse", "HEAD")
    run = PipelineRun(event="push", repository="acme/identity", sha=commit, ref=ref)

    async def read() -> Approved | NothingApproved:
        async with open_github(world.github.access(), clock=now, sleep=at_once) as github:
            return await read_approval(place, run, github, commit, "local")

    with open_workplace(Settings(start=world.home.folder, environ={})) as place:
        return asyncio.run(read())


@pytest.fixture
def merged(world: World) -> World:
    """A pull request that was planned and merged."""
    pull = world.greeting()
    world.shown(pull)
    world.merge(pull)
    return world


def test_an_approval_names_who_merged_what(merged: World) -> None:
    found = approval(merged)
    assert isinstance(found, Approved) and found.pull is not None
    assert (found.by, found.title) == ("grace", "Plan: 0 to create, 1 to change, 0 to delete.")


@pytest.mark.parametrize("route", ["/pulls", "/pulls/1", "check-runs"])
@pytest.mark.parametrize(
    ("how", "error"), [("500", GitHubRejected), ("502", GitHubRejected), ("lost", GitHubUnreachable)]
)
def test_github_that_fails_is_never_taken_for_nothing_approved(
    merged: World, route: str, how: str, error: type[GitHubError]
) -> None:
    merged.github.state.fail(how, f"GET {route}", times=99)
    with pytest.raises(error):
        approval(merged)


@pytest.mark.parametrize("route", ["/pulls", "/pulls/1"])
def test_what_the_token_may_not_read_is_an_error(merged: World, route: str) -> None:
    merged.github.state.fail("answer", f"GET {route}", times=99, status=403, body=REFUSED)
    with pytest.raises(GitHubForbidden):
        approval(merged)


def test_a_moment_of_trouble_is_waited_for(merged: World) -> None:
    merged.github.state.fail("500", "GET check-runs", times=2)
    assert isinstance(approval(merged), Approved)


def test_where_the_token_may_read_checks_and_no_statuses_a_check_is_enough(merged: World) -> None:
    merged.github.state.fail("answer", "GET statuses", times=99, status=403, body=REFUSED)
    assert isinstance(approval(merged), Approved)
    merged.github.state.checks.clear()
    found = approval(merged)
    assert isinstance(found, NothingApproved) and "is not known" in found.why


def test_statuses_are_not_asked_for_where_a_check_tells(merged: World) -> None:
    merged.github.state.requests.clear()
    approval(merged)
    assert not [each.path for each in merged.github.state.requests if each.path.endswith("/statuses")]


def test_where_neither_checks_nor_statuses_can_be_read_nobody_knows(merged: World) -> None:
    merged.github.state.fail("answer", "GET check-runs", times=99, status=403, body=REFUSED)
    merged.github.state.fail("answer", "GET statuses", times=99, status=403, body=REFUSED)
    with pytest.raises(GitHubForbidden):
        approval(merged)


@pytest.mark.parametrize("ref", ["refs/heads/release", "refs/tags/v1", "refs/pull/1/merge", ""])
def test_only_a_merge_into_the_branch_that_is_deployed_is_looked_for(merged: World, ref: str) -> None:
    assert isinstance(approval(merged, ref), NothingApproved)


def test_an_open_pull_request_that_holds_the_commit_approves_nothing(world: World) -> None:
    pull = world.greeting()
    world.shown(pull)
    world.home.git("merge", "-q", "--ff-only", pull.branch)
    assert world.home.git("rev-parse", "HEAD") == pull.sha
    assert isinstance(approval(world), NothingApproved)


def test_a_token_of_nobody_is_an_error(merged: World) -> None:
    merged.github.state.tokens.clear()
    with pytest.raises(GitHubForbidden):
        approval(merged)
