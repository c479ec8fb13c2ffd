"""The platform does not move an action from one trigger to another (wire.md, section 0)."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.engine.guards.facts import Facts
from reconciler.engine.guards.looking import action_file, updates
from reconciler.model.plan import Plan, Refusal
from reconciler.model.tenant import Live


def refusals(plan: Plan, live: Live, facts: Facts) -> Iterator[Refusal]:
    for change, there in updates(plan, live):
        if change.after and change.after.trigger.id != there.trigger.id:
            yield Refusal(
                guard="change-trigger",
                message=f"{change.name} is written for {there.trigger.id}; the platform does not move an action to "
                f"{change.after.trigger.id}.",
                remedy="Give it another name.",
                place=action_file(change.name),
            )
