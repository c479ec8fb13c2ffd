"""An action that git did not make is never replaced without a word (law 7)."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.engine.guards.facts import Facts
from reconciler.engine.guards.looking import action_file, module_file, module_updates, updates
from reconciler.engine.planner import owner
from reconciler.model.plan import ActionChange, Plan, Refusal
from reconciler.model.tenant import Live, LiveAction


def refusals(plan: Plan, live: Live, facts: Facts) -> Iterator[Refusal]:
    for change, there in updates(plan, live):
        if not owner(there) and not _as_it_runs(change, there):
            yield Refusal(
                guard="take-over",
                message=f"{change.name} was not made by git: this plan would take it over and replace its content.",
                place=action_file(change.name),
            )
    for module, found in module_updates(plan, live):
        if not found.owner:
            yield Refusal(
                guard="take-over",
                message=f"The module {module.name} was not made by git: this plan would take it over and replace its "
                "content.",
                place=module_file(module.name),
            )


def _as_it_runs(change: ActionChange, there: LiveAction) -> bool:
    """Whether the change makes a version of the very content that runs: nothing is replaced."""
    return there.version is not None and change.after == there.version.content and not change.send_secrets
