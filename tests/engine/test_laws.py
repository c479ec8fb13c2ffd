"""The laws of plans, over generated repositories and tenants that grew by a history."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import TypeVar

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reconciler.engine import planner, seen
from reconciler.model.action import Action, ModuleUse
from reconciler.model.module import Module
from reconciler.model.plan import Plan
from reconciler.model.tenant import Desired, Live, LiveFlow
from tests.engine.generated import MARKET, desireds, possible, tenants
from tests.engine.model_tenant import ModelTenant, carry_out
from tests.engine.worlds import REPO

T = TypeVar("T")


def plan(wanted: Desired, live: Live) -> Plan:
    return planner.plan(wanted, live, tool="test")


def reached(wanted: Desired, tenant: ModelTenant) -> Live:
    """The tenant before, while it is made what git wants."""
    live = tenant.live()
    made = plan(wanted, live)
    assume(possible(made, live))
    carry_out(made, tenant)
    return live


@given(desireds(), tenants())
@settings(max_examples=300)
def test_a_plan_carried_out_makes_the_tenant_what_git_wants(wanted: Desired, tenant: ModelTenant) -> None:
    before = reached(wanted, tenant)
    for module in wanted.modules:
        assert list(_module_problems(module, tenant)) == []
    unstamped = plan(wanted, before).unstamped
    for action in wanted.actions:
        assert list(_action_problems(action, wanted, tenant, secrets=action.name not in unstamped)) == []
    gone = {action.name for action in before.actions if planner.owner(action) == REPO} - {
        action.name for action in wanted.actions
    }
    assert not gone & tenant.actions.keys()
    for flow in wanted.flows:
        ours = {action.name for action in wanted.actions} | gone
        now = [each for each in tenant.flows.get(flow.trigger, ()) if _is_ours(each.action_id, each.action, ours)]
        shown = [(each.action, "" if each.display_name == each.action else each.display_name) for each in now]
        assert shown == [
            (each.action, "" if each.display_name == each.action else each.display_name) for each in flow.bindings
        ]
        if flow.unmanaged == "remove":
            assert len(tenant.flows.get(flow.trigger, ())) == len(flow.bindings)


@given(desireds(), tenants())
@settings(max_examples=200)
def test_nothing_is_left_to_do_after_a_plan_was_carried_out(wanted: Desired, tenant: ModelTenant) -> None:
    reached(wanted, tenant)
    rest = plan(wanted, tenant.live())
    assert rest.empty, rest
    another = wanted.model_copy(update={"commit": "d" * 40})
    assert plan(another, tenant.live()).empty


@given(desireds(), tenants())
@settings(max_examples=200)
def test_what_git_does_not_own_stays_as_it_is(wanted: Desired, tenant: ModelTenant) -> None:
    before = reached(wanted, tenant)
    after = tenant.live()
    named = {action.name for action in wanted.actions}
    for action in before.actions:
        if action.name not in named and planner.owner(action) != REPO:
            assert after.action(action.name) == action
    for module in before.modules or ():
        if wanted.module(module.name) is None and module.owner != REPO:
            assert after.module(module.name) == module
    ours = named | {action.name for action in before.actions if planner.owner(action) == REPO}
    removing = {flow.trigger for flow in wanted.flows if flow.unmanaged == "remove"}
    for flow in before.flows:
        if flow.trigger not in removing:
            assert _foreign(after.flow(flow.trigger), ours) == _foreign(flow, ours)


@given(desireds(), tenants(), st.randoms(use_true_random=False))
@settings(max_examples=200)
def test_the_order_in_which_things_are_listed_makes_no_difference(
    wanted: Desired, tenant: ModelTenant, random: Random
) -> None:
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


@given(desireds(), tenants())
@settings(max_examples=100)
def test_a_saved_plan_says_the_same_and_nothing_has_moved_while_nobody_moved_anything(
    wanted: Desired, tenant: ModelTenant
) -> None:
    live = tenant.live()
    made = plan(wanted, live)
    assert Plan.model_validate_json(made.model_dump_json()) == made
    assert seen.moved(made, live) == ()


@given(desireds(), tenants())
@settings(max_examples=100)
def test_what_a_plan_would_change_is_seen_to_have_moved_once_it_is_changed(
    wanted: Desired, tenant: ModelTenant
) -> None:
    before = reached(wanted, tenant)
    made = plan(wanted, before)
    assert bool(seen.moved(made, tenant.live())) == (not made.empty)


def _action_problems(action: Action, wanted: Desired, tenant: ModelTenant, *, secrets: bool) -> Iterator[str]:
    there = tenant.actions[action.name]
    version = there.version
    if version is None:
        yield f"{action.name} is not deployed"
        return
    uses, content = version.content.modules, version.content.model_copy(update={"modules": ()})
    if content != action.content.model_copy(update={"modules": ()}):
        yield f"{action.name} has another content"
    yield from _use_problems(action, uses, wanted, tenant)
    if not secrets:
        return
    if there.draft.content != version.content:
        yield f"{action.name} has another draft"
    if {stamp.name for stamp in version.secrets} != {secret.name for secret in action.secrets}:
        yield f"{action.name} has other secrets"
    values = tenant.values[version.id]
    for secret in action.secrets:
        if secret.kind != "keep" and values.get(secret.name) != secret.fingerprint:
            yield f"{action.name} has another value of {secret.name}"


def _use_problems(action: Action, uses: tuple[ModuleUse, ...], wanted: Desired, tenant: ModelTenant) -> Iterator[str]:
    if [use.name for use in uses] != [use.name for use in action.content.modules]:
        yield f"{action.name} uses other modules"
        return
    for use, asked in zip(uses, action.content.modules, strict=True):
        module = wanted.module(use.name)
        (version,) = (each for each in tenant.modules[use.name].versions if each.number == use.number)
        if asked.number not in (0, use.number):
            yield f"{action.name} uses another number of {use.name}"
        if not asked.number and (module is None or version.content != module.content):
            yield f"{action.name} uses another content of {use.name}"
        if not asked.number and module and not _has_values(module, tenant.values[version.id]):
            yield f"{action.name} uses other secrets of {use.name}"


def _module_problems(module: Module, tenant: ModelTenant) -> Iterator[str]:
    there = tenant.modules[module.name]
    if not any(
        version.content == module.content and _has_values(module, tenant.values[version.id])
        for version in there.versions
    ):
        yield f"no version holds {module.name}"


def _has_values(module: Module, values: dict[str, str]) -> bool:
    written = {secret.name: secret.fingerprint for secret in module.secrets if secret.kind != "keep"}
    return not written or values == written


def _is_ours(action_id: str, name: str, ours: set[str]) -> bool:
    return action_id != MARKET and name in ours


def _foreign(flow: LiveFlow | None, ours: set[str]) -> list[tuple[str, str]]:
    """What a flow runs that git does not speak of, in running order."""
    bindings = flow.bindings if flow else ()
    return [(each.action_id, each.display_name) for each in bindings if not _is_ours(each.action_id, each.action, ours)]
