"""An action that was renamed or copied by hand is not created a second time."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.engine.guards.facts import Facts
from reconciler.engine.guards.looking import action_file
from reconciler.engine.planner import origin
from reconciler.model.plan import Plan, Refusal
from reconciler.model.provenance import Provenance
from reconciler.model.tenant import Live


def refusals(plan: Plan, live: Live, facts: Facts) -> Iterator[Refusal]:
    for change in plan.actions:
        for there in live.actions if change.kind == "create" else ():
            provenance = origin(there)
            if provenance and change.provenance and _place(provenance) == _place(change.provenance):
                yield Refusal(
                    guard="renamed",
                    message=f"{change.name} would be created, but {there.name} says that it is this very action: it "
                    "was renamed or copied by hand.",
                    remedy=f"Rename {there.name} back, or take git's line out of its code where it is a copy.",
                    place=action_file(change.name),
                )


def _place(provenance: Provenance) -> tuple[str, str]:
    return provenance.repo, provenance.path
