"""Holds git against a tenant."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from reconciler.desired import atomic
from reconciler.desired.state import Loaded
from reconciler.engine import guards, planner
from reconciler.engine.guards.facts import Facts
from reconciler.errors import Diagnostic, InvalidInput, Span, Usage
from reconciler.model.plan import FORMAT, Plan, Refusal
from reconciler.model.tenant import Desired
from reconciler.run.session import TOOL, Session, open_session
from reconciler.run.validate import checked
from reconciler.run.workplace import Workplace


@dataclass(frozen=True)
class Planned:
    """A plan, what the guards have against it, and how many requests it took."""

    plan: Plan
    refusals: tuple[Refusal, ...] = ()
    requests: int = 0


async def plan(place: Workplace, tenant: str, *, revision: str | None, allow: tuple[str, ...] = ()) -> Planned:
    """What apply would change; reads only."""
    loaded = await checked(place, place.tree(revision), tenant)
    async with open_session(place, tenant, loaded.tenant) as session:
        return await planned(session, loaded.desired, facts_of(place, loaded, allow))


async def planned(session: Session, desired: Desired, facts: Facts) -> Planned:
    """The plan of an open tenant."""
    live = await session.gateway.read_live(flow.trigger for flow in desired.flows)
    made = planner.plan(desired, live, tool=TOOL)
    return Planned(made, guards.refusals(made, live, facts), session.gateway.traffic.requests)


def facts_of(place: Workplace, loaded: Loaded, allow: tuple[str, ...]) -> Facts:
    """What the guards have to know: those that pass are named on the command line or given a reason in the tenant
    file."""
    told = {entry.guard: entry.reason for entry in loaded.tenant.guards.allow}
    return Facts(allowed=told | dict.fromkeys(allow, "--allow"), today=place.clock().date())


def save_plan(plan: Plan, path: Path) -> None:
    """Writes the plan, whole or not at all; there is no secret in it. Raises Usage where there is no such folder."""
    if not path.absolute().parent.is_dir():
        raise Usage(f"There is no folder {path.parent} to save the plan in.", "Make it, or name another file.")
    atomic.write(path, (plan.model_dump_json(indent=2) + "\n").encode())


def load_plan(path: Path) -> Plan:
    """The plan in a file; raises InvalidInput for one that is broken or of another format."""
    try:
        made = Plan.model_validate_json(path.read_bytes())
    except ValidationError as broken:
        raise _unusable(path, "it is not a plan of this version of reconciler.") from broken
    if made.format != FORMAT or made.tool != TOOL:
        raise _unusable(path, f"it was made by {made.tool} (format {made.format}).")
    return made


def _unusable(path: Path, why: str) -> InvalidInput:
    return InvalidInput([Diagnostic(Span(str(path)), f"this plan cannot be used: {why}", "Make it again.")])
