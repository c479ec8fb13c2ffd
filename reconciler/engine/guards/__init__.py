"""Reasons to refuse a plan: one a file, each with the name that allows it.

They are pure, so that they can run when planning and again before the first write.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

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
from reconciler.engine.guards.guard import Guard
from reconciler.model.plan import Allowed, Plan, Refusal, Verdict
from reconciler.model.tenant import Live

_GUARDS = (
    Guard("take-over", "An action or module that git did not make would be replaced.", take_over.refusals),
    Guard("other-repository", "A version or a draft belongs to another repository.", other_repository.refusals),
    Guard("renamed", "An action that was renamed or copied by hand would be created again.", renamed.refusals),
    Guard(
        "change-trigger",
        "An action would have to move to another trigger.",
        change_trigger.refusals,
        hopeless=True,
        from_git=True,
    ),
    Guard(
        "missing-module",
        "An action would use a version of a module that is not there.",
        missing_module.refusals,
        hopeless=True,
    ),
    Guard(
        "module-in-use",
        "A module that an action goes on using would be deleted.",
        module_in_use.refusals,
        hopeless=True,
        from_git=True,
    ),
    Guard("rolled-back", "What was rolled back from would be deployed again as it was.", rolled_back.refusals),
    Guard(
        "lose-secret", "A secret that git neither wrote nor names would be lost.", lose_secret.refusals, from_git=True
    ),
    Guard("missing-secret", "A secret that git keeps is not in the tenant.", missing_secret.refusals),
    Guard("empty-flow", "A flow would become empty.", empty_flow.refusals, from_git=True),
    Guard("bound-delete", "An action that runs in a flow now would be deleted.", bound_delete.refusals, from_git=True),
    Guard(
        "many-deletes",
        "Much of what the repository has in the tenant would be deleted.",
        many_deletes.refusals,
        from_git=True,
    ),
    Guard("token", "Code holds the value of a secret, or what looks like a token.", token.refusals, from_git=True),
    Guard(
        "end-of-life",
        "The runtime's Node gets no security fixes, and a newer one is offered.",
        end_of_life.refusals,
        from_git=True,
    ),
    Guard("history", "The oldest versions of an action are about to be dropped.", history.refusals),
    Guard("branch", "The commit is not on the protected branch of the tenant.", branch.refusals, late=True),
    Guard("promotion", "The tenant that comes before does not carry the commit.", promotion.refusals, late=True),
)

GUARDS: Mapping[str, Guard] = {guard.name: guard for guard in _GUARDS}
"""Every guard by the name that allows it, in the order in which they are heard."""


def judged(plan: Plan, live: Live, facts: Facts, *, applying: bool = False) -> Verdict:
    """What the guards say of a plan. While it is only shown, `late` ones note what would stop an apply."""
    return _judged(GUARDS.values(), plan, live, facts, applying)


def judged_from_git(plan: Plan, live: Live, facts: Facts) -> Verdict:
    """What those guards say of a plan that ask nothing of the tenant, where an earlier commit stands in for it."""
    return _judged([guard for guard in GUARDS.values() if guard.from_git], plan, live, facts, applying=False)


def _judged(asked: Iterable[Guard], plan: Plan, live: Live, facts: Facts, applying: bool) -> Verdict:
    said = [(guard, refusal) for guard in asked for refusal in guard.refusals(plan, live, facts)]
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
