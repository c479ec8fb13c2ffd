"""Two repositories never fight over one action."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.engine import naming
from reconciler.engine.guards.facts import Facts
from reconciler.engine.guards.looking import module_updates, touched
from reconciler.engine.planner import owner
from reconciler.model.plan import Plan, Refusal
from reconciler.model.tenant import Live, LiveAction


def refusals(plan: Plan, live: Live, facts: Facts) -> Iterator[Refusal]:
    for change, there in touched(plan, live):
        if owner(there) not in ("", plan.repo):
            yield Refusal(guard="other-repository", message=f"{change.name} belongs to the repository {owner(there)}.")
        elif _staged(there) not in ("", plan.repo):
            yield Refusal(
                guard="other-repository",
                message=f"The draft of {change.name} was written by the repository {_staged(there)}.",
            )
    for module, found in module_updates(plan, live):
        if found.owner not in ("", plan.repo):
            yield Refusal(
                guard="other-repository", message=f"The module {module.name} belongs to the repository {found.owner}."
            )


def _staged(action: LiveAction) -> str:
    """The repository that wrote the draft; empty where the provenance was copied along with another action's code."""
    provenance = action.draft.provenance
    return provenance.repo if provenance and naming.is_of(provenance.path, action.name) else ""
