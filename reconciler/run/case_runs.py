"""Runs cases side by side and tells how each ended in the order they were given."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from reconciler.local.node.job import Runner
from reconciler.model.action import Action
from reconciler.model.case import Case, Outcome

Heard = Callable[[Outcome], None]

CaseRun = Callable[[Runner], Awaitable[Outcome]]
"""One case that is to be run: runs its jobs, one after the other, and says how it ended."""

Also = Callable[[CaseRun, Case, Action], CaseRun]
"""Makes of the run of a case of an action one that does more with it, such as running it elsewhere, too."""


async def ended(runs: Sequence[CaseRun], runner: Runner, *, at_once: int, heard: Heard) -> tuple[Outcome, ...]:
    """How each ended, in their order; `heard` gets them in that order, too, as soon as those before have ended.

    `at_once` are under way at a time. Where one raises, or the waiting is cancelled, the others are ended first.
    """
    line = _Line(heard)
    waiting = iter(enumerate(runs))

    async def work() -> None:
        for number, run in waiting:
            line.take(number, await run(runner))

    tasks = [asyncio.create_task(work()) for _ in range(min(at_once, len(runs)))]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return tuple(line.told)


class _Line:
    """Puts what comes in any order in its place."""

    def __init__(self, heard: Heard) -> None:
        self.told: list[Outcome] = []
        self._heard = heard
        self._early: dict[int, Outcome] = {}

    def take(self, number: int, outcome: Outcome) -> None:
        self._early[number] = outcome
        while (following := self._early.pop(len(self.told), None)) is not None:
            self.told.append(following)
            self._heard(following)
