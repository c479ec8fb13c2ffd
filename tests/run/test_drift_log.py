"""A log that tells nothing hides no drift."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from reconciler.run.drift import read_world, report
from reconciler.run.workplace import Workplace, open_workplace
from reconciler.settings import Settings
from tests.run.attempts import applied, scene
from tests.run.conftest import Home
from tests.run.drifting import Hands, only


class Forgetful(httpx.AsyncBaseTransport):
    """A tenant that gives this answer for its log."""

    def __init__(self, inner: httpx.AsyncBaseTransport, status: int, body: object) -> None:
        self.inner, self.status, self.body = inner, status, body

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/v2/logs":
            return httpx.Response(self.status, json=self.body)
        return await self.inner.handle_async_request(request)


@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (403, {"message": "Insufficient scope, expected any of: read:logs"}, "without the scope read:logs"),
        (400, {"message": "The search is not understood"}, "the log could not be read"),
        (200, {"logs": "none"}, "the log could not be read"),
        (200, [], "the log does not reach back"),
    ],
)
def test_what_is_found_is_told_though_nobody_knows_who_did_it(home: Home, status: int, body: object, why: str) -> None:
    async def played(place: Workplace) -> None:
        async with scene(place, "HEAD") as made:
            assert (await applied(made)).failure is None
            await Hands(made.other).edit("greet", deploy=True)
            made.way.inner = Forgetful(made.way.inner, status, body)
            finding = only(report(await read_world(place, made.loaded, made.ours), made.loaded))
            assert finding.id == "edited:greet" and finding.by == () and why in finding.by_unknown

    with open_workplace(Settings(start=home.folder, environ={})) as place:
        asyncio.run(played(place))
