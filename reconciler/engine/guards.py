"""Reasons to refuse a plan, each with the name that allows it.

They look at the plan and the tenant only, so that they can run when planning and again before the first write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from reconciler.engine.planner import origin, owner
from reconciler.model.plan import ActionChange, Plan, Refusal
from reconciler.model.provenance import Provenance
from reconciler.model.tenant import Live, LiveAction

MANY_DELETES = 5


def refusals(plan: Plan, live: Live, allowed: Iterable[str] = ()) -> tuple[Refusal, ...]:
    """Everything the guards have against the plan, apart from what is allowed by name."""
    names = set(allowed)
    return tuple(refusal for name, guard in GUARDS.items() if name not in names for refusal in guard(plan, live))


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
        for name in sorted(_removed(change, there) - _written_by_git(there, plan.repo)):
            yield Refusal(
                guard="lose-secret",
                message=f"{change.name} would lose the secret {name}, which git did not write and does not name.",
            )


def _kept_secret_missing(plan: Plan, live: Live) -> Iterator[Refusal]:
    for kept in plan.kept:
        there = live.action(kept.action)
        if there is None or kept.secret not in {stamp.name for stamp in there.draft.secrets}:
            yield Refusal(
                guard="missing-secret",
                message=f"{kept.action} keeps the secret {kept.secret}, which the tenant does not have.",
            )


def _renamed(plan: Plan, live: Live) -> Iterator[Refusal]:
    for change in plan.actions:
        for there in live.actions if change.kind == "create" else ():
            provenance = origin(there)
            if provenance and change.provenance and _place(provenance) == _place(change.provenance):
                yield Refusal(
                    guard="renamed",
                    message=f"{change.name} would be created, but {there.name} says that it is this very action: it "
                    "was renamed or copied by hand.",
                )


def _uses_modules(plan: Plan, live: Live) -> Iterator[Refusal]:
    for change, there in _updates(plan, live):
        if there.draft.content.modules or (there.version and there.version.content.modules):
            yield Refusal(
                guard="modules", message=f"{change.name} uses modules in the tenant, which cannot be written yet."
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
    stamps = there.draft.secrets + (there.version.secrets if there.version else ())
    return {stamp.name for stamp in stamps} - {step.name for step in change.secrets}


def _written_by_git(action: LiveAction, repo: str) -> set[str]:
    """The secrets that git wrote: those of the version, and those that an apply which was killed left in the draft."""
    versions = [action.version.provenance] if action.version and action.version.provenance else []
    drafts = [action.draft.provenance] if action.draft.provenance and action.draft.provenance.repo == repo else []
    return {name for provenance in (*versions, *drafts) for name in provenance.secrets}


def _place(provenance: Provenance) -> tuple[str, str]:
    return provenance.repo, provenance.path


GUARDS: Mapping[str, Callable[[Plan, Live], Iterable[Refusal]]] = {
    "take-over": _takes_over,
    "other-repository": _other_repository,
    "renamed": _renamed,
    "change-trigger": _changes_trigger,
    "modules": _uses_modules,
    "lose-secret": _loses_secret,
    "missing-secret": _kept_secret_missing,
    "empty-flow": _empties_flow,
    "many-deletes": _deletes_many,
}
"""Every guard by the name that allows it."""
