"""Finds what in a tenant git does not explain; reads only, and needs no key: no value is ever compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from reconciler.auth0.gateway import Gateway
from reconciler.desired import atomic
from reconciler.desired.load import load_repository
from reconciler.desired.state import Loaded, desired_of
from reconciler.engine import attribution
from reconciler.engine import drift as engine
from reconciler.engine.drift import flows, ignoring, strangers
from reconciler.engine.drift.held import history_wanted
from reconciler.engine.drift.ignoring import Ignored
from reconciler.engine.drift.world import World, named_commits
from reconciler.errors import GitError, InvalidInput, MissingScope, TenantError, Usage
from reconciler.model.deed import Deed, Deeds
from reconciler.model.drift import Drift
from reconciler.model.tenant import Desired
from reconciler.run.session import TOOL, open_session
from reconciler.run.validate import checked
from reconciler.run.workplace import Workplace

MOST_BASES = 50
"""How many commits between the base and the revision are looked at for a flow that neither explains, newest first."""

WINDOWS = 20
"""How many findings are looked up one by one in a log that is too long to be read from now back to them."""


@dataclass(frozen=True)
class Drifted:
    """What was found, how many requests it took, and what git says of the tenant."""

    drift: Drift
    requests: int
    loaded: Loaded


async def drift(place: Workplace, tenant: str, *, revision: str | None = None) -> Drifted:
    """Everything in a tenant that git does not explain, and who did it."""
    loaded = await checked(place, place.tree(revision), tenant, decrypt=False)
    async with open_session(place, tenant, loaded.tenant) as session:
        world = await read_world(place, loaded, session.gateway)
        requests = session.gateway.traffic.requests
    return Drifted(report(world, loaded), requests, loaded)


def save_report(text: str, path: Path) -> None:
    """Writes a report, whole or not at all. Raises Usage where there is no such folder."""
    if not path.absolute().parent.is_dir():
        raise Usage(f"There is no folder {path.parent} to write the report in.", "Make it, or name another file.")
    atomic.write(path, text.encode())


async def read_world(place: Workplace, loaded: Loaded, gateway: Gateway) -> World:
    """All that drift is found in: the tenant, git at every commit that matters, and the log as far as it is needed."""
    desired = loaded.desired
    live = await gateway.read_live(flow.trigger for flow in desired.flows)
    names = frozenset(action.name for action in desired.actions)
    history = await gateway.read_histories(history_wanted(live, names, desired.repo))
    bases = _bases(place, named_commits(live, desired.repo), desired.tenant)
    world = World(
        desired=desired,
        live=live,
        bases=bases,
        newest=place.repository.newest(bases),
        history=history,
        today=place.clock().date(),
    )
    world = replace(world, between=_between(place, world))
    return await _with_deeds(world, gateway)


def report(world: World, loaded: Loaded) -> Drift:
    """The findings, those that the tenant file says to leave alone marked."""
    ignored = [Ignored(**dict(entry)) for entry in loaded.tenant.drift.ignore]
    found = ignoring.marked(engine.findings(world), ignored, world.today)
    return Drift(
        tool=TOOL,
        repo=world.repo,
        tenant=world.desired.tenant,
        commit=world.desired.commit,
        findings=tuple(sorted(found, key=engine.in_order)),
        unknown=engine.unknown(world),
        untold=engine.untold(world),
        ended=(*ignoring.ended(ignored, world.today), *ignoring.unused(ignored, found, world.today)),
    )


def _bases(place: Workplace, commits: Iterable[str], tenant: str) -> Mapping[str, Desired]:
    """The tenant as git had it at each of those commits that it has and can still read."""
    known = sorted(place.repository.known(commits))
    loaded = ((commit, _desired_at(place, commit, tenant)) for commit in known)
    return {commit: desired for commit, desired in loaded if desired is not None}


def _between(place: Workplace, world: World) -> tuple[Desired, ...]:
    """Git at the commits after the newest base that touch what the base does not explain, oldest first."""
    triggers = flows.unexplained(world)
    gone = list(strangers.missing(world))
    if not world.newest or not (triggers or gone):
        return ()
    paths = [f"flows/{trigger}.yaml" for trigger in triggers] + [f"actions/{finding.name}" for finding in gone]
    until = world.desired.commit or place.repository.head()
    touching = place.repository.touching([*paths, f"tenants/{world.desired.tenant}.yaml"], world.newest, [until])
    newest_first = list(touching)[:MOST_BASES]
    loaded = (_desired_at(place, commit, world.desired.tenant) for commit in reversed(newest_first))
    return tuple(desired for desired in loaded if desired is not None)


def _desired_at(place: Workplace, commit: str, tenant: str) -> Desired | None:
    """The tenant as git had it at a commit; None where its files do not say what files have to say today."""
    try:
        return desired_of(load_repository(place.repository.tree(commit)), tenant, sops=None).desired
    except (InvalidInput, GitError):
        return None


async def _with_deeds(world: World, gateway: Gateway) -> World:
    """The world with what the log tells of it; a log that may not be read is told and hides nothing else."""
    found, untold = engine.findings(world), {*flows.untold(world), *(flow.trigger for flow in flows.waiting(world))}
    stamps = [finding.since for finding in found]
    stamps += [flows.bound_at(flow) for flow in world.live.flows if flow.trigger in untold]
    if not stamps:
        return world
    try:
        read = await gateway.read_deeds(since=_before(min(stamps)))
        known = replace(world, deeds=read.deeds)
        return replace(known, deeds=(*known.deeds, *await _looked_up(known, read, gateway)))
    except TenantError as unread:
        missing = isinstance(unread, MissingScope)
        why = "the log may not be read without the scope read:logs" if missing else "the log could not be read"
        return replace(world, silence=why)


async def _looked_up(world: World, read: Deeds, gateway: Gateway) -> tuple[Deed, ...]:
    """The deeds around each finding that lies before what was read of the log."""
    beyond = (finding for finding in engine.findings(world) if not finding.by and finding.since)
    moments = sorted({each.since for each in beyond if each.since < read.since}, reverse=True)
    windows = [await gateway.read_deeds(since=_before(each), until=_after(each)) for each in moments[:WINDOWS]]
    return tuple(deed for window in windows for deed in window.deeds)


def _before(moment: str) -> str:
    at = attribution.instant(moment)
    return _printed(at - attribution.SLACK) if at else ""


def _after(moment: str) -> str:
    at = attribution.instant(moment)
    return _printed(at + attribution.SLACK) if at else ""


def _printed(at: datetime) -> str:
    """As the log prints instants: UTC, milliseconds."""
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"
