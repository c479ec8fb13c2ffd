"""The Node processes of one host: some for each owner of code, the ones used last kept warm."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from reconciler.local.node.node_process import NodeProcess

Start = Callable[[tuple[Path, ...]], Awaitable[NodeProcess]]
"""Starts a process that may read those folders."""


_Key = tuple[str, tuple[Path, ...], int]
"""An owner, the folders it may read, and which of its places."""


@dataclass(eq=False)
class _Place:
    """A process of an owner, and how many runs hold it."""

    process: NodeProcess | None = None
    held: int = 0
    starting: asyncio.Lock = field(default_factory=asyncio.Lock)


class Pool:
    """Processes by owner and by the folders they may read.

    Runs of one owner at the same time have a process each, up to `abreast`; beyond that they share. At most `kept` that
    nobody holds stay alive: the one unused the longest goes first. Those that are held are not bounded, since a run
    that waits behind a hanging one of another owner would be harmed by it.
    """

    def __init__(self, start: Start, kept: int, abreast: int) -> None:
        self._start = start
        self._kept = kept
        self._abreast = abreast
        self._places: OrderedDict[_Key, _Place] = OrderedDict()
        self._leaving: list[NodeProcess] = []

    @asynccontextmanager
    async def held(self, owner: str, folders: tuple[Path, ...]) -> AsyncIterator[NodeProcess]:
        """A process of the owner, started where it has none that is free; it is not stopped while it is held."""
        key = self._chosen(owner, folders)
        place = self._places.setdefault(key, _Place())
        self._places.move_to_end(key)
        place.held += 1
        try:
            yield await self._usable(place, folders)
        finally:
            place.held -= 1
            self._trim()

    async def aclose(self) -> None:
        """Kills every process and waits until all are gone."""
        for place in self._places.values():
            self._empty(place)
        self._places.clear()
        leaving, self._leaving = self._leaving, []
        await asyncio.gather(*(process.stop() for process in leaving))

    def _chosen(self, owner: str, folders: tuple[Path, ...]) -> _Key:
        """The place that the fewest runs hold, of these one that has a process, of these the first."""

        def cost(key: _Key) -> tuple[int, bool]:
            place = self._places.get(key)
            return (place.held, place.process is None) if place else (0, True)

        return min(((owner, folders, number) for number in range(self._abreast)), key=cost)

    async def _usable(self, place: _Place, folders: tuple[Path, ...]) -> NodeProcess:
        async with place.starting:
            if place.process is None or place.process.spent:
                self._empty(place)
                place.process = await self._start(folders)
            return place.process

    def _empty(self, place: _Place) -> None:
        if place.process:
            self._leaving = [process for process in self._leaving if not process.gone] + [place.process]
            place.process = None

    def _trim(self) -> None:
        idle = [key for key, place in self._places.items() if not place.held]
        dead = [key for key in idle if (process := self._places[key].process) is None or process.spent]
        alive = [key for key in idle if key not in dead]
        for key in [*dead, *alive[: max(0, len(alive) - self._kept)]]:
            place = self._places.pop(key)
            if place.process and not place.process.spent:
                place.process.dismiss()
            self._empty(place)
