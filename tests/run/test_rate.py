"""An apply against the tightest rate limit of the platform: it takes its time and gets through."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from reconciler.auth0.auth import TokenAuth
from reconciler.auth0.client import Client
from reconciler.auth0.gateway import Gateway, Traffic
from reconciler.catalogue.limits import RATE_PLANS
from reconciler.local.wire.rate import RateLimited
from reconciler.run.session import INSIDE, inside, open_embedded
from reconciler.run.workplace import Workplace, open_workplace
from reconciler.settings import Settings
from tests.run.attempts import FLOW, Attempt, Scene, applied, scene
from tests.run.conftest import Home

TRIGGERS = (FLOW, "credentials-exchange", "pre-user-registration", "post-user-registration", "post-change-password")


class Clock:
    """Time that passes only while somebody sleeps, and sleeps at no cost."""

    def __init__(self) -> None:
        self._start = datetime.now(UTC)
        self._passed = 0.0

    def __call__(self) -> datetime:
        return self._start + timedelta(seconds=self._passed)

    async def sleep(self, seconds: float) -> None:
        until = self._passed + seconds
        await asyncio.sleep(0)
        self._passed = max(self._passed, until)


@asynccontextmanager
async def limited(made: Scene, place: Workplace) -> AsyncIterator[tuple[Gateway, Clock]]:
    """A gateway to the scene's tenant behind the limits of the free plan."""
    clock = Clock()

    async def log(entry: object) -> None:
        """The log has tests of its own."""

    tenant: Any = made.loaded.tenant
    async with open_embedded(place, "local", tenant) as embedded:
        way = inside(embedded)
        app = RateLimited(embedded.app, RATE_PLANS["free"], clock, log)
        auth = TokenAuth(way.credentials, url=f"{INSIDE}/oauth/token", audience=way.audience, clock=clock)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=INSIDE, auth=auth) as http:
            yield Gateway(Client(http, clock=clock, sleep=clock.sleep), Traffic()), clock


def test_an_apply_gets_through_a_limit_of_two_requests_a_second(home: Home) -> None:
    async def played(place: Workplace) -> tuple[Attempt, float]:
        async with scene(place, "HEAD") as made, limited(made, place) as (slow, clock):
            started = clock()
            done = await applied(replace(made, ours=slow))
            return done, (clock() - started).total_seconds()

    with open_workplace(Settings(start=home.folder, environ={})) as place:
        done, seconds = asyncio.run(played(place))
    assert done.failure is None
    assert done.runs[1] == {FLOW: ["guard", "greet"]}
    assert 2 < seconds < 20


def test_reads_side_by_side_all_get_their_turn(home: Home) -> None:
    async def played(place: Workplace) -> int:
        async with scene(place, "HEAD") as made, limited(made, place) as (slow, _):
            return sum([len((await slow.read_live(TRIGGERS)).flows) for _ in range(3)])

    with open_workplace(Settings(start=home.folder, environ={})) as place:
        assert asyncio.run(played(place)) == 3 * len(TRIGGERS)
