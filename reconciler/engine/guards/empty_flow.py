"""A flow is not emptied without a word."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.engine.guards.facts import Facts
from reconciler.model.plan import Plan, Refusal
from reconciler.model.tenant import Live


def refusals(plan: Plan, live: Live, facts: Facts) -> Iterator[Refusal]:
    for change in plan.flows:
        if change.before and not change.after:
            yield Refusal(
                guard="empty-flow",
                message=f"The flow {change.trigger} would become empty.",
                place=f"flows/{change.trigger}.yaml",
            )
