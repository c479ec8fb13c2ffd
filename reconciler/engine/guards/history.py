"""Versions do not begin to roll off without a word: a version that is gone cannot be rolled back to.

The platform keeps 50 versions of an action and drops the oldest (limits.md, section 1), so deploys are refused from
version 46 to 50; whoever let those pass knows it, and later ones are not refused. A module has no room for a 51st
version: publishing it is refused (limits.md, section 1).
"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.catalogue.limits import VERSIONS_PER_ACTION, VERSIONS_PER_MODULE
from reconciler.engine.guards.facts import Facts
from reconciler.engine.guards.looking import deployed, module_updates
from reconciler.model.plan import Plan, Refusal
from reconciler.model.tenant import Live

NEAR = 5
"""How many versions before the last one somebody has to say a word."""


def refusals(plan: Plan, live: Live, facts: Facts) -> Iterator[Refusal]:
    for change in deployed(plan):
        if VERSIONS_PER_ACTION - NEAR < change.number <= VERSIONS_PER_ACTION:
            yield Refusal(
                guard="history",
                message=f"{change.name} would get version {change.number}; the platform keeps {VERSIONS_PER_ACTION} of "
                "an action and drops the oldest with each one more, which nobody can roll back to then.",
            )
    for module, there in module_updates(plan, live):
        if module.publish and len(there.versions) >= VERSIONS_PER_MODULE - NEAR:
            yield Refusal(
                guard="history",
                message=f"The module {module.name} has {len(there.versions)} versions, and the platform publishes no "
                f"more than {VERSIONS_PER_MODULE}.",
                remedy="Give it a new name before that.",
            )
