"""Runs the cases of actions on the embedded runtime; nothing leaves the machine."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from reconciler.catalogue import limits
from reconciler.desired.state import Loaded
from reconciler.errors import CasesFailed
from reconciler.local.node.case_host import CaseHost
from reconciler.model.case import Outcome
from reconciler.model.event import Event
from reconciler.npm import node_executable
from reconciler.run.case_jobs import packages_of, runs_of
from reconciler.run.case_runs import Heard, ended
from reconciler.run.chosen import Chosen, Wish, chosen
from reconciler.run.validate import checked
from reconciler.run.workplace import Workplace

AT_ONCE = max(2, min(4, os.cpu_count() or 1))
"""Cases under way at the same time, each in a Node process: one waits for its process while another computes."""


@dataclass(frozen=True)
class Tested:
    """What running cases came to, in order of action and file; `left_out` counts the cases that were not asked for."""

    outcomes: tuple[Outcome, ...]
    left_out: int = 0


async def test(
    place: Workplace,
    tenant: str,
    wish: Wish,
    *,
    revision: str | None,
    heard: Heard,
    limit: float = limits.EXECUTION_SECONDS,
) -> Tested:
    """How every case that is asked for ended; `heard` gets each as it ends. `limit` is what one may take, in seconds.

    Cases bring their own secrets, so no key is needed. Raises Usage for a name that git does not have.
    """
    loaded = await checked(place, place.tree(revision), tenant, decrypt=False)
    picked = chosen(loaded, wish)
    return Tested(await outcomes(place, loaded, picked, heard, limit=limit), picked.left_out)


async def require(place: Workplace, loaded: Loaded, names: Iterable[str], notify: Callable[[Event], None]) -> None:
    """Runs the cases of those actions; raises CasesFailed unless every one passes."""
    tested = tuple(names)
    done = await outcomes(place, loaded, chosen(loaded, Wish(tested)), lambda _: None) if tested else ()
    for name in tested:
        count = sum(outcome.action == name for outcome in done)
        notify(Event(verb="tested", name=name, detail=f"{count or 'no'} case{'s' if count != 1 else ''}"))
    failed = [outcome for outcome in done if outcome.status == "failed"]
    if failed:
        told = "; ".join(f"{each.file}:{each.line} {each.action}: {each.case}: {each.failures[0]}" for each in failed)
        raise CasesFailed(f"{len(failed)} of {len(done)} cases failed: {told}", "Run `reconciler test` to see more.")


async def outcomes(
    place: Workplace, loaded: Loaded, picked: Chosen, heard: Heard, *, limit: float = limits.EXECUTION_SECONDS
) -> tuple[Outcome, ...]:
    """The outcomes of those cases, in order of action and file; `heard` gets each in that order, as it ends."""
    if not picked:
        return ()
    actions = [action for name in picked.actions if (action := loaded.desired.action(name))]
    packages = await packages_of(place.npm, loaded, actions)
    runs = tuple(runs_of(loaded, packages, picked.actions))
    async with CaseHost(node_executable(), folders=packages.folders, at_once=AT_ONCE, limit=limit) as host:
        return await ended(runs, host, at_once=AT_ONCE, heard=heard)
