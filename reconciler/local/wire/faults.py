"""Faults for tests: what a network, a proxy or a bad day of the platform does to a call, as ASGI middleware.

A fault names a route and, if not every call of it is meant, which one. `route` is a method, several joined by `|`, or
`*`, a space, and a path in which `*` or `{id}` stands for one part and `**` for any number. `do` is one of

  400 to 500      the tenant refuses with that status, and nothing takes effect; `message` replaces the usual words, and
                  a 429 says to come back after `seconds`
  502, 503, 504   a proxy answers in HTML that the tenant cannot be reached; nothing takes effect
  hang            no answer; after `seconds`, where they are given, the connection is cut; nothing takes effect
  drop-before     the connection is cut before anything takes effect
  drop-after      the connection is cut after all has taken effect
  slow            the call is carried out after `seconds`, whether its sender still waits or not
  give-up         a proxy answers 504 at once, and the call is carried out after `seconds` all the same

`seconds` of slow and give-up are 1 where none are given; a tenant that closes carries out at once what is left.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Literal

import httpx
from pydantic import AfterValidator, Field
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reconciler.local.refusal import Refusal, too_many_requests
from reconciler.local.wire.answers import json_answer
from reconciler.model.frozen import Frozen

DROP = "reconciler.drop"
"""The ASGI extension by which a server cuts the connection of a request; where there is none, the call came from
inside this process, and its client meets httpx's error."""

Do = Literal[400, 401, 403, 404, 409, 429, 500, 502, 503, 504, "hang", "drop-before", "drop-after", "slow", "give-up"]

_ROUTE = re.compile(r"(\*|[A-Z]+(\|[A-Z]+)*) (/\S*)")
_PART = re.compile(r"\*\*|\*|\{\w+\}")
_USUAL = {429: "Global limit has been reached", 500: "An internal server error occurred"}
_LATE_SECONDS = 1.0
_METHODS = {"*", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}


def _checked_route(route: str) -> str:
    if not _ROUTE.fullmatch(route):
        raise ValueError("must be a method and a path, such as POST /api/v2/actions/actions/*/deploy")
    unknown = set(route.partition(" ")[0].split("|")) - _METHODS
    if unknown:
        raise ValueError(f"names no method of HTTP: {', '.join(sorted(unknown))}")
    return route


class Fault(Frozen):
    """One fault; see the module. `call` counts the calls of the route from 1; left out, every call is meant."""

    route: Annotated[str, AfterValidator(_checked_route)]
    do: Do
    call: int | None = Field(default=None, ge=1)
    seconds: float | None = Field(default=None, ge=0, le=3600)
    message: str = ""

    def matches(self, method: str, path: str) -> bool:
        """Whether that request is one of the route's."""
        methods, _, wanted = self.route.partition(" ")
        meant = methods == "*" or method in methods.split("|")
        return meant and _pattern(wanted).fullmatch(path) is not None


class Faults:
    """The app behind faults. Of several that mean one call the first one happens."""

    def __init__(self, app: ASGIApp, faults: Sequence[Fault], clock: Callable[[], datetime]) -> None:
        self._app = app
        self._faults = tuple(faults)
        self._clock = clock
        self._counts = [0] * len(self._faults)
        self._happened: set[int] = set()
        self._late: set[asyncio.Task[None]] = set()
        self._closing = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        fault = self._due(scope) if scope["type"] == "http" else None
        if fault is None:
            await self._app(scope, receive, send)
        else:
            await self._happen(fault, scope, receive, send)

    @property
    def unmet(self) -> tuple[Fault, ...]:
        """The faults that have not happened: no call of their route came, or not so many."""
        return tuple(fault for place, fault in enumerate(self._faults) if place not in self._happened)

    async def aclose(self) -> None:
        """Carries out, at once, the calls that were to be carried out later."""
        self._closing.set()
        await asyncio.gather(*self._late, return_exceptions=True)

    def _due(self, scope: Scope) -> Fault | None:
        """The fault of this call. Every fault counts the calls of its route, also those that another fault meets."""
        due = None
        for place, fault in enumerate(self._faults):
            if fault.matches(scope["method"], scope["path"]):
                self._counts[place] += 1
                if due is None and fault.call in (None, self._counts[place]):
                    due = fault
                    self._happened.add(place)
        return due

    async def _happen(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        late = _LATE_SECONDS if fault.seconds is None else fault.seconds
        if fault.do == "hang":
            await _hang(fault.seconds, scope, receive)
        elif fault.do == "drop-before":
            await _drop(scope, receive)
        elif fault.do == "drop-after":
            await self._app(scope, _replayed(await _body(receive)), _nowhere)
            await _drop(scope, receive)
        elif fault.do == "slow":
            await self._carried_out(self._later(late, scope, await _body(receive), send))
        elif fault.do == "give-up":
            self._start(self._later(late, scope, await _body(receive), _nowhere))
            await _proxy_page(HTTPStatus.GATEWAY_TIMEOUT)(scope, receive, send)
        else:
            await self._answer(fault, HTTPStatus(fault.do))(scope, receive, send)

    def _answer(self, fault: Fault, status: HTTPStatus) -> ASGIApp:
        if status > HTTPStatus.INTERNAL_SERVER_ERROR:
            return _proxy_page(status)
        words = fault.message or _USUAL.get(status, status.phrase)
        if status != HTTPStatus.TOO_MANY_REQUESTS:
            return json_answer(status, Refusal(status, words).body)
        reset = int(self._clock().timestamp() + (fault.seconds or 0)) + 1
        headers = {"x-ratelimit-limit": "1", "x-ratelimit-remaining": "0", "x-ratelimit-reset": str(reset)}
        return json_answer(status, too_many_requests(words).body, headers)

    async def _later(self, seconds: float, scope: Scope, body: bytes, send: Send) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._closing.wait(), seconds)
        await self._app(scope, _replayed(body), send)

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work, name="a call that nobody waits for")
        self._late.add(task)
        task.add_done_callback(self._late.discard)
        return task

    async def _carried_out(self, work: Coroutine[Any, Any, None]) -> None:
        await asyncio.shield(self._start(work))


def _pattern(path: str) -> re.Pattern[str]:
    """What the path of a request must be like."""
    fixed = _PART.split(path)
    free = [".*" if part == "**" else "[^/]+" for part in _PART.findall(path)] + [""]
    return re.compile("".join(re.escape(text) + part for text, part in zip(fixed, free, strict=True)))


def _proxy_page(status: HTTPStatus) -> ASGIApp:
    """An error page as a proxy shows it: HTML, and none of the platform's headers."""
    title = f"{status.value} {status.phrase}"
    return HTMLResponse(f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n", status)


async def _hang(seconds: float | None, scope: Scope, receive: Receive) -> None:
    try:
        async with asyncio.timeout(seconds):
            await gone(receive)
    except TimeoutError:
        await _drop(scope, receive)


async def _drop(scope: Scope, receive: Receive) -> None:
    cut = scope.get("extensions", {}).get(DROP)
    if cut is None:
        raise httpx.ReadError("The connection was cut, as a fault says.")
    cut()
    await gone(receive)


async def gone(receive: Receive) -> None:
    """Waits until the client is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _body(receive: Receive) -> bytes:
    raw = bytearray()
    while True:
        message = await receive()
        raw += message.get("body", b"")
        if not message.get("more_body", False):
            return bytes(raw)


def _replayed(body: bytes) -> Receive:
    """A receive that gives that body and then waits: nobody hears of a client that went away."""
    given = False

    async def receive() -> Message:
        nonlocal given
        if given:
            await asyncio.Event().wait()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


async def _nowhere(message: Message) -> None:
    """Sends an answer that nobody gets."""
