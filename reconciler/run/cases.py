"""Runs the cases of actions and flows on the embedded runtime; nothing leaves the machine."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Protocol, Self

from reconciler.desired.known_yaml import KnownYaml
from reconciler.desired.load import Documents
from reconciler.desired.state import Loaded
from reconciler.engine.coverage import shortfalls
from reconciler.errors import CasesFailed, Usage
from reconciler.local.node.case_host import CaseHost
from reconciler.local.node.coverage import CodeCoverage
from reconciler.local.node.spawn import Launched
from reconciler.model.case import Outcome
from reconciler.model.coverage import FileCoverage
from reconciler.model.event import Event
from reconciler.npm import node_executable
from reconciler.report.cases import owner_of
from reconciler.run.case_jobs import Packages, packages_of, runs_of
from reconciler.run.case_nodes import AT_ONCE, CASE_SECONDS, readable
from reconciler.run.case_runs import Also, Heard, ended
from reconciler.run.chosen import FLOWS, Chosen, Wish, chosen
from reconciler.run.coverage import covered, thresholds
from reconciler.run.flow_cases import Stage, bound_actions, flow_runs_of
from reconciler.run.last_failed import keep_failed, load_failed
from reconciler.run.snapshots import Snapshots, Written
from reconciler.run.touched import touched_since
from reconciler.run.validate import runnable
from reconciler.run.workplace import Workplace

ANOTHER_DAY = timedelta(days=400)
"""From today to a day on which all that a clock tells is something else."""


Elsewhere = Callable[[Workplace, Loaded], AbstractAsyncContextManager[Also | None]]
"""Opens what else cases are run on, such as the drafts of the tenant."""


class Record(Protocol):
    """Writes the snapshots that were recorded, of the files whose cases `ran` or of all files."""

    def __call__(
        self, documents: Documents, snapshots: Snapshots, ran: Iterable[str], *, everything: bool
    ) -> Written: ...


def nowhere_else(place: Workplace, loaded: Loaded) -> AbstractAsyncContextManager[None]:
    """Cases run here only."""
    return nullcontext()


class Asked(NamedTuple):
    """What a test run is asked for: the cases of a wish as one tenant has them, from the files at hand or a `revision`.

    `since` names a revision: only what changed since is run. With `failed`, only cases that failed when they last ran.
    `limit` is what a case may take, in seconds. Snapshots are compared, or recorded and written by `record`. With
    `coverage` it is counted what of the code runs; None counts where reconciler.yaml says how much has to. `elsewhere`
    is where else they run. `remember`: files of cases that were read before need not be parsed again.
    """

    tenant: str
    wish: Wish = Wish()
    revision: str | None = None
    since: str = ""
    failed: bool = False
    limit: float = CASE_SECONDS
    record: Record | None = None
    coverage: bool | None = False
    elsewhere: Elsewhere = nowhere_else
    remember: bool = False

    @property
    def whole(self) -> bool:
        """Whether every case runs of whatever is run."""
        return not (self.wish.texts or self.failed)


class Listening(NamedTuple):
    """Who hears of a test run: `chosen` of what is going to be run, once, and `ended` of each case in its order."""

    chosen: Callable[[Loaded, Chosen], None] = lambda loaded, picked: None
    ended: Heard = lambda outcome: None


@dataclass(frozen=True)
class Tested:
    """What running cases came to, in their order; `left_out` counts the cases of the repository that were not asked
    for, `written` names the files of snapshots that were recorded. `coverage` is what of each file ran, where it was
    counted, `short` a sentence for each of which less did than reconciler.yaml asks."""

    outcomes: tuple[Outcome, ...] = field(repr=False)  # asyncio renders what a run gives, and throws that away
    left_out: int = 0
    written: Written = field(default_factory=Written)
    coverage: tuple[FileCoverage, ...] = ()
    short: tuple[str, ...] = ()


class Hosts:
    """The Node processes of cases, kept from one run to the next. They can read the store of packages and nothing else.
    Leaving it ends them. With `warm` they get ready at once; else `coverage` may be set until they are needed. Those
    `launched` before are taken first."""

    def __init__(
        self,
        store: Path,
        limit: float = CASE_SECONDS,
        *,
        coverage: bool = False,
        warm: bool = False,
        launched: list[Launched] | None = None,
    ) -> None:
        self._store = store
        self._limit = limit
        self.coverage = coverage
        self._warm = warm
        self._launched = launched
        self._host: CaseHost | None = None
        self._reads: tuple[Path, ...] = ()

    async def __aenter__(self) -> Self:
        if self._warm:
            await (await self._opened()).warm()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.end()

    async def end(self) -> None:
        """Ends the processes, and what they counted is forgotten; others are started when they are needed."""
        host, self._host = self._host, None
        if host:
            await host.__aexit__(None, None, None)

    async def over(self, packages: Packages) -> CaseHost:
        """A host whose processes can read those packages, which are in the store by now."""
        if self._host and packages.folders and not self._reads:
            await self.end()
        return self._host or await self._opened()

    async def _opened(self) -> CaseHost:
        self._reads = readable(self._store)
        made = CaseHost(
            node_executable(),
            folders=self._reads,
            at_once=AT_ONCE,
            limit=self._limit,
            coverage=self.coverage,
            launched=self._launched,
        )
        self._host = await made.__aenter__()
        return self._host

    async def ran(self) -> tuple[CodeCoverage, ...]:
        """What of the code ran, where it was to be counted."""
        return await self._host.coverage() if self._host and self.coverage else ()


async def test(place: Workplace, asked: Asked, listening: Listening, launched: list[Launched] | None = None) -> Tested:
    """How every case that is asked for ended. Cases bring their own secrets, so no key is needed. `launched` are Node
    processes for them that are starting already.

    Raises Usage for a name that git does not have and for snapshots that would be written to a commit, InvalidInput
    with everything that is wrong with the files, and a TenantError where the tenant does not do as asked.
    """
    if asked.record and asked.revision:
        raise Usage("Snapshots are files on disk, and a commit cannot be written to.", "Leave out --rev or --update.")
    known = asked.coverage is not None
    coverage = bool(asked.coverage)
    async with Hosts(place.npm.store, asked.limit, coverage=coverage, warm=known, launched=launched) as hosts:
        return await _tested(place, asked, listening, hosts)


async def _tested(place: Workplace, asked: Asked, listening: Listening, hosts: Hosts) -> Tested:
    loaded = await loaded_for(place, asked)
    picked = picked_of(place, loaded, asked)
    listening.chosen(loaded, picked)
    snapshots = Snapshots(loaded.documents, another_day=place.clock() + ANOTHER_DAY if asked.record else None)
    aims = thresholds(loaded)
    counted = bool(aims) if asked.coverage is None else asked.coverage
    hosts.coverage = counted
    async with asked.elsewhere(place, loaded) as also:
        outcomes = await run(place, loaded, picked, hosts, listening.ended, snapshots, also)
        coverage = covered(loaded, await hosts.ran(), looked_at(asked, picked), whole=asked.whole) if counted else ()
    if not asked.revision:
        keep_failed(place.made_state(), outcomes)
    ran = {outcome.file for outcome in outcomes}
    whole = not picked.left_out
    written = asked.record(loaded.documents, snapshots, ran, everything=whole) if asked.record else Written()
    return Tested(outcomes, picked.left_out, written, coverage, shortfalls(coverage, aims) if aims else ())


def looked_at(asked: Asked, picked: Chosen) -> frozenset[str] | None:
    """The actions whose coverage is told: those that are named or chosen, None where nobody chose."""
    if not (asked.wish.names or asked.wish.texts or asked.since or asked.failed):
        return None
    named = {name for name in asked.wish.names if not asked.since and not name.startswith(FLOWS)}
    return frozenset({*picked.actions, *named})


async def loaded_for(place: Workplace, asked: Asked) -> Loaded:
    """The repository at the revision, or as it is on disk: git need not be asked what is committed of it. Raises
    InvalidInput with everything that is wrong with the files."""
    tree = place.repository.tree(asked.revision) if asked.revision else place.repository.worktree()
    return await runnable(place, tree, asked.tenant, KnownYaml(place.state if asked.remember else None))


def picked_of(place: Workplace, loaded: Loaded, asked: Asked) -> Chosen:
    """The cases that are meant, among those of a repository that is loaded."""
    touched = touched_since(place, loaded, asked.since, asked.revision) if asked.since else None
    failed = load_failed(place.state) if asked.failed else None
    return chosen(loaded, asked.wish, touched=touched, failed=failed)


async def run(
    place: Workplace,
    loaded: Loaded,
    picked: Chosen,
    hosts: Hosts,
    heard: Heard,
    snapshots: Snapshots | None = None,
    also: Also | None = None,
) -> tuple[Outcome, ...]:
    """The outcomes of those cases, in their order, those of flows last; `heard` gets each in that order, as it ends.
    Snapshots are compared, unless they are given to be recorded; with `also` more is done with each case."""
    if not picked.count:
        return ()
    kept = snapshots or Snapshots(loaded.documents)
    names = dict.fromkeys([*picked.actions, *bound_actions(loaded, picked.flows)])
    packages = await packages_of(place.npm, loaded, [one for name in names if (one := loaded.desired.action(name))])
    flows = chain.from_iterable(picked.flows.values())
    runs = (
        *runs_of(loaded, packages, picked.actions, kept, also),
        *flow_runs_of(Stage(loaded, packages, place.clock(), on_tenant=also is not None), flows, kept),
    )
    host = await hosts.over(packages)
    return await ended(runs, host, at_once=AT_ONCE if also else host.room, heard=heard)


async def require(place: Workplace, loaded: Loaded, names: Iterable[str], notify: Callable[[Event], None]) -> None:
    """Runs the cases of those actions and flows, and of the flows that the actions are bound in; raises CasesFailed
    unless every one passes. A flow is named `flows/TRIGGER`; one that git does not have has no cases."""
    flows = {f"{FLOWS}{flow.trigger}" for flow in loaded.desired.flows}
    tested = tuple(name for name in names if name in flows or not name.startswith(FLOWS))
    picked = chosen(loaded, Wish(tested)) if tested else Chosen()
    async with Hosts(place.npm.store) as hosts:
        done = await run(place, loaded, picked, hosts, lambda outcome: None)
    actions = (name for name in tested if not name.startswith(FLOWS))
    for name in (*actions, *(f"{FLOWS}{trigger}" for trigger in picked.flows)):
        count = sum(owner_of(outcome) == name for outcome in done)
        notify(Event(verb="tested", name=name, detail=f"{count or 'no'} case{'s' if count != 1 else ''}"))
    failed = [outcome for outcome in done if outcome.status == "failed"]
    if failed:
        told = (f"{each.file}:{each.line} {owner_of(each)}: {each.case}: {each.failures[0]}" for each in failed)
        raise CasesFailed(told, len(done))
