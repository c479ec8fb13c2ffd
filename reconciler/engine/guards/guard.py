"""What a guard is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from reconciler.engine.guards.facts import Facts
from reconciler.model.plan import Plan, Refusal
from reconciler.model.tenant import Live


@dataclass(frozen=True)
class Guard:
    """One reason to refuse a plan. `name` allows it, `why` tells in one sentence what it keeps from happening.

    `late` marks what says nothing of the plan itself but of the moment it is applied in: `plan` tells it as a note, for
    otherwise every pull request would be refused. `hopeless` marks what the platform refuses all the same when it is
    allowed, so that nobody is told to allow it. `from_git` marks what can be told where an earlier commit stands in for
    the tenant: it asks nothing that only the tenant knows.
    """

    name: str
    why: str
    refusals: Callable[[Plan, Live, Facts], Iterable[Refusal]]
    late: bool = False
    hopeless: bool = False
    from_git: bool = False
