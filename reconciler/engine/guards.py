"""Reasons to refuse a plan, each with the name that allows it.

They look at the plan and the tenant only, so that they can run when planning and again before the first write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from reconciler.engine.planner import owner
from reconciler.model.plan import ActionChange, Plan, Refusal
from reconciler.model.tenant import Live, LiveAction

MANY_DELETES = 5


def refusals(plan: Plan, live: Live, allowed: Iterable[str] = ()) -> tuple[Refusal, ...]:
    """Everything the guards have against the plan, apart from what is allowed by name."""
    names = set(allowed)
    return tuple(refusal for guard in GUARDS for refusal in guard(plan, live) if refusal.guard not in names)


def _takes_over(plan: Plan, live: Live) -> Iterator[Refusal]:
    for change, there in _updates(plan, live):
        if not owner(there):
            yield Refusal(
                guard="take-over",
                message=f"{change.name} was not made by git: this plan would take it over and replace its content.",
            )


def _other_repository(plan: Plan, live: Live) -> Iterator[Refusal]:
    for change, there in _updates(plan, live):
        if owner(there) and owner(there) != plan.repo:
            yield Refusal(guard="other-repository", message=f"{change.name} belongs to the repository {owner(there)}.")


def _changes_trigger(plan: Plan, live: Live) -> Iterator[Refusal]:
    for change, there in _updates(plan, live):
        if change.after and change.after.trigger.id != there.trigger.id:
            yield Refusal(
                guard="change-trigger",
                message=f"{change.name} is written for {there.trigger.id}; the platform does not move an action to "
                f"{change.after.trigger.id}. Give it another name.",
            )


def _loses_secret(plan: Plan, live: Live) -> Iterator[Refusal]:
    for change, there in _updates(plan, live):
        for name in sorted(_removed(change, there) - _written_by_us(there)):
            yield Refusal(
                guard="lose-secret",
                message=f"{change.name} would lose the secret {name}, which git did not write and does not name.",
            )


def _kept_secret_missing(plan: Plan, live: Live) -> Iterator[Refusal]:
    for change in plan.actions:
        there = live.action(change.name)
        names = {stamp.name for stamp in there.draft.secrets} if there else set()
        for step in change.secrets:
            if not step.write and step.name not in names:
                yield Refusal(
                    guard="missing-secret",
                    message=f"{change.name} keeps the secret {step.name}, which the tenant does not have.",
                )


def _empties_flow(plan: Plan, live: Live) -> Iterator[Refusal]:
    for change in plan.flows:
        if change.before and not change.after:
            yield Refusal(guard="empty-flow", message=f"The flow {change.trigger} would become empty.")


def _deletes_many(plan: Plan, live: Live) -> Iterator[Refusal]:
    doomed = [change.name for change in plan.actions if change.kind == "delete"]
    if len(doomed) > MANY_DELETES:
        yield Refusal(
            guard="many-deletes", message=f"{len(doomed)} actions would be deleted, more than {MANY_DELETES}."
        )


def _updates(plan: Plan, live: Live) -> Iterator[tuple[ActionChange, LiveAction]]:
    for change in plan.actions:
        there = live.action(change.name)
        if change.kind == "update" and there is not None:
            yield change, there


def _removed(change: ActionChange, there: LiveAction) -> set[str]:
    if not change.send_secrets:
        return set()
    return {stamp.name for stamp in there.draft.secrets} - {step.name for step in change.secrets}


def _written_by_us(action: LiveAction) -> set[str]:
    provenance = action.version.provenance if action.version else action.draft.provenance
    return set(provenance.secrets) if provenance else set()


GUARDS: tuple[Callable[[Plan, Live], Iterable[Refusal]], ...] = (
    _takes_over,
    _other_repository,
    _changes_trigger,
    _loses_secret,
    _kept_secret_missing,
    _empties_flow,
    _deletes_many,
)
