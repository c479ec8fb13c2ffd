"""Nothing new is deployed on a Node that gets no security fixes any more."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.catalogue.runtimes import end_of_life
from reconciler.engine.guards.facts import Facts
from reconciler.engine.guards.looking import deployed
from reconciler.model.plan import Plan, Refusal
from reconciler.model.tenant import Live


def refusals(plan: Plan, live: Live, facts: Facts) -> Iterator[Refusal]:
    for change in deployed(plan):
        runtime = change.after.runtime if change.after else ""
        end = end_of_life(runtime)
        if facts.today and end and facts.today > end:
            yield Refusal(
                guard="end-of-life",
                message=f"{change.name} would be deployed on {runtime}, whose Node has had no fixes since {end}.",
                remedy="Choose a newer runtime in its action.yaml.",
            )
