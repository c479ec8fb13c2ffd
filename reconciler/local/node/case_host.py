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
from reconciler.local.node.flight import Flight
from reconciler.local.node.job import Job
from reconciler.local.node.node_process import NodeProcess
from reconciler.local.node.platform_facts import platform_facts
from reconciler.local.node.spawn import MEMORY_MB, Wall
from reconciler.model.execution import Execution, Thrown

ATTEMPTS = 3


class CaseHost:
    """Runs cases on Node, `at_once` side by side, each in a process that no other case is in at that moment.

    Use it as an async context manager; leaving it kills the processes. `node` is the executable of Node 22, `folders`
    are the package folders of all jobs of the test run, `limit` is in seconds and holds for each case, `memory_mb`
    bounds the JavaScript heap of a process.

    Processes are started when they are needed and kept for the cases that follow. A case that does not end at its
    limit, runs out of memory or ends its process takes nothing with it: the process is replaced, the others go on.
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
        self._wall = Wall(node, real, intercept=True, memory_mb=memory_mb)
        self._limit = limit
        self._token = token
        self._coverage = coverage
        self._free: asyncio.LifoQueue[NodeProcess | None] = asyncio.LifoQueue()
        for _ in range(at_once):
            self._free.put_nowait(None)
        self._started: set[NodeProcess] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.gather(*(process.stop() for process in self._started))

    async def run(self, job: Job) -> Execution:
        """What the case did; whatever the code does wrong is in its `error`, as NodeHost.run has it. Waits until one of
        the processes is free. A run whose waiting is cancelled is ended.

        Raises RuntimeProblem where Node cannot be started, ValueError where the job has no stubs.
        """
        if job.stubs is None:
            raise ValueError("A case has stubs; without them its requests would leave the machine.")
        for _ in range(ATTEMPTS):
            async with self._held() as process:
                execution = await self._landed(process, job)
            if execution is not None:
                return execution
        lost = Thrown(name="HostKilled", message="The Node process ended each time before the case began.")
        return Execution(action=job.action, handler=job.handler, error=lost, runtime=job.runtime)

    async def _landed(self, process: NodeProcess, job: Job) -> Execution | None:
        deadline = None if job.limit is None else asyncio.get_running_loop().time() + job.limit
        flight = Flight(self._token(), job, deadline)
        process.launch(flight)
        try:
            return await flight.landed
        finally:
            process.abandon(flight)  # does something only where the waiting was cancelled

    @contextlib.asynccontextmanager
    async def _held(self) -> AsyncIterator[NodeProcess]:
        process = await self._free.get()
        try:
            if process is None or process.spent:
                process = await self._fresh()
            yield process
        finally:
            self._free.put_nowait(process)

    async def _fresh(self) -> NodeProcess:
        self._started = {process for process in self._started if not process.gone}
        process = await NodeProcess.started(self._wall, platform_facts(), limit=self._limit)
        self._started.add(process)
        return process
