"""A commit reaches a tenant only when the tenant before it carries it: what runs in production ran in staging."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.engine.guards.facts import Facts
from reconciler.model.plan import Plan, Refusal
from reconciler.model.tenant import Live


def refusals(plan: Plan, live: Live, facts: Facts) -> Iterator[Refusal]:
    if plan.empty:
        return
    if facts.unread:
        yield Refusal(
            guard="promotion",
            message=f"The tenant {facts.earlier} comes before {plan.tenant}, and whether it carries this commit is not "
            f"known: {facts.unread}",
        )
    elif facts.missing:
        yield Refusal(
            guard="promotion",
            message=f"The tenant {facts.earlier} comes before {plan.tenant} and does not carry this commit: "
            f"{', '.join(facts.missing)} differ there.",
            remedy=f"Run `reconciler apply --tenant {facts.earlier}` first.",
        )
