"""Modules that an action uses in the tenant are not taken from it."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.engine.guards.facts import Facts
from reconciler.engine.guards.looking import updates
from reconciler.model.plan import Plan, Refusal
from reconciler.model.tenant import Live


def refusals(plan: Plan, live: Live, facts: Facts) -> Iterator[Refusal]:
    for change, there in updates(plan, live):
        if there.draft.content.modules or (there.version and there.version.content.modules):
            yield Refusal(
                guard="modules", message=f"{change.name} uses modules in the tenant, which cannot be written yet."
            )
