"""A guard that refuses is told in a pipeline as it is at home, with a way on that a pipeline has."""

from __future__ import annotations

from tests.ci.deploying import World, deployed_template, world

__all__ = ["deployed_template", "world"]

ALLOWED = ("--allow", "bound-delete", "--allow", "empty-flow", "--allow", "many-deletes")
WAY_ON = f"gh workflow run deploy.yml -f tenant=local -f checksum={{}} -f 'args={' '.join(ALLOWED)}'"


def test_a_guard_that_refuses_is_told_with_the_plan_that_nobody_approved(world: World) -> None:
    world.home.git("rm", "-rq", "actions/greet", "actions/guard", "flows")
    world.home.commit("take all away")
    assert world.deploy("--dry-run") == 0
    assert "Refused by **bound-delete**" in world.summary
    assert world.deploy() == 5
    line = WAY_ON.format(world.outputs["checksum"])
    assert "Refused by **bound-delete**" in world.summary and line in world.summary


def test_a_refusal_of_what_was_approved_says_how_it_is_let_pass_for_once(world: World) -> None:
    world.home.git("rm", "-rq", "actions/greet", "actions/guard", "flows")
    world.home.commit("take all away")
    assert world.deploy() == 5
    checksum = world.outputs["checksum"]
    assert world.deploy("--checksum", checksum, event="workflow_dispatch") == 3
    assert "is allowed in the tenant's file, with a reason" in world.summary
    assert WAY_ON.format(checksum) in world.summary
    assert world.deploy("--checksum", checksum, *ALLOWED, event="workflow_dispatch") == 0
    assert "### Applied" in world.summary
