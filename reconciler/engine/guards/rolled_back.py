"""What was rolled back from is not deployed again as it was; anything else is."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.engine.guards.facts import Facts
from reconciler.engine.guards.looking import updates
from reconciler.engine.planner import owner
from reconciler.model.plan import ActionChange, Plan, Refusal
from reconciler.model.tenant import Live, Version


def refusals(plan: Plan, live: Live, facts: Facts) -> Iterator[Refusal]:
    for change, there in updates(plan, live):
        if change.kind != "update" or not change.deploy or owner(there) != plan.repo:
            continue
        held = next((version for version in there.later if _is_made_again(change, version)), None)
        if held:
            yield _refusal(change.name, held)


def _is_made_again(change: ActionChange, held: Version) -> bool:
    """Whether the very content would be deployed again; another value of a secret makes it another, where both are
    known."""
    if change.after != held.content:
        return False
    if change.provenance is None or held.provenance is None:
        return True
    return change.provenance.secrets == held.provenance.secrets


def _refusal(name: str, held: Version) -> Refusal:
    commit = held.provenance.commit[:12] if held.provenance else ""
    origin = f"commit {commit} (version {held.number})" if commit else f"version {held.number}, made outside git"
    return Refusal(
        guard="rolled-back",
        message=f"{name} was rolled back from {origin}, and this plan would deploy the very same again.",
        # The commit that a version names was applied; the one that changed the action may be another.
        remedy=f"Revert what changed {name} since, or commit a fix: any other content passes.",
    )
