"""An action that runs in a flow is not deleted without a word: nothing brings it back, and logins miss it at once."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.engine.guards.facts import Facts
from reconciler.engine.guards.looking import touched
from reconciler.model.plan import Plan, Refusal
from reconciler.model.tenant import Live


def refusals(plan: Plan, live: Live, facts: Facts) -> Iterator[Refusal]:
    for change, there in touched(plan, live):
        flows = [flow.trigger for flow in live.flows if any(place.action_id == there.id for place in flow.bindings)]
        if change.kind == "delete" and flows:
            yield Refusal(
                guard="bound-delete",
                message=f"{change.name} would be deleted, and it runs in {', '.join(flows)} now.",
                remedy="Take it out of the flow and apply, then delete it.",
            )
