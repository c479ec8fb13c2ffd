"""What several guards look at."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.plan import ActionChange, Plan
from reconciler.model.tenant import Live, LiveAction


def updates(plan: Plan, live: Live) -> Iterator[tuple[ActionChange, LiveAction]]:
    """Every change of something that is there, with what is there."""
    for change in plan.actions:
        there = live.action(change.name)
        if change.kind == "update" and there is not None:
            yield change, there
