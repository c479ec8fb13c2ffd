"""No secret is deployed as a part of the code: everybody who reads the repository or the dashboard has it then."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.engine.guards.facts import Facts
from reconciler.engine.guards.looking import deployed
from reconciler.model.plan import Plan, Refusal
from reconciler.model.tenant import Live


def refusals(plan: Plan, live: Live, facts: Facts) -> Iterator[Refusal]:
    written = {("action", change.name) for change in deployed(plan)}
    written |= {("module", module.name) for module in plan.modules if module.kind != "delete" and module.publish}
    for leak in facts.leaks:
        if (leak.owner, leak.name) in written:
            yield Refusal(
                guard="token",
                message=f"{leak.place} holds {leak.what}.",
                remedy="Take it for leaked, change it, and refer to it as a secret.",
                place=leak.place,
            )
