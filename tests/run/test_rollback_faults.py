"""A rollback is all or nothing, like any apply: whichever write fails, what ran before runs again (law 5)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import Any

import pytest

from reconciler.engine import normalize, planner, rollback
from reconciler.engine.rolled_back import is_rolled_back
from reconciler.engine.way_back import Picked
from reconciler.errors import ApplyFailed, Refused, StalePlan
from reconciler.local.wire.faults import Do
from reconciler.model.plan import Plan
from reconciler.model.tenant import Live, LiveAction, Version
from reconciler.run.apply import apply
from tests.run.attempts import FLOW, Scene, attempt, hands_of, in_scene, what_runs
from tests.run.conftest import Home

GOES_LIVE_SECONDS = 0.1
HOTFIX = "exports.onExecutePostLogin = async () => { /* hotfix */ };\n"


@dataclass(frozen=True)
class Ending:
    """A rollback to the first versions, and what a plan of the newest commit says afterwards."""

    before: Live
    after: Live
    writes: list[str]
    failure: ApplyFailed | None
    pending: Plan

    def version(self, name: str) -> Version:
        """What runs of an action."""
        action = self.after.action(name)
        assert action is not None and action.version is not None
        return action.version


@pytest.fixture
def twice(home: Home) -> Home:
    """Two commits that were applied; the second changed two actions, and a secret of one of them."""
    assert attempt(home, "HEAD").failure is None
    for name in ("greet", "guard"):
        home.change(f"actions/{name}/code.js", "exports.", "// second\nexports.")
    home.change("actions/greet/action.yaml", "info", "debug")
    home.commit("second")
    assert attempt(home, "HEAD").failure is None
    return home


async def rolled_back(made: Scene, **hands: Any) -> Ending:
    """Rolls both actions back to their first versions."""
    before = await made.other.read_live([FLOW])
    histories = await made.other.read_histories(before.actions)
    picked = {name: Picked(version=versions[-1], versions=versions) for name, versions in histories.items()}
    first = picked["greet"].version.provenance
    assert first is not None

    def replan(live: Live) -> Plan:
        return rollback.plan(picked, live, repo="acme", tenant="local", commit=first.commit, tool="test")

    failure = None
    try:
        await apply(replan(before), replace(hands_of(made), **{"replan": replan} | hands))
    except ApplyFailed as failed:
        failure = failed
    await made.faults.aclose()
    after = await made.other.read_live([FLOW])
    return Ending(before, after, made.way.writes, failure, planner.plan(made.loaded.desired, after, tool="test"))


# greet, guard
@pytest.mark.parametrize("at", [1, 2])
@pytest.mark.parametrize("do", [500, "drop-before"])
def test_whichever_write_fails_what_ran_before_runs_again(twice: Home, at: int, do: Do) -> None:
    ending: Ending = in_scene(twice, "HEAD", rolled_back, at=at, do=do)
    assert ending.failure is not None and ending.failure.left == ()
    assert what_runs(ending.after) == what_runs(ending.before)
    assert ending.pending.empty
    assert not any(is_rolled_back(ending.version(name)) for name in ("greet", "guard"))


@pytest.mark.parametrize("at", [1, 2])
def test_a_write_whose_answer_is_lost_is_settled_by_reading(twice: Home, at: int) -> None:
    ending: Ending = in_scene(twice, "HEAD", rolled_back, at=at, do="drop-after")
    assert ending.failure is None
    assert [write.rpartition("/")[2] for write in ending.writes] == ["deploy", "deploy"]
    assert [ending.version(name).number for name in ("greet", "guard")] == [3, 3]


def test_a_rollback_brings_draft_and_secrets_back(twice: Home) -> None:
    ending: Ending = in_scene(twice, "HEAD", rolled_back)
    assert ending.failure is None
    greet = ending.after.action("greet")
    assert greet is not None
    assert (greet.draft.content, greet.draft.provenance) == (
        ending.version("greet").content,
        ending.version("greet").provenance,
    )
    assert [version.number for version in greet.later] == [2]
    assert {change.name: change.why.reasons for change in ending.pending.actions} == {
        "greet": ("code", "secrets"),
        "guard": ("code",),
    }


async def changed_by_hand(made: Scene, *, deployed: bool) -> LiveAction:
    """Somebody writes other code into the dashboard."""
    there = (await made.other.read_live([FLOW])).action("greet")
    assert there is not None
    content = there.draft.content.model_copy(update={"code": HOTFIX})
    await made.other.update_draft(there.id, content, None)
    if deployed:
        await made.other.deploy(there.id)
        await asyncio.sleep(GOES_LIVE_SECONDS)
    return there


def test_an_edited_draft_is_put_back_when_the_rollback_fails(twice: Home) -> None:
    async def played(made: Scene) -> Ending:
        await changed_by_hand(made, deployed=False)
        return await rolled_back(made)

    ending = in_scene(twice, "HEAD", played, at=2, do=500)
    assert ending.failure is not None
    greet = ending.after.action("greet")
    assert greet.draft.content.code == normalize.text(HOTFIX)
    assert what_runs(ending.after) == what_runs(ending.before)


def test_a_deploy_by_somebody_else_in_between_is_noticed_and_stays(twice: Home) -> None:
    async def played(made: Scene) -> Ending:
        async def meanwhile() -> None:
            await changed_by_hand(made, deployed=True)

        made.way.meanwhile = meanwhile
        return await rolled_back(made)

    ending = in_scene(twice, "HEAD", played, at=1)
    assert "greet became version 4 instead of 3" in ending.failure.message
    assert ending.version("greet").content.code == normalize.text(HOTFIX)
    assert ending.version("guard").number == 2


def test_a_tenant_that_moved_before_the_first_write_is_left_alone(twice: Home) -> None:
    async def played(made: Scene) -> list[str]:
        async def takes_long(names: object) -> None:
            await changed_by_hand(made, deployed=True)

        with pytest.raises(StalePlan):
            await rolled_back(made, test=takes_long)
        return made.way.writes

    assert in_scene(twice, "HEAD", played) == []


def test_a_stop_is_undone(twice: Home) -> None:
    async def played(made: Scene) -> Ending:
        task = asyncio.current_task()
        assert task is not None

        async def stop() -> None:
            asyncio.get_running_loop().call_later(0.05, task.cancel)

        made.way.meanwhile = stop
        return await rolled_back(made)

    ending = in_scene(twice, "HEAD", played, at=2, do="slow")
    assert ending.failure is not None and "Stopped" in ending.failure.message
    assert what_runs(ending.after) == what_runs(ending.before)
    assert ending.pending.empty


def test_a_fix_that_failed_to_be_applied_is_not_held_when_it_is_tried_again(twice: Home) -> None:
    assert in_scene(twice, "HEAD", rolled_back).failure is None
    bad = twice.git("rev-parse", "HEAD")
    for name in ("greet", "guard"):
        twice.change(f"actions/{name}/code.js", "// second", "// fixed")
    twice.change("flows/post-login.yaml", "[guard, greet]", "[greet, guard]")
    fix = twice.commit("fix")
    # PATCH greet, PATCH guard, deploy greet, deploy guard, PATCH bindings
    failed = attempt(twice, fix, at=5, do=500)
    assert failed.failure is not None and failed.failure.left == ()
    assert failed.runs == failed.ran_before
    with pytest.raises(Refused, match="greet was rolled back from commit"):
        attempt(twice, bad)
    done = attempt(twice, fix)
    assert done.failure is None and done.runs != done.ran_before


def test_a_rollback_further_back_that_failed_leaves_what_was_held(twice: Home) -> None:
    for name in ("greet", "guard"):
        twice.change(f"actions/{name}/code.js", "// second", "// third")
    bad = twice.commit("third")
    assert attempt(twice, bad).failure is None

    async def to_second(made: Scene) -> None:
        live = await made.other.read_live([FLOW])
        for action in live.actions:
            versions = await made.other.read_versions(action)
            await made.other.redeploy(action.id, versions[1].id)
        await asyncio.sleep(GOES_LIVE_SECONDS)

    in_scene(twice, "HEAD", to_second)
    ending: Ending = in_scene(twice, "HEAD", rolled_back, at=2, do=500)
    assert ending.failure is not None and what_runs(ending.after) == what_runs(ending.before)
    with pytest.raises(Refused, match="greet was rolled back from commit"):
        attempt(twice, bad)
    assert attempt(twice, "HEAD~2").failure is None  # the first content, which the failed rollback had made run


def test_a_rollback_that_was_killed_half_way_goes_on_where_it_stopped(twice: Home) -> None:
    async def half(made: Scene) -> None:
        there = (await made.other.read_live([FLOW])).action("greet")
        assert there is not None
        await made.other.redeploy(there.id, (await made.other.read_versions(there))[-1].id)
        await asyncio.sleep(GOES_LIVE_SECONDS)

    async def played(made: Scene) -> Ending:
        await half(made)
        return await rolled_back(made)

    ending: Ending = in_scene(twice, "HEAD", played)
    assert ending.failure is None
    assert [ending.version(name).number for name in ("greet", "guard")] == [3, 3]
    assert len(ending.writes) == 1
