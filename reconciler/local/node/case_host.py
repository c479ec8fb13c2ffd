"""Runs the cases of a test run in a few warm Node processes that they all share, one at a time in each."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from reconciler.catalogue import limits
from reconciler.local.node.case_process import CaseProcess
from reconciler.local.node.coverage import CodeCoverage, Tally
from reconciler.local.node.job import Job
from reconciler.local.node.platform_facts import platform_facts
from reconciler.local.node.spawn import MEMORY_MB, Wall
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
    earlier ones left in memory is not its fault.
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
        token: Callable[[], str] = lambda: secrets.token_hex(16),
    ) -> None:
        real = tuple(sorted({folder.resolve() for folder in folders}))
        self._wall = Wall(node, real, "covered" if coverage else "cases", memory_mb)
        self._limit = limit
        self._token = token
        self._tally = Tally()
        self._free: asyncio.LifoQueue[CaseProcess | None] = asyncio.LifoQueue()
        for _ in range(at_once):
            self._free.put_nowait(None)
        self._started: set[CaseProcess] = set()
        self._warming: list[asyncio.Task[CaseProcess]] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._warming:
            task.cancel()
        await asyncio.gather(*self._warming, return_exceptions=True)
        await asyncio.gather(*(process.stop() for process in self._started))

    async def warm(self) -> None:
        """Starts the processes before any case needs them: Node gets ready beside what the caller does meanwhile."""
        self._warming = [asyncio.create_task(self._fresh()) for _ in range(self._free.qsize())]
        await asyncio.sleep(0)  # so that they are under way even where the caller waits for nothing

    async def run(self, job: Job) -> Execution:
        """What the case did; whatever the code does wrong is in its `error`, as NodeHost.run has it. Waits until one of
        the processes is free. A run whose waiting is cancelled is ended.

        Raises RuntimeProblem where Node cannot be started, ValueError where the job has no stubs.
        """
        if job.stubs is None:
            raise ValueError("A case has stubs; without them its requests would leave the machine.")
        async with self._held() as process:
            execution = await process.run(self._token(), job)
        if execution.error is None or execution.error.name != CRASH or process.used == 1:
            return execution
        async with self._held(anew=True) as process:
            return await process.run(self._token(), job)

    async def coverage(self) -> tuple[CodeCoverage, ...]:
        """What of the code of actions and modules ran so far, summed over all cases, with `coverage` only. A case that
        did not come to its end is not counted."""
        return self._tally.total()

    @contextlib.asynccontextmanager
    async def _held(self, *, anew: bool = False) -> AsyncIterator[CaseProcess]:
        process = await self._free.get()
        try:
            if process is None and self._warming:
                process = await self._warming.pop()
            if process is None or process.spent or anew:
                process = await self._fresh()
            yield process
        finally:
            self._free.put_nowait(process)

    async def _fresh(self) -> CaseProcess:
        self._started = {process for process in self._started if not process.gone}
        process = await CaseProcess.started(self._wall, platform_facts(), limit=self._limit, tally=self._tally)
        self._started.add(process)
        return process
