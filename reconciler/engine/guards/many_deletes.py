"""One plan does not delete much without a word."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.engine.guards.facts import Facts
from reconciler.model.plan import Plan, Refusal
from reconciler.model.tenant import Live


def refusals(plan: Plan, live: Live, facts: Facts) -> Iterator[Refusal]:
    doomed = [change.name for change in plan.actions if change.kind == "delete"]
    if len(doomed) > facts.deletes.count:
        yield Refusal(
            guard="many-deletes", message=f"{len(doomed)} actions would be deleted, more than {facts.deletes.count}."
        )
