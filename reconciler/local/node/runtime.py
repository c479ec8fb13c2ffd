"""The Node host of the embedded tenant: runs the code of actions for real, walled in by Node's permission model."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from reconciler.catalogue import limits
from reconciler.catalogue.triggers import triggers
from reconciler.local.node.flight import Flight
from reconciler.local.node.job import Job
from reconciler.local.node.node_process import NodeProcess
from reconciler.model.execution import Execution, Thrown

MEMORY_MB = 128
ATTEMPTS = 3


class NodeHost:
    """Runs jobs in one long-lived Node process, which is started with the first job and again after it died.

    Use it as an async context manager; leaving it kills the process. `node` is the executable of Node 22, `store` the
    folder below which all package folders lie (made where it is missing): the only one, beside the host's own, that the
    process can read. It has no environment, no file to write, no child processes and no workers; its network is open
    unless `intercept`. `limit` is in seconds, `memory_mb` bounds the JavaScript heap.

    Runs share the process, as on the platform. When one hangs or crashes, the process dies with all that are under way:
    those that had not begun are run again; those that had are reported as `HostKilled`, since their effects on the
    outside may not happen twice.
    """

    def __init__(
        self,
        node: Path,
        *,
        store: Path,
        intercept: bool = False,
        limit: float = limits.EXECUTION_SECONDS,
        memory_mb: int = MEMORY_MB,
        token: Callable[[], str] = lambda: secrets.token_hex(16),
    ) -> None:
        self._node = node
        self._store = store
        self._intercept = intercept
        self._limit = limit
        self._memory_mb = memory_mb
        self._token = token
        self._starting = asyncio.Lock()
        self._process: NodeProcess | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        process, self._process = self._process, None
        if process:
            await process.stop()

    async def run(self, job: Job) -> Execution:
        """What the run did; whatever the code does wrong is in its `error`:

        `ActionTimeout` over the limit, `ActionCrash` out of memory or process.exit, `HostKilled` ended because of
        another run, `HandlerMissing`, `SyntaxError`, or what the code threw. What it did up to then is kept.
        Values of real secrets (`job.stubs` None) are taken out. Requests are recorded where they are intercepted only.

        Raises RuntimeProblem where Node cannot be started, ValueError where the job has stubs and the host does not
        intercept, or the other way round.
        """
        if (job.stubs is not None) != self._intercept:
            raise ValueError("A job with stubs needs a host that intercepts, and one without needs one that does not.")
        for _ in range(ATTEMPTS):
            process = await self._living()
            flight = Flight(self._token(), job)
            process.launch(flight)
            execution = await flight.landed
            if execution is not None:
                return execution
        lost = Thrown(name="HostKilled", message="Other runs killed the Node host each time before this one began.")
        return Execution(action=job.action, handler=job.handler, error=lost)

    async def _living(self) -> NodeProcess:
        async with self._starting:
            if self._process and self._process.dead:
                await self._process.stop()
                self._process = None
            if self._process is None:
                self._process = await self._started()
            return self._process

    async def _started(self) -> NodeProcess:
        # The permission model only covers folders that exist at the start, by their real path.
        self._store.mkdir(parents=True, exist_ok=True)
        return await NodeProcess.started(
            self._node,
            self._store.resolve(),
            _setup(),
            intercept=self._intercept,
            memory_mb=self._memory_mb,
            limit=self._limit,
        )


def _setup() -> Mapping[str, Any]:
    """What the host needs to know of the platform: the methods of every trigger, the limits of api.cache."""
    methods = {
        trigger.id: {
            method.name: "api" if method.returns.startswith("api object") else "value" for method in trigger.methods
        }
        for trigger in triggers().values()
    }
    cache = {
        "entries": limits.CACHE_ENTRIES,
        "key_bytes": limits.CACHE_KEY_BYTES,
        "value_bytes": limits.CACHE_VALUE_BYTES,
        "total_bytes": limits.CACHE_TOTAL_BYTES,
        "default_seconds": limits.CACHE_DEFAULT_SECONDS,
        "max_seconds": limits.CACHE_MAX_SECONDS,
    }
    return {"triggers": methods, "limits": cache}
