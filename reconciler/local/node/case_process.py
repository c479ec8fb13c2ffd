"""One Node host process that runs cases, one after the other, and answers their requests from their stubs."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from reconciler.catalogue.triggers import triggers
from reconciler.engine.stubs import Stubs
from reconciler.local.node.channel import Channel
from reconciler.local.node.coverage import Tally
from reconciler.local.node.flight import TOLD_BYTES, Flight
from reconciler.local.node.job import Job
from reconciler.local.node.spawn import Launched
from reconciler.local.node.told import Done, Told
from reconciler.model.execution import Execution, Request

CPU_SECONDS = 60.0
"""How often the process is given more processor time."""

AHEAD = 24
"""How many cases a process holds at most: it goes on with the next while we look at what those before did."""

AHEAD_SECONDS = 0.01
"""What the cases that it holds may take together, as far as the last one tells: for the first that waits, another
process may be free."""

LATE_TURNS = 3
"""Turns of the loop in which what a process said before its case's limit is still read: it may lie, or we were late."""

UNREAD_SECONDS = 0.004
"""How long what a process says may lie: to be woken for each line costs both sides more than the line."""


class CaseProcess:
    """A host that is up. Made by `started`; `spent` once no case may be given to it any more: it was killed, crashed,
    or cannot be put back as it was before the last case. `begun` counts the cases that it came to, `holds` is how many
    it takes before the first of them has ended."""

    def __init__(self, channel: Channel, limit: float, tally: Tally) -> None:
        self.begun = 0
        self.holds = 1
        self._channel = channel
        self._limit = limit
        self._tally = tally
        self._flights: deque[Flight] = deque()
        self._timer: asyncio.Handle | None = None
        self._stubs = Stubs(())
        self._bounded = -math.inf
        self._sampled: set[str] = set()
        channel.listen(self._hear, self._bury)

    @classmethod
    async def started(cls, host: Launched, setup: Mapping[str, Any], *, limit: float, tally: Tally) -> CaseProcess:
        """The host, once it said that it is ready. Raises RuntimeProblem where it does not."""
        return cls(await Channel.opened(host, setup), limit, tally)

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

    async def run(self, token: str, job: Job) -> Execution | None:
        """What the case did, None where the process ended before it began; `token` is what the host speaks for it with.
        It is over at the limit at the latest, and with it the process."""
        flight = Flight(token, job)
        flight.node = self._channel.node
        self._flights.append(flight)
        self._channel.send({**flight.message(), **_for_cases(job), "event": self._told_event(job)})
        if len(self._flights) == 1:
            self._begin(flight)
        try:
            return await flight.landed
        finally:
            if not flight.landed.done() or flight.landed.cancelled():
                self._channel.kill()  # nobody waits for it any more

    def _told_event(self, job: Job) -> list[tuple[Any, ...]]:
        """An entry for each key, without a value where it is that of the trigger's sample event, which is told once."""
        sample = triggers()[job.trigger].sample_event if job.trigger in triggers() else {}
        if job.trigger not in self._sampled:
            self._sampled.add(job.trigger)
            self._channel.send({"op": "sample", "trigger": job.trigger, "event": sample})
        nothing = object()
        return [(key,) if value is sample.get(key, nothing) else (key, value) for key, value in job.event.items()]

    def _begin(self, flight: Flight) -> None:
        loop = asyncio.get_running_loop()
        self.begun += 1
        self._stubs = Stubs(flight.job.stubs or (), flight.job.answered)
        flight.start(loop.time())
        limit = self._limit if flight.job.limit is None else min(flight.job.limit, self._limit)
        self._timer = loop.call_later(limit, self._expire, flight, limit)
        self._bound_cpu(loop.time())

    def _end(self) -> None:
        """The first of its cases has ended."""
        if self._timer:
            self._timer.cancel()
        self._flights.popleft()
        if self._flights and not self.spent:
            self._begin(self._flights[0])

    def _hear(self, told: Told, size: int) -> None:
        if not self._flights or told.id != self._flights[0].id:
            return
        flight = self._flights[0]
        if told.request:
            told = told.model_copy(update={"request": self._answer(flight, told.request)})
        elif told.done:
            self._count(flight.job, told.done)
            self.holds = _held(told.done.duration_ms / 1000)
            if not told.done.again:
                self._channel.kill()
        if not flight.take(told, size):
            message = f"The code told its host more than {TOLD_BYTES // 1024 // 1024} MB."
            flight.break_off("ActionCrash", message, asyncio.get_running_loop().time())
            self._channel.kill()
        elif told.done:
            self._end()
        if len(self._flights) > 1 and not told.request:
            self._channel.leave_unread(UNREAD_SECONDS)

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

    def _expire(self, flight: Flight, limit: float, turns: int = LATE_TURNS) -> None:
        if turns:
            self._channel.read_on()
            self._timer = asyncio.get_running_loop().call_soon(self._expire, flight, limit, turns - 1)
            return
        message = f"The code did not end within {limit:.2g} seconds."
        flight.break_off("ActionTimeout", message, asyncio.get_running_loop().time())
        self._channel.kill()

    def _bury(self) -> None:
        if self._timer:
            self._timer.cancel()
        for flight in self._flights:
            if flight.started:
                flight.break_off("ActionCrash", self._channel.cause(), asyncio.get_running_loop().time())
            else:
                flight.lose()
        self._flights.clear()

    def _bound_cpu(self, now: float) -> None:
        if now - self._bounded > CPU_SECONDS / 2:
            self._bounded = now
            self._channel.bound_cpu(math.ceil(CPU_SECONDS + self._limit))


def _held(seconds: float) -> int:
    """How many cases of that duration are given ahead."""
    return max(1, min(AHEAD, int(AHEAD_SECONDS / max(seconds, AHEAD_SECONDS / AHEAD))))


def _for_cases(job: Job) -> Mapping[str, Any]:
    return {
        "fresh": True,
        "now": None if job.now is None else _milliseconds(job.now),
        "seed": None if job.seed is None else f"{type(job.seed).__name__}:{job.seed}",
        "cache": [(key, {"value": value}) for key, value in job.cache.items()],
    }


def _milliseconds(time: datetime) -> int:
    return round(time.timestamp() * 1000)
