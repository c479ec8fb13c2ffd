"""What goes wrong on demand, as ASGI middleware around the stand-in.

`route` is `*`, a part of a path, or a method and a part of a path (`PATCH check-runs`). `do` is one of

  500            GitHub fails; nothing took effect
  502            a proxy answers in HTML that GitHub took too long; nothing took effect
  502-after      the same, and all took effect
  lost           the connection is cut; nothing took effect
  lost-after     the connection is cut; all took effect
  slow           the answer comes `seconds` late
  secondary      403, the secondary rate limit, with Retry-After (`seconds`)
  secondary-429  429, the same without Retry-After
  answer         `status`, `headers` and `body` (text, or JSON) as they are given; nothing took effect
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.github.standin.refusals import refused

CUT = "reconciler.cut"
"""The ASGI extension by which the server cuts the connection of a request."""

PAGE = "<html><head><title>Unicorn! · GitHub</title></head><body>We couldn't respond to your request in time.</body>"
SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."


@dataclass
class Fault:
    do: str
    route: str = "*"
    call: int = 1
    times: int = 1
    seconds: int = 7
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = ""
    heard: int = 0

    def due(self, method: str, path: str) -> bool:
        """Counts the request and says whether it is one of those that go wrong."""
        wanted, _, part = self.route.rpartition(" ")
        if wanted not in ("", method) or (part != "*" and part not in path):
            return False
        self.heard += 1
        return self.call <= self.heard < self.call + self.times


def with_faults(app: ASGIApp, faults: list[Fault]) -> ASGIApp:
    """The app, with what goes wrong at the moment. Faults are looked at anew with each request."""

    async def faulty(scope: Scope, receive: Receive, send: Send) -> None:
        due = [fault for fault in faults if fault.due(scope["method"], scope["path"])]
        if not due:
            return await app(scope, receive, send)
        fault, cut = due[0], scope["extensions"][CUT]
        if fault.do == "slow":
            await asyncio.sleep(fault.seconds)
            return await app(scope, receive, send)
        if fault.do.endswith("-after"):
            await app(scope, receive, _nobody)
        if fault.do.startswith("lost"):
            cut()
            with contextlib.suppress(Exception):
                await _gone(receive)
            return None
        return await _ANSWERS[fault.do](fault)(scope, receive, send)

    return faulty


def _given(fault: Fault) -> Response:
    text = fault.body if isinstance(fault.body, str) else json.dumps(fault.body)
    return Response(text, fault.status, {"content-type": "application/json; charset=utf-8"} | fault.headers)


_ANSWERS: dict[str, Callable[[Fault], Response]] = {
    "500": lambda _: refused(500, "Server Error"),
    "502": lambda _: HTMLResponse(PAGE, 502),
    "502-after": lambda _: HTMLResponse(PAGE, 502),
    "secondary": lambda fault: refused(403, SECONDARY, {"retry-after": str(fault.seconds)}),
    "secondary-429": lambda _: refused(429, SECONDARY),
    "answer": _given,
}


async def _nobody(_: Message) -> None:
    """Hears an answer that nobody gets."""


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
