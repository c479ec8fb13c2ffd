"""What was rolled back from is not deployed again as it was; anything else is."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.engine.guards.facts import Facts
from reconciler.engine.guards.looking import action_file, updates
from reconciler.engine.planner import owner
from reconciler.engine.rolled_back import holds
from reconciler.model.plan import Plan, Refusal
from reconciler.model.tenant import Live, Version


def refusals(plan: Plan, live: Live, facts: Facts) -> Iterator[Refusal]:
    for change, there in updates(plan, live):
        if change.kind != "update" or not change.deploy or owner(there) != plan.repo:
            continue
        held = next((version for version in there.later if holds(version, change.after, change.provenance)), None)
        if held:
            yield _refusal(change.name, held)


def _refusal(name: str, held: Version) -> Refusal:
    commit = held.provenance.commit[:12] if held.provenance else ""
    origin = f"commit {commit} (version {held.number})" if commit else f"version {held.number}, made outside git"
    return Refusal(
        guard="rolled-back",
        message=f"{name} was rolled back from {origin}, and this plan would deploy the very same again.",
        # The commit that a version names was applied; the one that changed the action may be another.
        remedy=f"Revert what changed {name} since, or commit a fix: any other content passes.",
        place=action_file(name),
    )
