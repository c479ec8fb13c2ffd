"""A repository of the stand-in, opened in a test: time passes only while somebody sleeps."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeVar

from reconciler.github.access import Access, open_github
from reconciler.github.gateway import GitHub
from tests.github.standin.state import NOW

R = TypeVar("R")


class Clock:
    def __init__(self) -> None:
        self.slept: list[float] = []

    def __call__(self) -> datetime:
        return NOW + timedelta(seconds=sum(self.slept))

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


def ask(access: Access, work: Callable[[GitHub], Awaitable[R]], clock: Clock | None = None) -> R:
    """What the work gives, with the repository opened for it."""
    time = clock or Clock()

    async def opened() -> R:
        async with open_github(access, clock=time, sleep=time.sleep) as github:
            return await work(github)

    return asyncio.run(opened())
