"""Each guard says no by its own name, and yes when it is named."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reconciler.engine import guards, planner
from reconciler.engine.guard_words import GUARDS
from reconciler.engine.guards.facts import Facts, Leak
from reconciler.engine.leaks import found
from reconciler.model.action import Secret
from reconciler.model.plan import Plan
from reconciler.model.standing import Standing
from reconciler.model.tenant import Desired, Live
from tests.engine.generated import desireds, lives, possible
from tests.engine.guarded import ALSO_PASSING, ALSO_REFUSED, KEPT, PASSING, REFUSED, World, ours, standing
from tests.engine.model_tenant import carried_out
from tests.engine.worlds import action, desired

SAID = [*REFUSED.items(), *ALSO_REFUSED.values()]


def planned(world: World) -> Plan:
    return planner.plan(world.desired, world.live, tool="test")


def refusing(world: World, **facts: object) -> list[str]:
    """The names of the guards that refuse."""
    known = world.facts.model_copy(update=facts)
    return [refusal.guard for refusal in guards.refusals(planned(world), world.live, known)]


@pytest.mark.parametrize(("name", "world"), SAID, ids=[*REFUSED, *ALSO_REFUSED])
def test_the_guard_refuses_by_its_name_and_can_be_allowed(name: str, world: World) -> None:
    assert set(refusing(world)) == {name}
    assert refusing(world, allowed={name: "because"}) == []


@pytest.mark.parametrize("name", PASSING)
def test_the_guard_lets_pass_what_is_as_it_should_be(name: str) -> None:
    assert refusing(PASSING[name]) == []


@pytest.mark.parametrize("what", ALSO_PASSING)
def test_no_guard_minds(what: str) -> None:
    assert refusing(ALSO_PASSING[what]()) == []


def test_every_guard_has_both_cases_and_a_sentence() -> None:
    assert set(GUARDS) == set(REFUSED) == set(PASSING)
    assert all(guard.why.endswith(".") and len(guard.why) < 80 for guard in GUARDS.values())


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_allowed_is_told_with_its_reason(name: str) -> None:
    world = REFUSED[name]
    facts = world.facts.model_copy(update={"allowed": {name: "ticket 7"}})
    told = guards.judged(planned(world), world.live, facts).allowed
    assert {(each.guard, each.reason) for each in told} == {(name, "ticket 7")}


def test_a_guard_that_is_allowed_and_has_nothing_against_the_plan_is_not_told() -> None:
    world = PASSING["token"]
    facts = Facts(allowed=dict.fromkeys(GUARDS, "all of them"))
    assert guards.judged(planned(world), world.live, facts).allowed == ()


@pytest.mark.parametrize("name", ["branch", "promotion"])
def test_what_says_nothing_of_the_plan_itself_is_a_note_for_a_plan_and_refuses_an_apply(name: str) -> None:
    world = REFUSED[name]
    verdict = guards.judged(planned(world), world.live, world.facts)
    assert (verdict.refusals, [note.guard for note in verdict.notes]) == ((), [name])
    assert refusing(world) == [name]


def test_a_permission_that_ran_out_is_told_with_the_refusal() -> None:
    world = REFUSED["token"]
    facts = world.facts.model_copy(update={"ended": {"token": date(2026, 1, 1)}})
    (refusal,) = guards.refusals(planned(world), world.live, facts)
    assert refusal.message.endswith("(It was allowed until 2026-01-01.)")


def test_a_shallow_clone_is_told() -> None:
    world = REFUSED["branch"]
    facts = Facts(standing=Standing(branch="main", ref="origin/main", shallow=True))
    (refusal,) = guards.refusals(planned(world), world.live, facts)
    assert "fetch-depth: 0" in refusal.remedy


def test_a_kept_secret_that_is_missing_is_noticed_though_nothing_else_changes() -> None:
    world = World(desired(action("alpha", secrets=[KEPT])), ours("alpha"))
    assert planned(world).empty
    assert refusing(world) == ["missing-secret"]


def test_going_back_after_a_kill_does_not_need_a_word() -> None:
    extra = Secret(name="EXTRA", kind="encrypted", fingerprint="e" * 16)
    first = desired(action("alpha"))
    live = carried_out(planner.plan(first, Live(), tool="test"), Live())
    # Killed right after the draft was staged: the draft has the new secret, the version does not.
    staged = carried_out(planner.plan(desired(action("alpha", secrets=[extra])), live, tool="test"), live).actions[0]
    killed = Live(actions=(staged.model_copy(update={"version": live.actions[0].version}),))
    assert not planned(World(first, killed)).empty
    assert refusing(World(first, killed)) == []


PLANS = [(world, planned(world)) for world in REFUSED.values()]
FACTS = st.builds(
    Facts,
    today=st.sampled_from([None, date(2026, 11, 23), date(2040, 1, 1)]),
    standing=st.sampled_from([None, standing("origin/main").standing, standing("").standing]),
    leaks=st.sampled_from([(), (Leak(owner="action", name="alpha", place="actions/alpha/code.js:1", what="a token"),)]),
    earlier=st.just("staging"),
    missing=st.sampled_from([(), ("alpha",)]),
)


@given(st.text("äöüÄÖÜßéèçñøåæ", min_size=6), st.text())
def test_what_guards_say_never_holds_the_value_of_a_secret(value: str, around: str) -> None:
    leaks = tuple(
        Leak(owner="action", name=name, place=f"actions/{name}/code.js:{line}", what=what)
        for name in ("alpha", "beta")
        for line, what in found(f"{around}'{value}'{around}", {"KEY": value})
    )
    assert leaks
    for world, plan in PLANS:
        known = world.facts.model_copy(update={"leaks": leaks})
        assert value not in guards.judged(plan, world.live, known).canonical()


@settings(max_examples=25)
@given(desireds(), lives(), FACTS)
def test_an_empty_plan_is_refused_by_nothing_but_a_missing_secret(wanted: Desired, live: Live, facts: Facts) -> None:
    made = planner.plan(wanted, live, tool="test")
    assume(possible(made, live))
    after = carried_out(made, live)
    plan = planner.plan(wanted, after, tool="test")
    if plan.empty:
        verdict = guards.judged(plan, after, facts)
        assert {refusal.guard for refusal in (*verdict.refusals, *verdict.notes)} <= {"missing-secret"}
