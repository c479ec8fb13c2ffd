"""One run while it is under way: what the host has told of it so far."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from reconciler.local.node.job import Job, JobModule
from reconciler.local.node.masking import masked
from reconciler.local.node.told import CacheChange, Told
from reconciler.model.execution import Call, Execution, Request, Thrown

TOLD_BYTES = 32 * 1024 * 1024
"""What one run may tell; more would fill our memory, not its own."""


class Flight:
    """Collects what a run does; `landed` gives the Execution, or None where the host died before the run began.

    `deadline` is in seconds of the loop's clock, None where only the host's limit counts. `cache` is what api.cache
    holds when it begins (key, record); `cached` what the run did to it.
    """

    def __init__(
        self, run_id: str, job: Job, deadline: float | None = None, cache: Sequence[tuple[str, Mapping[str, Any]]] = ()
    ) -> None:
        self.id = run_id
        self.job = job
        self.deadline = deadline
        self.cache = cache
        self.started = False
        self.node = ""
        self.cached: list[CacheChange] = []
        self.landed: asyncio.Future[Execution | None] = asyncio.get_running_loop().create_future()
        self._console: list[str] = []
        self._calls: list[Call] = []
        self._requests: list[Request] = []
        self._bytes = 0
        self._began = 0.0

    def message(self) -> Mapping[str, Any]:
        """The run as the host takes it (host/main.js)."""
        job = self.job
        return {
            "op": "run",
            "id": self.id,
            "key": job.key,
            "trigger": job.trigger,
            "handler": job.handler,
            "code": job.code,
            "event": dict(job.event),
            "secrets": dict(job.secrets),
            "packages": _folder(job.packages),
            "modules": [_module_message(module) for module in job.modules],
            "fresh": job.fresh,
            "cache": self.cache,
            "so_far": dict(job.so_far),
        }

    def start(self, now: float) -> None:
        """The host has begun; `now` in seconds of the loop's clock."""
        self.started = True
        self._began = now

    def time_left(self, limit: float, now: float) -> float:
        """The seconds it has from now on: the host's limit for a run, or less where the deadline comes first."""
        return limit if self.deadline is None else max(0.0, min(limit, self.deadline - now))

    def take(self, told: Told, size: int) -> bool:
        """Takes in one line of that many bytes; False where it is more than a run may tell."""
        self._bytes += size
        if self._bytes > TOLD_BYTES:
            return False
        if told.call and self.job.heard:
            self.job.heard(told.call)
        if told.console is not None:
            self._console.append(told.console)
        if told.call:
            self._calls.append(told.call)
        if told.request:
            self._requests.append(told.request)
        if told.cache:
            self.cached.append(told.cache)
        if told.done:
            self._land(told.done.error, told.done.duration_ms)
        return True

    def break_off(self, name: str, message: str, now: float) -> None:
        """Ends the run from outside, with what is known of it up to here."""
        self._land(Thrown(name=name, message=message), (now - self._began) * 1000 if self.started else 0.0)

    def lose(self) -> None:
        """The host died before the run began: nothing happened, so it may be run again."""
        if not self.landed.done():
            self.landed.set_result(None)

    def _cache_changes(self) -> dict[str, str | None]:
        """What the run did to api.cache, of cases only: their values stand in git."""
        if self.job.stubs is None:
            return {}
        return {change.key: change.record.value if change.record else None for change in self.cached}

    @property
    def asked(self) -> int:
        """How many requests it has made so far."""
        return len(self._requests)

    def _land(self, error: Thrown | None, duration_ms: float) -> None:
        if self.landed.done():
            return
        execution = Execution(
            action=self.job.action,
            handler=self.job.handler,
            calls=tuple(self._calls),
            requests=tuple(self._requests),
            console=tuple(self._console),
            cache=self._cache_changes(),
            error=error,
            duration_ms=round(duration_ms, 3),
            runtime=self.job.runtime,
            node=self.node,
        )
        if self.job.stubs is None:  # with the network open the secrets are real ones; those of cases stand in git
            execution = masked(execution, {value: f"[secret {name}]" for name, value in self.job.hidden.items()})
        self.landed.set_result(execution)


def _module_message(module: JobModule) -> Mapping[str, Any]:
    return {
        "name": module.name,
        "code": module.code,
        "secrets": dict(module.secrets),
        "packages": _folder(module.packages),
    }


def _folder(packages: Path | None) -> str | None:
    return str(packages.resolve()) if packages else None
