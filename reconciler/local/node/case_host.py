"""Runs the cases of a test run in a few warm Node processes that they all share, one after the other in each."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from reconciler.catalogue import limits
from reconciler.local.node.case_process import AHEAD, CaseProcess
from reconciler.local.node.coverage import CodeCoverage, Tally
from reconciler.local.node.job import Job
from reconciler.local.node.platform_facts import platform_facts
from reconciler.local.node.seats import Seats
from reconciler.local.node.spawn import MEMORY_MB, Launched, case_wall, launched
from reconciler.model.execution import Execution

CRASH = "ActionCrash"


class CaseHost:
    """Runs cases on Node, `at_once` side by side, each in a process that no other case is in at that moment.

    Use it as an async context manager; leaving it kills the processes. `node` is the executable of Node 22, `folders`
    are the package folders of all jobs of the test run, `limit` is in seconds and holds for each case, `memory_mb`
    bounds the JavaScript heap of a process. With `coverage` V8 counts what of the code runs.

    Processes are started when they are needed and kept for the cases that follow. A case that does not end at its
    limit, runs out of memory or ends its process takes nothing with it: the process is replaced, the others go on.
    Where a process ends that ran cases before, the case is run again in a fresh one: cases do nothing outside, and what
    earlier ones left in memory is not its fault. A process whose cases are quick is given some ahead, so that neither
    side waits for the other; `room` is how many cases are taken altogether. Hosts that are `launched` are taken from
    that list before others are started, where they have the same wall.
    """

    def __init__(
        self,
        node: Path,
        *,
        folders: tuple[Path, ...],
        at_once: int,
        limit: float = limits.EXECUTION_SECONDS,
        memory_mb: int = MEMORY_MB,
        coverage: bool = False,
        launched: list[Launched] | None = None,
        token: Callable[[], str] = lambda: secrets.token_hex(16),
    ) -> None:
        self._wall = case_wall(node, folders, coverage=coverage, memory_mb=memory_mb)
        self._launched = launched if launched is not None else []
        self.room = at_once * AHEAD
        self._limit = limit
        self._token = token
        self._tally = Tally()
        self._seats = Seats(at_once, self._fresh)
        self._started: set[CaseProcess] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._seats.leave()
        await asyncio.gather(*(process.stop() for process in self._started))

    async def warm(self) -> None:
        """Starts the processes before any case needs them: Node gets ready beside what the caller does meanwhile."""
        self._seats.warm()
        await asyncio.sleep(0)  # so that they are under way even where the caller waits for nothing

    async def run(self, job: Job) -> Execution:
        """What the case did; whatever the code does wrong is in its `error`, as NodeHost.run has it. Waits until one of
        the processes takes it. A run whose waiting is cancelled is ended.

        Raises RuntimeProblem where Node cannot be started, ValueError where the job has no stubs.
        """
        if job.stubs is None:
            raise ValueError("A case has stubs; without them its requests would leave the machine.")
        execution = None
        while execution is None:  # where the process ended before the case began, another one takes it
            async with self._seats.one() as seat:
                process = await seat.process()
                execution = await process.run(self._token(), job)
        if execution.error is None or execution.error.name != CRASH or process.begun == 1:
            return execution
        return await self._alone(job) or execution

    async def coverage(self) -> tuple[CodeCoverage, ...]:
        """What of the code of actions and modules ran so far, summed over all cases, with `coverage` only. A case that
        did not come to its end is not counted."""
        return self._tally.total()

    async def _alone(self, job: Job) -> Execution | None:
        process = await self._fresh()
        try:
            return await process.run(self._token(), job)
        finally:
            await process.stop()

    async def _fresh(self) -> CaseProcess:
        self._started = {process for process in self._started if not process.gone}
        host = self._next_launched() or await launched(self._wall)
        process = await CaseProcess.started(host, platform_facts(), limit=self._limit, tally=self._tally)
        self._started.add(process)
        return process

    def _next_launched(self) -> Launched | None:
        fitting = (one for one in self._launched if one.wall == self._wall)
        if host := next(fitting, None):
            self._launched.remove(host)
        return host
