"""Reasons to refuse a plan: one a file, each with the name that allows it.

They are pure, so that they can run when planning and again before the first write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from reconciler.engine.guards import (
    change_trigger,
    empty_flow,
    lose_secret,
    many_deletes,
    missing_secret,
    modules,
    other_repository,
    renamed,
    take_over,
)
from reconciler.engine.guards.facts import Facts
from reconciler.model.plan import Plan, Refusal
from reconciler.model.tenant import Live

Guard = Callable[[Plan, Live, Facts], Iterable[Refusal]]

GUARDS: Mapping[str, Guard] = {
    "take-over": take_over.refusals,
    "other-repository": other_repository.refusals,
    "renamed": renamed.refusals,
    "change-trigger": change_trigger.refusals,
    "modules": modules.refusals,
    "lose-secret": lose_secret.refusals,
    "missing-secret": missing_secret.refusals,
    "empty-flow": empty_flow.refusals,
    "many-deletes": many_deletes.refusals,
}
"""Every guard by the name that allows it."""


def refusals(plan: Plan, live: Live, facts: Facts) -> tuple[Refusal, ...]:
    """Everything the guards have against the plan, apart from what is allowed by name."""
    return tuple(
        refusal for name, guard in GUARDS.items() if name not in facts.allowed for refusal in guard(plan, live, facts)
    )
