"""Runs cases again when files are saved that they depend on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from reconciler.desired.state import Loaded
from reconciler.errors import ReconcilerError
from reconciler.model.coverage import FileCoverage
from reconciler.model.lock import Lock
from reconciler.run.cases import Asked, Hosts, Listening, Tested, loaded_for, looked_at, picked_of, run
from reconciler.run.chosen import Chosen, chosen
from reconciler.run.coverage import covered
from reconciler.run.last_failed import keep_failed
from reconciler.run.touched import touched
from reconciler.run.workplace import Workplace

Saved = AsyncIterator[frozenset[str]]
"""Files that were saved, made or removed since the last time, each relative to the folder of the repository."""


@dataclass(frozen=True)
class Watching:
    """Who hears of the rounds: `began` of the files that a round is for (none: the first one), `listening` of its
    cases, and then either `ended`, with what it took in seconds, or `stuck` with what is wrong."""

    began: Callable[[frozenset[str]], None]
    listening: Listening
    ended: Callable[[Tested, float], None]
    stuck: Callable[[ReconcilerError], None]


@dataclass
class _Seen:
    """What is known from the rounds so far: files that no good round was made for yet, and the lock of the last good
    one, None before that."""

    files: frozenset[str] = field(default_factory=frozenset)
    lock: Lock | None = None


async def watch(place: Workplace, asked: Asked, saved: Saved, watching: Watching) -> None:
    """A round with all that is asked for, and one for each time that files are saved, with what they touch; until
    nothing is saved any more or the waiting is cancelled. What is wrong with files meanwhile is told and waited out.

    Node processes are kept between the rounds as long as the packages stay the same and no coverage is counted.
    """
    seen = _Seen()
    async with Hosts(place.npm.store, asked.limit, coverage=bool(asked.coverage), warm=True) as hosts:
        following = asyncio.ensure_future(anext(saved, None))
        await asyncio.sleep(0)  # so that nothing that is saved from now on is missed
        try:
            while True:
                await _round(place, asked, hosts, seen, watching)
                files = await following
                if files is None:
                    return
                seen.files |= files
                following = asyncio.ensure_future(anext(saved, None))
        finally:
            following.cancel()


async def _round(place: Workplace, asked: Asked, hosts: Hosts, seen: _Seen, watching: Watching) -> None:
    began = time.monotonic()
    watching.began(seen.files)
    try:
        loaded = await loaded_for(place, asked)
        picked = _picked(place, loaded, asked, seen)
        watching.listening.chosen(loaded, picked)
        outcomes = await run(place, loaded, picked, hosts, watching.listening.ended)
        coverage = await _coverage(asked, loaded, picked, hosts, first=seen.lock is None) if asked.coverage else ()
    except ReconcilerError as problem:
        watching.stuck(problem)
        return
    seen.files, seen.lock = frozenset(), loaded.lock
    keep_failed(place.made_state(), outcomes)
    watching.ended(Tested(outcomes, picked.left_out, coverage=coverage), time.monotonic() - began)


async def _coverage(
    asked: Asked, loaded: Loaded, picked: Chosen, hosts: Hosts, *, first: bool
) -> tuple[FileCoverage, ...]:
    """What ran in this round of what it is about. The next one counts from nothing, with processes of its own."""
    names = looked_at(asked, picked) if first else frozenset(picked.actions)
    counted = covered(loaded, await hosts.ran(), names, whole=asked.whole)
    await hosts.end()
    return counted


def _picked(place: Workplace, loaded: Loaded, asked: Asked, seen: _Seen) -> Chosen:
    if seen.lock is None:
        return picked_of(place, loaded, asked)
    wish = asked.wish._replace(texts=())  # a case that is called otherwise now is no mistake
    picked = chosen(loaded, wish, touched=touched(loaded, seen.files, seen.lock))
    return picked.only(lambda located: asked.wish.wants(located.case.name))
