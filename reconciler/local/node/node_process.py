"""One Node host process of an owner of code, and the runs in flight in it."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping
from typing import Any

from reconciler.local.node.channel import Channel
from reconciler.local.node.flight import TOLD_BYTES, Flight
from reconciler.local.node.spawn import Wall, launched
from reconciler.local.node.told import Told

ANSWER_SECONDS = 2.0
"""How long a process may take to answer before it counts as held up by code that nobody waits for."""
HELD_UP = "code of another run did not end and held the process up"


class NodeProcess:
    """A host that is up. Made by `started`; `spent` once no run may be given to it any more: it was killed, crashed, or
    code that is over its time still runs in it."""

    def __init__(self, channel: Channel, limit: float) -> None:
        self._channel = channel
        self._limit = limit
        self._flights: dict[str, Flight] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._probe: asyncio.TimerHandle | None = None
        self._overrun = False
        channel.listen(self._hear, self._bury)

    @classmethod
    async def started(cls, wall: Wall, setup: Mapping[str, Any], *, limit: float) -> NodeProcess:
        """A host that said it is ready. Raises RuntimeProblem where Node does not start."""
        return cls(await Channel.opened(await launched(wall), setup), limit)

    @property
    def spent(self) -> bool:
        """Whether no run may be given to it any more."""
        return self._channel.spent

    @property
    def gone(self) -> bool:
        """Whether nothing of it is left."""
        return self._channel.gone

    def launch(self, flight: Flight) -> None:
        """Sends the job; the flight lands by itself, at the latest when its time is over."""
        flight.node = self._channel.node
        if not self._begun():
            self._ask()  # code of a run that has ended may hold the process up
        self._flights[flight.id] = flight
        self._restart_timer(flight)
        self._channel.bound_cpu(math.ceil(self._limit * 4) + 2)
        self._channel.send(flight.message())

    def abandon(self, flight: Flight) -> None:
        """Nobody waits for that run any more: where it is the only one, the process ends with it."""
        if flight.id in self._flights:
            self._forget(flight)
            self._retire(flight)

    def dismiss(self) -> None:
        """Ends a process that no run is under way in; it is gone a moment later."""
        self._kill("")

    async def stop(self) -> None:
        """Kills the process and waits until it is gone; runs still in flight are told so."""
        self._answered()
        await self._channel.stop("the tenant is being closed")

    def _hear(self, told: Told, size: int) -> None:
        if told.pong:
            self._answered()
        elif told.ending:
            # The run that did it, where it is known, has said so itself.
            self._channel.why_killed = f"other code of the action {told.ending}"
        elif flight := self._flights.get(told.id):
            self._hear_of(flight, told, size)

    def _hear_of(self, flight: Flight, told: Told, size: int) -> None:
        if told.started and not flight.started:
            flight.start(asyncio.get_running_loop().time())
            self._restart_timer(flight)
        elif not flight.take(told, size):
            message = f"The code told the tenant more than {TOLD_BYTES // 1024 // 1024} MB."
            self._end(flight, "ActionCrash", message)
        elif told.done:
            self._forget(flight)

    def _restart_timer(self, flight: Flight) -> None:
        if timer := self._timers.pop(flight.id, None):
            timer.cancel()
        loop = asyncio.get_running_loop()
        left = flight.time_left(self._limit, loop.time())
        self._timers[flight.id] = loop.call_later(left, self._expire, flight, left)

    def _expire(self, flight: Flight, seconds: float) -> None:
        if self._overrun and self._probe:
            self._kill(HELD_UP)  # another run was over its time before, and the process has not answered since
        elif flight.started:
            self._overrun = True
            self._end(flight, "ActionTimeout", f"The code did not end within {seconds:.2g} seconds.")
        elif flight.deadline is not None and flight.deadline <= asyncio.get_running_loop().time():
            self._end(flight, "ActionTimeout", "The time was over before the code began: another run held the process.")
        else:
            self._retire(flight)  # it is lost with the process, and run again

    def _end(self, flight: Flight, name: str, message: str) -> None:
        flight.break_off(name, message, asyncio.get_running_loop().time())
        self._forget(flight)
        self._retire(flight)

    def _retire(self, flight: Flight) -> None:
        """Code that is over its time cannot be stopped but by ending the process. Other runs in it may end first: as
        long as it answers; and in any case where that run has not begun, since then they have done nothing wrong."""
        self._channel.spent = True
        if not self._flights or not (flight.started or self._begun()):
            self._kill("")
        elif flight.started:
            self._ask()

    def _ask(self) -> None:
        if self._probe is None:
            self._channel.send({"op": "ping"})
            self._probe = asyncio.get_running_loop().call_later(ANSWER_SECONDS, self._kill, HELD_UP)

    def _answered(self) -> None:
        if self._probe:
            self._probe.cancel()
            self._probe = None

    def _forget(self, flight: Flight) -> None:
        self._flights.pop(flight.id, None)
        if timer := self._timers.pop(flight.id, None):
            timer.cancel()
        if self.spent and not self._flights:
            self._kill("")

    def _kill(self, why: str) -> None:
        self._answered()
        self._channel.kill(why)

    def _begun(self) -> list[Flight]:
        return [flight for flight in self._flights.values() if flight.started]

    def _bury(self) -> None:
        self._answered()
        now, begun = asyncio.get_running_loop().time(), self._begun()
        for flight in list(self._flights.values()):
            if flight not in begun:
                flight.lose()
            elif len(begun) == 1 and not self._channel.why_killed:
                flight.break_off("ActionCrash", self._channel.cause(), now)
            else:
                flight.break_off("HostKilled", self._end_of_many(len(begun)), now)
            self._forget(flight)

    def _end_of_many(self, count: int) -> str:
        if self._channel.why_killed:
            return f"The Node process ended while this run was under way: {self._channel.why_killed}."
        return f"The Node process ended while {count} runs of the action were under way. {self._channel.cause()}"
