"""The Node host of the embedded tenant: runs the code of actions for real, walled in by a process of their own."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from reconciler.catalogue import limits
from reconciler.local.node.flight import Flight
from reconciler.local.node.job import Job
from reconciler.local.node.node_process import NodeProcess
from reconciler.local.node.platform_facts import platform_facts
from reconciler.local.node.pool import Pool
from reconciler.local.node.spawn import MEMORY_MB, Wall
from reconciler.local.node.trigger_caches import TriggerCaches
from reconciler.model.execution import Execution, Thrown

ATTEMPTS = 3
KEPT = limits.BINDINGS_PER_TRIGGER
"""Idle processes: as many as one flow may have actions, since with fewer a long flow would find none of them warm. Each
takes 17 MB of its own (46 MB with what all share)."""
ABREAST = 4
"""Runs of one action at the same time that share nothing; more than that share a process, as on a warm container."""


class NodeHost:
    """Runs jobs on Node, each owner of code (`Job.owner`) in processes of its own: started when a job finds none free,
    kept warm, and started again after one died.

    Use it as an async context manager; leaving it kills the processes. `node` is the executable of Node 22. A process
    can read the package folders of its jobs, and no other file; it has no environment, no file to write, no child
    processes and no workers; its network is open. `limit` is in seconds, `memory_mb` bounds the
    JavaScript heap, `kept` is how many processes without work stay warm.

    Up to `abreast` runs of one owner at the same time have a process each; more than that share. Where one that shares
    hangs or crashes, the others in its process may die with it: those that had not begun are run again; those that had
    are reported as `HostKilled`, since their effects on the outside may not happen twice. Runs of other owners notice
    nothing.
    """

    def __init__(
        self,
        node: Path,
        *,
        limit: float = limits.EXECUTION_SECONDS,
        memory_mb: int = MEMORY_MB,
        kept: int = KEPT,
        abreast: int = ABREAST,
        token: Callable[[], str] = lambda: secrets.token_hex(16),
    ) -> None:
        self._node = node
        self._limit = limit
        self._memory_mb = memory_mb
        self._token = token
        self._pool = Pool(self._started, kept, abreast)
        self._caches = TriggerCaches()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._pool.aclose()

    async def run(self, job: Job) -> Execution:
        """What the run did; whatever the code does wrong is in its `error`:

        `ActionTimeout` over the limit, `ActionCrash` out of memory or process.exit, `HostKilled` ended because of
        another run, `HandlerMissing`, `SyntaxError`, or what the code threw. What it did up to then is kept. Values of
        secrets are taken out. Requests are not recorded. A run whose waiting is cancelled is ended.

        Raises RuntimeProblem where Node cannot be started, ValueError where the job has stubs: it is a case, and this
        network is open.
        """
        if job.stubs is not None:
            raise ValueError("A job with stubs is a case, which this host would let out to the network.")
        deadline = None if job.limit is None else asyncio.get_running_loop().time() + job.limit
        for _ in range(ATTEMPTS):
            async with self._pool.held(job.owner, job.folders) as process:
                execution = await self._landed(process, job, deadline)
            if execution is not None:
                return execution
        lost = Thrown(name="HostKilled", message="Other runs ended the Node process each time before this one began.")
        return Execution(action=job.action, handler=job.handler, error=lost, runtime=job.runtime)

    async def _landed(self, process: NodeProcess, job: Job, deadline: float | None) -> Execution | None:
        records = [] if job.fresh else self._caches.records(job.trigger)
        flight = Flight(self._token(), job, deadline, records)
        process.launch(flight)
        try:
            return await flight.landed
        finally:
            process.abandon(flight)  # does something only where the waiting was cancelled
            if not job.fresh:
                self._caches.keep(job.trigger, flight.cached)

    async def _started(self, folders: tuple[Path, ...]) -> NodeProcess:
        wall = Wall(self._node, folders, "open", self._memory_mb)
        return await NodeProcess.started(wall, platform_facts(), limit=self._limit)
