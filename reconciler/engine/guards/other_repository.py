"""Two repositories never fight over one action."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.engine.guards.facts import Facts
from reconciler.engine.guards.looking import updates
from reconciler.engine.planner import owner
from reconciler.model.plan import Plan, Refusal
from reconciler.model.tenant import Live


def refusals(plan: Plan, live: Live, facts: Facts) -> Iterator[Refusal]:
    for change, there in updates(plan, live):
        if owner(there) and owner(there) != plan.repo:
            yield Refusal(guard="other-repository", message=f"{change.name} belongs to the repository {owner(there)}.")
