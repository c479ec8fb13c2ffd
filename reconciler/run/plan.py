"""Holds git against a tenant."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from reconciler.desired import atomic
from reconciler.engine import approval, guards, planner
from reconciler.engine.guards.facts import Facts
from reconciler.errors import Diagnostic, InvalidInput, Span, Usage
from reconciler.model.plan import FORMAT, Plan, PlanDocument, Verdict
from reconciler.model.tenant import Desired
from reconciler.run.facts import read_facts
from reconciler.run.session import TOOL, Session, open_session
from reconciler.run.validate import checked
from reconciler.run.workplace import Workplace


@dataclass(frozen=True)
class Planned:
    """A plan, what the guards say of it, how many requests it took, and the warnings of the files."""

    plan: Plan
    verdict: Verdict = field(default_factory=Verdict)
    requests: int = 0
    notices: tuple[Diagnostic, ...] = ()

    @property
    def checksum(self) -> str:
        """What the plan is approved by."""
        return approval.checksum(self.plan)

    @property
    def document(self) -> PlanDocument:
        """The plan as it is saved and printed as JSON."""
        return approval.document(self.plan, self.verdict)


async def plan(
    place: Workplace, tenant: str, *, revision: str | None, allow: tuple[str, ...] = (), stamp: bool = False
) -> Planned:
    """What apply would change; reads only. `stamp` records the commit of what git did not make and has all the same."""
    loaded = await checked(place, place.tree(revision), tenant)
    async with open_session(place, tenant, loaded.tenant) as session:
        made = await planned(session, loaded.desired, await read_facts(place, loaded, allow), stamp=stamp)
    return replace(made, notices=loaded.notices)


async def planned(
    session: Session, desired: Desired, facts: Facts, *, applying: bool = False, stamp: bool = False
) -> Planned:
    """The plan of an open tenant; the guards judge one that is going to be applied by all they know."""
    live = await session.gateway.read_live(flow.trigger for flow in desired.flows)
    made = planner.plan(desired, live, tool=TOOL, stamp=stamp)
    verdict = guards.judged(made, live, facts, applying=applying)
    return Planned(made, verdict, session.gateway.traffic.requests)


def save_plan(made: Planned, path: Path) -> None:
    """Writes the plan, whole or not at all; there is no secret in it. Raises Usage where there is no such folder."""
    if not path.absolute().parent.is_dir():
        raise Usage(f"There is no folder {path.parent} to save the plan in.", "Make it, or name another file.")
    atomic.write(path, (made.document.model_dump_json(indent=2) + "\n").encode())


def load_plan(path: Path) -> Plan:
    """The plan in a file; raises InvalidInput for one that another version made, and for one that is not whole."""
    made = _made_here(path, _mapping(path))
    if made.against:
        raise _unusable(path, f"it is against {made.against.told}, not the tenant {made.tenant}.", "Plan the tenant.")
    if approval.checksum(made) != made.checksum:
        raise _unusable(path, "it was changed after it was made, for its checksum does not fit what it says.")
    return Plan(**{name: getattr(made, name) for name in Plan.model_fields})


def _mapping(path: Path) -> dict[str, Any]:
    try:
        told = json.loads(path.read_bytes())
    except ValueError as broken:
        raise _unusable(path, "it is cut short, or no JSON.") from broken
    if not isinstance(told, dict) or "format" not in told or "tool" not in told:
        raise _unusable(path, "it is no plan of reconciler.")
    return told


def _made_here(path: Path, told: dict[str, Any]) -> PlanDocument:
    if (told["format"], told["tool"]) != (FORMAT, TOOL):
        raise _unusable(
            path,
            f"it was made by {told['tool']} (plan format {told['format']}); this is {TOOL} (plan format {FORMAT}).",
        )
    try:
        return PlanDocument.model_validate_json(json.dumps(told))
    except ValidationError as broken:
        where = ".".join(str(part) for part in broken.errors()[0]["loc"])
        raise _unusable(path, f"it was changed after it was made: {where} is not as reconciler writes it.") from broken


def _unusable(path: Path, why: str, remedy: str = "Make it again.") -> InvalidInput:
    return InvalidInput([Diagnostic(Span(str(path)), f"this plan cannot be used: {why}", remedy)], str(path))
