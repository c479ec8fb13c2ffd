"""Whether the tenant that comes before carries a commit (`promote` in reconciler.yaml)."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.desired.state import Loaded, desired_of
from reconciler.engine import planner
from reconciler.engine.guards.facts import Facts
from reconciler.errors import ReconcilerError
from reconciler.model.plan import Plan
from reconciler.run.session import TOOL, open_session
from reconciler.run.workplace import Workplace


async def with_earlier(place: Workplace, loaded: Loaded, facts: Facts) -> Facts:
    """The facts, and what the tenant that comes before lacks of the commit. Reads only, and raises nothing: why it
    could not be looked at is a fact, too.

    A tenant carries a commit when a plan of that commit against it would change nothing. Its own secrets are a part of
    that, so whoever promotes needs its key and its credentials.
    """
    repository = loaded.documents.repository
    earlier = before(loaded.desired.tenant, repository.document.promote if repository else ())
    if not earlier:
        return facts
    try:
        missing = _changes(await _planned(place, loaded, earlier))
    except ReconcilerError as unknown:
        return facts.model_copy(update={"earlier": earlier, "unread": unknown.message})
    return facts.model_copy(update={"earlier": earlier, "missing": missing})


def before(tenant: str, order: Sequence[str]) -> str:
    """The tenant that a commit reaches right before that one; empty for the first, and for one that has no place."""
    at = order.index(tenant) if tenant in order else 0
    return order[at - 1] if at else ""


async def _planned(place: Workplace, loaded: Loaded, tenant: str) -> Plan:
    earlier = desired_of(loaded.documents, tenant, sops=place.sops)
    async with open_session(place, tenant, earlier.tenant) as session:
        live = await session.gateway.read_live(flow.trigger for flow in earlier.desired.flows)
    return planner.plan(earlier.desired, live, tool=TOOL)


def _changes(plan: Plan) -> tuple[str, ...]:
    return (
        *(f"module {change.name}" for change in plan.modules),
        *(f"action {change.name}" for change in plan.actions),
        *(f"flow {change.trigger}" for change in plan.flows),
    )
