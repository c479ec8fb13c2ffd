"""A merge applies exactly the plan that the pull request showed, and says there what came of it."""

from __future__ import annotations

import json

import pytest

from tests.ci.deploying import World, deployed_template, world
from tests.run.attempts import Scene

__all__ = ["deployed_template", "world"]

Capture = pytest.CaptureFixture[str]


async def edits_greet(made: Scene) -> None:
    greet = await made.other.read_action_named("greet")
    assert greet is not None
    await made.other.update_draft(
        greet.id, greet.draft.content.model_copy(update={"code": "// by hand\n"}), greet.draft.provenance
    )


@pytest.mark.parametrize("how", ["merge", "squash", "rebase"])
def test_a_merge_applies_the_plan_that_was_approved(world: World, how: str) -> None:
    pull = world.greeting()
    approved = world.shown(pull)
    commit = world.merge(pull, how)
    assert world.deploy() == 0
    assert world.runs().startswith("// hello")
    assert world.check().conclusion == "success"
    assert world.deployments == [("local", ["in_progress", "success"])]
    assert json.loads(world.outputs["deployed-versions"]) == [
        {"tenant": "local", "kind": "action", "name": "greet", "number": 2, "commit": commit}
    ]
    assert (world.outputs["commit"], world.outputs["checksum"]) == (commit, approved)
    assert (world.outputs["changes"], world.outputs["to-change"], world.outputs["exit-code"]) == ("true", "1", "0")


def test_the_pull_request_is_told_which_versions_its_merge_made(world: World) -> None:
    pull = world.greeting()
    world.shown(pull)
    commit = world.merge(pull)
    world.deploy()
    told = world.told(pull)
    assert f"### Applied `{commit[:12]}` to `local`" in told
    assert f"| `greet` | 2 | `{commit[:12]}` |" in told
    assert f"Approved with #{pull.number}, merged by grace." in told
    assert "actions/runs/4711/attempts/1" in told
    assert (
        told.index("Applied") < told.index("<details><summary>The plan as it was shown before") < told.index("### Plan")
    )
    assert len(world.github.state.comments_on(pull.number)) == 1
