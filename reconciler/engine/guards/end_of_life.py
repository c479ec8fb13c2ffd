"""Nothing new is deployed on a Node that gets no security fixes any more, where the trigger offers a newer one.

Where it offers none there is nothing to choose, and a refusal would only stop fixes of one's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from reconciler.catalogue.runtimes import end_of_life
from reconciler.catalogue.triggers import triggers
from reconciler.engine.guards.facts import Facts
from reconciler.engine.guards.looking import action_file, deployed
from reconciler.model.action import Content
from reconciler.model.plan import Plan, Refusal
from reconciler.model.tenant import Live


def refusals(plan: Plan, live: Live, facts: Facts) -> Iterator[Refusal]:
    for change in deployed(plan):
        refusal = _refusal(change.name, change.after, facts.today) if change.after and facts.today else None
        if refusal:
            yield refusal


def _refusal(name: str, content: Content, today: date) -> Refusal | None:
    newer = _newer(content, today) if _ended(content.runtime, today) else ""
    if not newer:
        return None
    return Refusal(
        guard="end-of-life",
        message=f"{name} would be deployed on {content.runtime}, whose Node has had no fixes since "
        f"{end_of_life(content.runtime)}.",
        remedy=f"Choose {newer} in its action.yaml, or in the tenant's overrides.",
        place=action_file(name),
    )


def _newer(content: Content, today: date) -> str:
    """The runtime with the longest life that the trigger offers; empty where all are past their end."""
    facts = triggers().get(content.trigger.id)
    offered = [name for name in (facts.runtimes if facts else ()) if not _ended(name, today)]
    return max(offered, key=lambda name: end_of_life(name) or date.max, default="")


def _ended(runtime: str, today: date) -> bool:
    end = end_of_life(runtime)
    return end is not None and today > end
