"""Each guard says no by its own name, and yes when it is named."""

from __future__ import annotations

import pytest

from reconciler.engine import guards, planner
from reconciler.engine.guards.facts import Facts
from reconciler.model.action import ModuleUse, Secret
from reconciler.model.stamp import SecretStamp
from reconciler.model.tenant import Desired, Live
from tests.engine.worlds import REPO, action, carried_out, desired, flow, live_action, live_flow

KEPT = Secret(name="LEGACY", kind="keep")
STAMP = (SecretStamp(name="BY_HAND", updated_at="t0"),)


def with_secret() -> Live:
    there = live_action("alpha", "// old", repo=REPO)
    assert there.version is not None
    return Live(
        actions=(
            there.model_copy(
                update={
                    "draft": there.draft.model_copy(update={"secrets": STAMP}),
                    "version": there.version.model_copy(update={"secrets": STAMP}),
                }
            ),
        )
    )


def with_modules() -> Live:
    there = live_action("alpha", repo=REPO)
    content = there.draft.content.model_copy(update={"modules": (ModuleUse(name="shared", number=1),)})
    return Live(actions=(there.model_copy(update={"draft": there.draft.model_copy(update={"content": content})}),))


CASES = {
    "take-over": (desired(action("alpha", "// new")), Live(actions=(live_action("alpha"),))),
    "other-repository": (desired(action("alpha", "// new")), Live(actions=(live_action("alpha", repo="other"),))),
    "lose-secret": (desired(action("alpha", "// new")), with_secret()),
    "missing-secret": (desired(action("alpha", secrets=[KEPT])), Live()),
    "renamed": (
        desired(action("alpha")),
        Live(actions=(live_action("alpha", repo=REPO).model_copy(update={"name": "alpha-renamed"}),)),
    ),
    "modules": (desired(action("alpha", "// new")), with_modules()),
    "empty-flow": (
        desired(action("alpha"), flows=[flow()]),
        Live(actions=(live_action("alpha", repo=REPO),), flows=(live_flow("alpha"),)),
    ),
    "many-deletes": (desired(), Live(actions=tuple(live_action(f"a{n}", repo=REPO) for n in range(6)))),
}


@pytest.mark.parametrize("name", CASES)
def test_the_guard_refuses_by_its_name_and_can_be_allowed(name: str) -> None:
    wanted, live = CASES[name]
    plan = planner.plan(wanted, live, tool="test")
    assert [refusal.guard for refusal in guards.refusals(plan, live, Facts())] == [name]
    assert guards.refusals(plan, live, Facts(allowed={name: "because"})) == ()


def test_every_guard_has_a_case() -> None:
    assert set(guards.GUARDS) == {*CASES, "change-trigger"}


def test_a_kept_secret_that_is_missing_is_noticed_though_nothing_else_changes() -> None:
    live = Live(actions=(live_action("alpha", repo=REPO),))
    plan = planner.plan(desired(action("alpha", secrets=[KEPT])), live, tool="test")
    assert plan.empty
    assert [refusal.guard for refusal in guards.refusals(plan, live, Facts())] == ["missing-secret"]


def test_binding_an_action_of_another_repository_is_refused() -> None:
    live = Live(actions=(live_action("alpha", repo="other"),), flows=(live_flow(),))
    plan = planner.plan(desired(action("alpha"), flows=[flow("alpha")]), live, tool="test")
    assert [refusal.guard for refusal in guards.refusals(plan, live, Facts())] == ["other-repository"]


def test_moving_an_action_to_another_trigger_is_refused() -> None:
    moved = live_action("alpha", repo=REPO)
    elsewhere = moved.trigger.model_copy(update={"id": "pre-user-registration"})
    live = Live(actions=(moved.model_copy(update={"trigger": elsewhere, "version": None}),))
    plan = planner.plan(desired(action("alpha")), live, tool="test")
    assert [refusal.guard for refusal in guards.refusals(plan, live, Facts())] == ["change-trigger"]


@pytest.mark.parametrize("wanted", [desired(action("alpha")), desired()])
def test_an_ordinary_plan_is_not_refused(wanted: Desired) -> None:
    live = Live(actions=(live_action("alpha", "// old", repo=REPO),))
    plan = planner.plan(wanted, live, tool="test")
    assert guards.refusals(plan, live, Facts()) == ()


def test_going_back_after_a_kill_does_not_need_a_word() -> None:
    extra = Secret(name="EXTRA", kind="encrypted", fingerprint="e" * 16)
    first = desired(action("alpha"))
    live = carried_out(planner.plan(first, Live(), tool="test"), Live())
    # Killed right after the draft was staged: the draft has the new secret, the version does not.
    staged = carried_out(planner.plan(desired(action("alpha", secrets=[extra])), live, tool="test"), live).actions[0]
    killed = Live(actions=(staged.model_copy(update={"version": live.actions[0].version}),))
    plan = planner.plan(first, killed, tool="test")
    assert not plan.empty
    assert guards.refusals(plan, killed, Facts()) == ()
