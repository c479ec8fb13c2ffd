"""A tenant that answers what a test wrote down: stands at the one seam, the httpx transport."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import httpx

from reconciler.auth0.auth import Credentials, TokenAuth
from reconciler.auth0.client import Client

Answer = httpx.Response | Exception
NOW = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)
URL = "https://acme.example"


class Script(httpx.AsyncBaseTransport):
    """Gives its answers in order, the last one for ever, and keeps what was asked."""

    def __init__(self, *answers: Answer | Callable[[httpx.Request], Answer]) -> None:
        self.answers = list(answers)
        self.asked: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        given = answer(request) if callable(answer) else answer
        if isinstance(given, Exception):
            raise given
        return given


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def __call__(self) -> datetime:
        return datetime.fromtimestamp(NOW.timestamp() + sum(self.slept), UTC)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


def client(script: Script, clock: Clock, credentials: Credentials | None = None) -> Client:
    """A client of the scripted tenant; without credentials it asks for no token."""
    auth = None
    if credentials:
        auth = TokenAuth(credentials, url=f"{URL}/oauth/token", audience=f"{URL}/api/v2/", clock=clock)
    http = httpx.AsyncClient(transport=script, base_url=URL, auth=auth)
    return Client(http, clock=clock, sleep=clock.sleep)


def refusal(status: int, message: str, **headers: str) -> httpx.Response:
    """An error as the Management API words it (wire.md, section 0)."""
    return httpx.Response(status, json={"statusCode": status, "message": message}, headers=headers)
