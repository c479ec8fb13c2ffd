"""The laws of plans, over generated repositories and tenants that grew by a history."""

from __future__ import annotations

import re
from copy import deepcopy
from random import Random
from typing import TypeVar

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reconciler.engine import planner, seen
from reconciler.engine.approval import checksum
from reconciler.model.action import Action, Secret
from reconciler.model.plan import Plan
from reconciler.model.tenant import Desired, Live
from tests.engine.as_wanted import foreign, problems
from tests.engine.generated import desireds, possible, worlds
from tests.engine.model_tenant import ModelTenant, carry_out
from tests.engine.worlds import COMMIT, REPO

T = TypeVar("T")
World = tuple[Desired, ModelTenant]


def plan(wanted: Desired, live: Live) -> Plan:
    return planner.plan(wanted, live, tool="test")


def reached(wanted: Desired, tenant: ModelTenant) -> Live:
    """The tenant before, while it is made what git wants."""
    live = tenant.live()
    made = plan(wanted, live)
    assume(possible(made, live))
    carry_out(made, tenant)
    return live


def ours(live: Live) -> frozenset[str]:
    """The actions of this repository."""
    return frozenset(action.name for action in live.actions if planner.owner(action) == REPO)


@given(worlds())
@settings(max_examples=150)
def test_a_plan_carried_out_makes_the_tenant_what_git_wants(world: World) -> None:
    wanted, tenant = world
    before = reached(wanted, tenant)
    unstamped = plan(wanted, before).unstamped
    gone = ours(before) - {action.name for action in wanted.actions}
    assert problems(wanted, tenant.live(), left_alone=unstamped, gone=gone) == []
    for module in wanted.modules:
        published = [each for each in tenant.modules[module.name].versions if each.content == module.content]
        assert any(_wrong(module.secrets, tenant.values[each.id]) == [] for each in published)
    for action in wanted.actions:
        if action.name not in unstamped:
            assert _values_missing(action, wanted, tenant) == []


@given(worlds())
@settings(max_examples=100)
def test_nothing_is_left_to_do_after_a_plan_was_carried_out(world: World) -> None:
    wanted, tenant = world
    reached(wanted, tenant)
    rest = plan(wanted, tenant.live())
    assert rest.empty, rest
    another = wanted.model_copy(update={"commit": "d" * 40})
    assert plan(another, tenant.live()).empty


@given(worlds())
@settings(max_examples=100)
def test_what_git_does_not_own_stays_as_it_is(world: World) -> None:
    wanted, tenant = world
    before = reached(wanted, tenant)
    after = tenant.live()
    named = frozenset(action.name for action in wanted.actions)
    for action in before.actions:
        if action.name not in named and planner.owner(action) != REPO:
            assert after.action(action.name) == action
    for module in before.modules or ():
        if wanted.module(module.name) is None and module.owner != REPO:
            assert after.module(module.name) == module
    speaks_of = named | ours(before)
    removing = {flow.trigger for flow in wanted.flows if flow.unmanaged == "remove"}
    for flow in before.flows:
        if flow.trigger not in removing:
            assert foreign(after.flow(flow.trigger), speaks_of) == foreign(flow, speaks_of)


@given(worlds(), st.randoms(use_true_random=False))
@settings(max_examples=100)
def test_the_order_in_which_things_are_listed_makes_no_difference(world: World, random: Random) -> None:
    wanted, tenant = world

    def shuffled(items: tuple[T, ...]) -> tuple[T, ...]:
        return tuple(random.sample(items, len(items)))

    live = tenant.live()
    other_live = live.model_copy(
        update={
            "actions": shuffled(live.actions),
            "flows": shuffled(live.flows),
            "modules": shuffled(live.modules or ()),
        }
    )
    actions = [action.model_copy(update={"secrets": shuffled(action.secrets)}) for action in wanted.actions]
    other_wanted = wanted.model_copy(
        update={
            "actions": shuffled(tuple(actions)),
            "flows": shuffled(wanted.flows),
            "modules": shuffled(wanted.modules),
        }
    )
    first = plan(wanted, live).model_dump_json()
    assert first == plan(wanted, live).model_dump_json() == plan(other_wanted, other_live).model_dump_json()


@given(worlds())
@settings(max_examples=60)
def test_a_saved_plan_says_the_same_and_nothing_has_moved_while_nobody_moved_anything(
    world: World,
) -> None:
    wanted, tenant = world
    live = tenant.live()
    made = plan(wanted, live)
    assert Plan.model_validate_json(made.model_dump_json()) == made
    assert seen.moved(made, live) == ()


@given(worlds())
@settings(max_examples=60)
def test_what_a_plan_would_change_is_seen_to_have_moved_once_it_is_changed(
    world: World,
) -> None:
    wanted, tenant = world
    before = reached(wanted, tenant)
    made = plan(wanted, before)
    assert bool(seen.moved(made, tenant.live())) == (not made.empty)


@given(worlds(), st.sampled_from([COMMIT, "b" * 40, "d" * 40]))
@settings(max_examples=80)
def test_another_commit_of_the_same_content_is_approved_by_the_same_checksum(world: World, commit: str) -> None:
    wanted, tenant = world
    live = tenant.live()
    squashed = plan(wanted.model_copy(update={"commit": commit}), live)
    assert checksum(squashed) == checksum(plan(wanted, live))


@given(worlds(), desireds())
@settings(max_examples=80)
def test_a_checksum_approves_no_plan_that_ends_otherwise(world: World, other: Desired) -> None:
    one, tenant = world
    live, twin = tenant.live(), deepcopy(tenant)
    plans = plan(one, live), plan(other, live)
    assume(all(possible(made, live) for made in plans))
    carry_out(plans[0], tenant)
    carry_out(plans[1], twin)
    if checksum(plans[0]) == checksum(plans[1]):
        assert _without_commits(tenant.live()) == _without_commits(twin.live())


def _without_commits(live: Live) -> str:
    return re.sub(r'"commit":"[0-9a-f]{40}"', "", live.canonical())


def _values_missing(action: Action, wanted: Desired, tenant: ModelTenant) -> list[str]:
    """The secrets that do not have the value that git says: of the action, and of the latest modules it uses."""
    version = tenant.actions[action.name].version
    assert version is not None
    missing = _wrong(action.secrets, tenant.values[version.id])
    for use, asked in zip(version.content.modules, action.content.modules, strict=True):
        module = wanted.module(use.name)
        (published,) = (each for each in tenant.modules[use.name].versions if each.number == use.number)
        if module and not asked.number:
            missing += _wrong(module.secrets, tenant.values[published.id])
    return missing


def _wrong(secrets: tuple[Secret, ...], values: dict[str, str]) -> list[str]:
    return [each.name for each in secrets if each.kind != "keep" and values.get(each.name) != each.fingerprint]
