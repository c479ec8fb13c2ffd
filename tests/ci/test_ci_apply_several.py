"""Several tenants in one job, and several pull requests in one push."""

from __future__ import annotations

import json

import pytest

from tests.ci.deploying import World, deployed_template, world
from tests.ci.test_ci_apply import edits_greet

__all__ = ["deployed_template", "world"]

Capture = pytest.CaptureFixture[str]
APPLY = "reconciler / apply ({})"


@pytest.fixture
def both(world: World) -> World:
    """A repository whose commits reach staging before local, with its first commit in both."""
    world.home.write("tenants/staging.yaml", (world.home.folder / "tenants/local.yaml").read_text(encoding="utf-8"))
    world.home.write("reconciler.yaml", "name: acme\npromote: [staging, local]\n")
    world.home.commit("staging comes first")
    assert world.home.reconciler("apply", "--yes", "--tenant", "staging") == 0
    world.tenant = "local,staging"
    return world


def conclusions(world: World) -> dict[str, str | None]:
    return {tenant: world.check(APPLY.format(tenant)).conclusion for tenant in ("staging", "local")}


def test_tenants_have_their_turns_in_the_order_of_promotion(both: World) -> None:
    pull = both.greeting()
    both.trial(pull)
    commit = both.merge(pull)
    assert both.deploy() == 0
    assert both.deployments == [("staging", ["in_progress", "success"]), ("local", ["in_progress", "success"])]
    assert [(each["tenant"], each["commit"]) for each in json.loads(both.outputs["deployed-versions"])] == [
        ("staging", commit),
        ("local", commit),
    ]
    comments = [each.body for each in both.github.state.comments_on(pull.number)]
    assert len(comments) == 2 and all("### Applied" in each for each in comments)


def test_after_a_tenant_that_was_refused_the_next_is_not_tried(both: World) -> None:
    pull = both.greeting()
    both.trial(pull)
    both.merge(pull)
    both.moves(edits_greet, "staging")
    assert both.deploy() == 5
    assert conclusions(both) == {"staging": "failure", "local": "neutral"}
    assert [environment for environment, _ in both.deployments] == ["staging"]
    assert not both.runs().startswith("// hello")
    assert any("`staging` comes before it and failed" in each.body for each in both.github.state.comments.values())


def test_with_keep_going_the_guard_still_keeps_a_commit_from_passing_over_a_tenant(both: World) -> None:
    pull = both.greeting()
    both.trial(pull)
    both.merge(pull)
    both.moves(edits_greet, "staging")
    assert both.deploy("--keep-going") == 5
    assert conclusions(both) == {"staging": "failure", "local": "failure"}
    assert not both.runs().startswith("// hello")


def test_a_checksum_is_that_of_one_tenant(both: World) -> None:
    assert both.deploy("--checksum", "0" * 64) == 64


def test_every_pull_request_of_one_push_is_told(world: World) -> None:
    first, second = world.greeting("one"), world.branch("two", "actions/guard/code.js", "exports.", "// two\nexports.")
    before = world.home.git("rev-parse", "HEAD")
    world.merge(first)
    world.trial(second)  # whose branch was brought up to date, so that its plan holds both
    world.merge(second)
    world.before = before
    assert world.deploy() == 0
    assert "### Applied" in world.told(first) and "### Applied" in world.told(second)
    assert "`greet` | 2" in world.told(first) and "`guard` | 2" in world.told(first)


def test_a_git_that_cannot_tell_what_was_pushed_changes_nothing_of_the_deploy(world: World, capsys: Capture) -> None:
    pull = world.greeting()
    world.shown(pull)
    world.merge(pull)
    world.before = "-no-commit"
    assert world.deploy() == 0
    assert "No pull request is told of this: Git refused: " in "".join(capsys.readouterr())


def test_a_push_of_a_branch_that_is_new_here_tells_the_newest_pull_request_only(world: World) -> None:
    pull = world.greeting()
    world.shown(pull)
    world.merge(pull)
    world.before = "0" * 40
    assert world.deploy() == 0
    assert "### Applied" in world.told(pull)
