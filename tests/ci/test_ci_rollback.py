"""A rollback that somebody starts on GitHub, and what the pull request that made it necessary is told."""

from __future__ import annotations

import json

import pytest

from tests.ci.deploying import BOT, World, deployed_template, world
from tests.github.standin.state import Pull

__all__ = ["deployed_template", "world"]

Capture = pytest.CaptureFixture[str]
PAYLOAD = {"repository": {"default_branch": "main"}, "ref": "refs/heads/main"}
CHECK = "reconciler / rollback (local)"


@pytest.fixture
def bad(world: World) -> Pull:
    """A pull request that was merged and deployed."""
    pull = world.greeting("bad")
    world.shown(pull)
    world.merge(pull)
    assert world.deploy() == 0
    return pull


def rollback(world: World, *args: str) -> int:
    return world.job("rollback", *args, event="workflow_dispatch", payload=PAYLOAD)


def told(world: World, pull: Pull) -> list[str]:
    return [each.body for each in world.github.state.comments_on(pull.number) if each.author == BOT]


def test_the_pull_request_is_told_what_was_rolled_back_by_whom_and_to_what(world: World, bad: Pull) -> None:
    assert rollback(world, "greet", "--to", "1") == 0
    assert not world.runs().startswith("// bad")
    _, comment = told(world, bad)
    assert "### Rolled back in `local`" in comment and "By grace." in comment
    assert "greet runs version 1 of" in comment and "again, as version 3" in comment
    assert f"git revert {bad.sha[:12]}" in comment
    assert "actions/runs/4711" in comment


def test_a_rollback_has_a_check_a_deployment_and_outputs(world: World, bad: Pull) -> None:
    first = world.home.git("rev-list", "--max-parents=0", "HEAD")
    assert rollback(world, "--all", "--to", first) == 0
    assert world.check(CHECK).conclusion == "success"
    assert world.deployments[-1] == ("local", ["in_progress", "success"])
    (deployment,) = [each for each in world.github.state.deployments.values() if each.sha == first]
    assert deployment.statuses[-1].description == f"Rolled back in local: greet to version 1 of {first[:12]}."
    assert json.loads(world.outputs["deployed-versions"]) == [
        {"tenant": "local", "kind": "action", "name": "greet", "number": 3, "commit": first}
    ]
    assert (world.outputs["commit"], world.outputs["changes"], world.outputs["exit-code"]) == (first, "true", "0")
    assert "Rolled back in" in world.summary


def test_the_comment_of_a_rollback_is_one_however_often_it_is_done(world: World, bad: Pull) -> None:
    assert rollback(world, "greet", "--to", "1") == 0
    assert rollback(world, "greet", "--to", "1") == 0
    assert "Nothing to roll back in" in world.summary
    assert len(told(world, bad)) == 2


def test_what_was_rolled_back_from_is_not_deployed_again_by_the_next_merge(world: World, bad: Pull) -> None:
    assert rollback(world, "greet", "--to", "1") == 0
    pull = world.branch("next", "actions/guard/code.js", "exports.", "// next\nexports.")
    world.trial(pull, code=3)
    world.merge(pull)
    assert world.deploy() == 5
    assert not world.runs().startswith("// bad")


def test_a_rollback_that_has_no_way_back_fails_and_says_why(world: World, bad: Pull) -> None:
    assert rollback(world, "greet", "--to", "9") == 1
    assert world.check(CHECK).conclusion == "failure"
    assert len(told(world, bad)) == 1
    assert world.outputs["exit-code"] == "1"


def test_a_dry_run_of_a_rollback_writes_nowhere(world: World, bad: Pull) -> None:
    world.github.state.requests.clear()
    assert rollback(world, "greet", "--to", "1", "--dry-run") == 0
    assert world.runs().startswith("// bad")
    assert not world.github.state.requests
    assert "Dry run: nothing was rolled back" in world.summary


@pytest.mark.parametrize("args", [("--to", "1"), ("greet", "--all", "--to", "1"), ("", "--to", "1")])
def test_what_is_to_be_rolled_back_has_to_be_clear(world: World, args: tuple[str, ...]) -> None:
    assert rollback(world, *args) == 64


def test_a_comment_that_cannot_be_written_changes_nothing_of_the_rollback(
    world: World, bad: Pull, capsys: Capture
) -> None:
    for route in ("POST comments", "POST deployments", "POST check-runs", "POST statuses"):
        world.github.state.fail("answer", route, times=99, status=403, body={"message": "no"})
    assert rollback(world, "greet", "--to", "1") == 0
    assert not world.runs().startswith("// bad")
    assert "was not told" in capsys.readouterr().out
