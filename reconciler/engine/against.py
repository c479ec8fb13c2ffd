"""A plan of one commit against another, which stands in for the tenant: it needs no key, no credential, no network.

It shows what a pull request changes and nothing that only a tenant knows, so nobody can apply it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from reconciler.engine import guards, planner
from reconciler.engine.applied import applied
from reconciler.engine.guards.facts import Facts
from reconciler.engine.modules import NOT_THERE
from reconciler.model.action import Action, Content, ModuleUse, Secret
from reconciler.model.module import Module
from reconciler.model.plan import ActionChange, Against, FlowChange, ModuleChange, Place, Plan, SecretStep, Verdict
from reconciler.model.tenant import Desired

Changed = TypeVar("Changed", ActionChange, ModuleChange)
One = TypeVar("One", Action, Module)


def plan_against(head: Desired, base: Desired, facts: Facts, *, against: Against, tool: str) -> tuple[Plan, Verdict]:
    """What a pull request changes, and what guards say of it that need no tenant.

    Both were loaded without any key: a secret counts as rotated where something else stands in git of it. sops leaves
    alone what stands for a value that did not change, but not where the file's key is made anew.
    """
    numbers = _numbers(base, head)
    live = applied(_told_by_source(base), numbers)
    made = planner.plan(_told_by_source(head), live, tool=tool)
    verdict = guards.judged_from_git(made, live, facts)
    return _shown(made, against, numbers), verdict


def _numbers(*sides: Desired) -> Mapping[str, int]:
    """A number for each module that comes after all that git asks for: those are the tenant's own, and which version
    they are is not known here."""
    found: dict[str, int] = {}
    for side in sides:
        found |= {module.name: max(found.get(module.name, 1), 1) for module in side.modules}
        for use in (use for action in side.actions for use in action.content.modules):
            found[use.name] = max(found.get(use.name, 1), use.number + 1)
    return found


def _told_by_source(desired: Desired) -> Desired:
    return desired.model_copy(
        update={
            "actions": tuple(_without_key(action) for action in desired.actions),
            "modules": tuple(_without_key(module) for module in desired.modules),
        }
    )


def _without_key(one: One) -> One:
    return one.model_copy(update={"secrets": tuple(_by_source(secret) for secret in one.secrets)})


def _by_source(secret: Secret) -> Secret:
    return secret.model_copy(update={"fingerprint": "" if secret.kind == "keep" else f"{secret.kind} {secret.source}"})


def _shown(plan: Plan, against: Against, numbers: Mapping[str, int]) -> Plan:
    """The plan without what nobody knows: ids, numbers, marks of the tenant. What stands for secrets goes, too; why
    something is created is told of what the plan is against."""
    return plan.model_copy(
        update={
            "commit": "",
            "against": against,
            "seen": (),
            "modules": tuple(_unnumbered(change, against) for change in plan.modules),
            "actions": tuple(_with_uses(_unnumbered(change, against), numbers) for change in plan.actions),
            "flows": tuple(_flow(change) for change in plan.flows),
        }
    )


def _unnumbered(change: Changed, against: Against) -> Changed:
    steps = tuple(SecretStep(name=step.name, write=step.write) for step in change.secrets)
    reasons = tuple(f"not in {against.name}" if each == NOT_THERE else each for each in change.why.reasons)
    why = change.why.model_copy(update={"reasons": reasons})
    unknown = {"id": "", "version_id": "", "number": 0, "provenance": None}
    return change.model_copy(update=unknown | {"secrets": steps, "why": why})


def _with_uses(change: ActionChange, numbers: Mapping[str, int]) -> ActionChange:
    why = change.why.model_copy(update={"before": _as_in_git(change.why.before, numbers)})
    return change.model_copy(update={"after": _as_in_git(change.after, numbers), "why": why})


def _as_in_git(content: Content | None, numbers: Mapping[str, int]) -> Content | None:
    """The content with `latest` where git has it."""
    if content is None:
        return None
    uses = tuple(ModuleUse(name=use.name) if use.number >= numbers.get(use.name, 1) else use for use in content.modules)
    return content.model_copy(update={"modules": uses})


def _flow(change: FlowChange) -> FlowChange:
    return FlowChange(trigger=change.trigger, before=_places(change.before), after=_places(change.after))


def _places(places: Iterable[Place]) -> tuple[Place, ...]:
    return tuple(place.model_copy(update={"action_id": ""}) for place in places)
