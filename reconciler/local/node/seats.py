"""Where cases wait for a process: each seat has one, and takes as many cases as its process has room for."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable

from reconciler.local.node.case_process import CaseProcess

Fresh = Callable[[], Awaitable[CaseProcess]]
"""Starts a process."""


class Seat:
    """Holds a process from when it is needed first, and another one once that is spent."""

    def __init__(self, fresh: Fresh) -> None:
        self.taken = 0
        self._fresh = fresh
        self._starting: asyncio.Task[CaseProcess] | None = None
        self._process: CaseProcess | None = None

    @property
    def is_up(self) -> bool:
        """Whether its process can take a case now."""
        return self._process is not None and not self._process.spent

    @property
    def room(self) -> int:
        """How many cases more it takes."""
        holds = self._process.holds if self._process and self.is_up else 1
        return holds - self.taken

    def warm(self) -> None:
        """Starts its process, unless that was done."""
        if not self.is_up and self._starting is None:
            self._starting = asyncio.create_task(self._started())
            self._starting.add_done_callback(_seen)

    async def process(self) -> CaseProcess:
        """Its process, once it is up. Raises RuntimeProblem where it does not start."""
        while not self._process or self._process.spent:
            self.warm()
            assert self._starting
            await asyncio.shield(self._starting)  # others may wait for it as well
        return self._process

    async def leave(self) -> None:
        """Nobody waits for its process any more."""
        if self._starting:
            self._starting.cancel()
            await asyncio.gather(self._starting, return_exceptions=True)

    async def _started(self) -> CaseProcess:
        try:
            self._process = await self._fresh()
            return self._process
        finally:
            self._starting = None


def _seen(starting: asyncio.Task[CaseProcess]) -> None:
    """Where no case needs the process, nobody is to hear that it does not start."""
    if not starting.cancelled():
        starting.exception()


class Seats:
    """So many of them. A case is given the emptiest, first one whose process is up."""

    def __init__(self, count: int, fresh: Fresh) -> None:
        self._seats = tuple(Seat(fresh) for _ in range(count))
        self._waiting: deque[asyncio.Future[Seat]] = deque()

    def warm(self) -> None:
        """Starts the processes of all."""
        for seat in self._seats:
            seat.warm()

    async def leave(self) -> None:
        """Nobody waits for their processes any more."""
        await asyncio.gather(*(seat.leave() for seat in self._seats))

    @contextlib.asynccontextmanager
    async def one(self) -> AsyncIterator[Seat]:
        """A place in one of them, as soon as there is room and whoever asked before has one."""
        seat = await self._place()
        try:
            yield seat
        finally:
            self._give_back(seat)

    async def _place(self) -> Seat:
        place: asyncio.Future[Seat] = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        self._serve()
        try:
            return await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self._give_back(place.result())
            raise

    def _give_back(self, seat: Seat) -> None:
        seat.taken -= 1
        self._serve()

    def _serve(self) -> None:
        while self._waiting and (free := [seat for seat in self._seats if seat.room > 0]):
            place = self._waiting.popleft()
            if not place.done():
                seat = min(free, key=lambda seat: (seat.taken, not seat.is_up))
                seat.taken += 1
                place.set_result(seat)
