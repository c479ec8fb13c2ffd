"""One Node host process that runs cases, one at a time, and answers their requests from their stubs."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from reconciler.engine.stubs import Stubs
from reconciler.local.node.channel import Channel
from reconciler.local.node.coverage import Tally
from reconciler.local.node.flight import TOLD_BYTES, Flight
from reconciler.local.node.job import Job
from reconciler.local.node.spawn import Wall
from reconciler.local.node.told import Done, Told
from reconciler.model.execution import Execution, Request

CPU_SECONDS = 60.0
"""How often the process is given more processor time."""


class CaseProcess:
    """A host that is up. Made by `started`; `spent` once no case may be given to it any more: it was killed, crashed,
    or cannot be put back as it was before the last case. `used` counts the cases that it was given."""

    def __init__(self, channel: Channel, limit: float, tally: Tally) -> None:
        self.used = 0
        self._channel = channel
        self._limit = limit
        self._tally = tally
        self._flight: Flight | None = None
        self._stubs = Stubs(())
        self._bounded = -math.inf
        channel.listen(self._hear, self._bury)

    @classmethod
    async def started(cls, wall: Wall, setup: Mapping[str, Any], *, limit: float, tally: Tally) -> CaseProcess:
        """A host that said it is ready. Raises RuntimeProblem where Node does not start."""
        return cls(await Channel.opened(wall, setup), limit, tally)

    @property
    def spent(self) -> bool:
        """Whether no case may be given to it any more."""
        return self._channel.spent

    @property
    def gone(self) -> bool:
        """Whether nothing of it is left."""
        return self._channel.gone

    async def stop(self) -> None:
        """Kills the process and waits until it is gone."""
        await self._channel.stop("")

    async def run(self, token: str, job: Job) -> Execution:
        """What the case did; `token` is what the host speaks for it with. It is over at the limit at the latest, and
        with it the process."""
        loop = asyncio.get_running_loop()
        flight = Flight(token, job)
        self.used += 1
        self._flight, self._stubs = flight, Stubs(job.stubs or (), job.answered)
        flight.node = self._channel.node
        flight.start(loop.time())
        limit = self._limit if job.limit is None else min(job.limit, self._limit)
        timer = loop.call_later(limit, self._expire, flight, limit)
        self._bound_cpu(loop.time())
        self._channel.send({**flight.message(), **_for_cases(job)})
        try:
            execution = await flight.landed
            assert execution
            return execution
        finally:
            timer.cancel()
            self._flight = None
            if not flight.landed.done() or flight.landed.cancelled():
                self._channel.kill()  # nobody waits for it any more

    def _hear(self, told: Told, size: int) -> None:
        flight = self._flight
        if flight is None or told.id != flight.id:
            return
        if told.request:
            told = told.model_copy(update={"request": self._answer(flight, told.request)})
        elif told.done:
            self._count(flight.job, told.done)
            if not told.done.again:
                self._channel.kill()
        if not flight.take(told, size):
            message = f"The code told its host more than {TOLD_BYTES // 1024 // 1024} MB."
            flight.break_off("ActionCrash", message, asyncio.get_running_loop().time())
            self._channel.kill()

    def _answer(self, flight: Flight, request: Request) -> Request:
        """Sends what answers the request; gives it with the stub that did."""
        self._stubs, stub, reply = self._stubs.answered(request)
        said = reply.model_dump(mode="json") if reply else None
        self._channel.send({"op": "reply", "id": flight.id, "number": flight.asked, "reply": said})
        return request.model_copy(update={"stub": stub, "stubbed": reply is not None})

    def _count(self, job: Job, done: Done) -> None:
        codes = {"": job.code, **{module.name: module.code for module in job.modules}}
        for ran in done.coverage:
            if ran.name in codes:
                self._tally.add(job.action, ran.name, codes[ran.name], ran.functions)

    def _expire(self, flight: Flight, limit: float) -> None:
        message = f"The code did not end within {limit:.2g} seconds."
        flight.break_off("ActionTimeout", message, asyncio.get_running_loop().time())
        self._channel.kill()

    def _bury(self) -> None:
        if self._flight:
            self._flight.break_off("ActionCrash", self._channel.cause(), asyncio.get_running_loop().time())

    def _bound_cpu(self, now: float) -> None:
        if now - self._bounded > CPU_SECONDS / 2:
            self._bounded = now
            self._channel.bound_cpu(math.ceil(CPU_SECONDS + self._limit))


def _for_cases(job: Job) -> Mapping[str, Any]:
    return {
        "fresh": True,
        "now": None if job.now is None else _milliseconds(job.now),
        "seed": None if job.seed is None else f"{type(job.seed).__name__}:{job.seed}",
        "cache": [(key, {"value": value}) for key, value in job.cache.items()],
    }


def _milliseconds(time: datetime) -> int:
    return round(time.timestamp() * 1000)
