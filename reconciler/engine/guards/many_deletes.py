"""One plan does not delete much without a word: a folder that was lost in a merge must not empty a tenant."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.engine.guards.facts import Facts
from reconciler.engine.planner import owner
from reconciler.model.plan import Plan, Refusal
from reconciler.model.tenant import Live


def refusals(plan: Plan, live: Live, facts: Facts) -> Iterator[Refusal]:
    doomed = [module.name for module in plan.modules if module.kind == "delete"]
    doomed += [change.name for change in plan.actions if change.kind == "delete"]
    most, owned = facts.deletes, _owned(plan, live)
    if len(doomed) > most.count or (len(doomed) > 1 and len(doomed) * 100 > owned * most.percent):
        yield Refusal(
            guard="many-deletes",
            message=f"{len(doomed)} of {owned} things that {plan.repo} has in the tenant would be deleted "
            f"({', '.join(doomed)}), more than {most.count} or {most.percent} %.",
        )


def _owned(plan: Plan, live: Live) -> int:
    """How many actions and modules of the tenant come from the repository."""
    actions = sum(owner(action) == plan.repo for action in live.actions)
    return actions + sum(module.owner == plan.repo for module in live.modules or ())
