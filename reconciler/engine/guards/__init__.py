"""Reasons to refuse a plan: one a file, each with the name that allows it.

They are pure, so that they can run when planning and again before the first write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from reconciler.engine.guard_words import GUARDS, Guard
from reconciler.engine.guards import (
    bound_delete,
    branch,
    change_trigger,
    empty_flow,
    end_of_life,
    history,
    lose_secret,
    many_deletes,
    missing_module,
    missing_secret,
    module_in_use,
    other_repository,
    promotion,
    renamed,
    rolled_back,
    take_over,
    token,
)
from reconciler.engine.guards.facts import Facts
from reconciler.model.plan import Allowed, Plan, Refusal, Verdict
from reconciler.model.tenant import Live

Refusals = Callable[[Plan, Live, Facts], Iterable[Refusal]]

_REFUSALS: Mapping[str, Refusals] = {
    "take-over": take_over.refusals,
    "other-repository": other_repository.refusals,
    "renamed": renamed.refusals,
    "change-trigger": change_trigger.refusals,
    "missing-module": missing_module.refusals,
    "module-in-use": module_in_use.refusals,
    "rolled-back": rolled_back.refusals,
    "lose-secret": lose_secret.refusals,
    "missing-secret": missing_secret.refusals,
    "empty-flow": empty_flow.refusals,
    "bound-delete": bound_delete.refusals,
    "many-deletes": many_deletes.refusals,
    "token": token.refusals,
    "end-of-life": end_of_life.refusals,
    "history": history.refusals,
    "branch": branch.refusals,
    "promotion": promotion.refusals,
}
"""What each guard has against a plan, by its name."""


def judged(plan: Plan, live: Live, facts: Facts, *, applying: bool = False) -> Verdict:
    """What the guards say of a plan. While it is only shown, `late` ones note what would stop an apply."""
    return _judged(GUARDS.values(), plan, live, facts, applying)


def judged_from_git(plan: Plan, live: Live, facts: Facts) -> Verdict:
    """What those guards say of a plan that ask nothing of the tenant, where an earlier commit stands in for it."""
    return _judged([guard for guard in GUARDS.values() if guard.from_git], plan, live, facts, applying=False)


def _judged(asked: Iterable[Guard], plan: Plan, live: Live, facts: Facts, applying: bool) -> Verdict:
    said = [(guard, refusal) for guard in asked for refusal in _REFUSALS[guard.name](plan, live, facts)]
    standing = [(guard, _told(refusal, facts)) for guard, refusal in said if guard.name not in facts.allowed]
    return Verdict(
        refusals=tuple(refusal for guard, refusal in standing if applying or not guard.late),
        notes=tuple(refusal for guard, refusal in standing if guard.late and not applying),
        allowed=tuple(
            Allowed(guard=guard.name, message=refusal.message, reason=facts.allowed[guard.name])
            for guard, refusal in said
            if guard.name in facts.allowed
        ),
    )


def refusals(plan: Plan, live: Live, facts: Facts) -> tuple[Refusal, ...]:
    """Everything the guards have against applying the plan now, apart from what is allowed by name."""
    return judged(plan, live, facts, applying=True).refusals


def _told(refusal: Refusal, facts: Facts) -> Refusal:
    ended = facts.ended.get(refusal.guard)
    if ended is None:
        return refusal
    return refusal.model_copy(update={"message": f"{refusal.message} (It was allowed until {ended}.)"})
