"""A connection that fails when told to; stands between the client and the embedded tenant, at the one seam."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal

import httpx

Kind = Literal["refused", "lost before", "lost after", "meanwhile", "slow", "given up", "not yet"]
REFUSED = httpx.Response(500, json={"statusCode": 500, "message": "An internal server error occurred"})
GIVEN_UP = httpx.Response(504, text="the gateway gave up")
NOT_YET = httpx.Response(400, json={"message": "A draft must be in the 'built' state before it can be deployed."})
SLOW_SECONDS = 0.3


@dataclass
class Faulty(httpx.AsyncBaseTransport):
    """Lets everything through but the write number `at` (from 1), which fails as `kind` says; keeps every write.

    refused answers 500; lost before and lost after drop the connection before or after the write took effect; meanwhile
    lets somebody else do something right before it; slow takes effect a while later, whether its sender still waits or
    not, as a server does; given up answers 504 and takes effect all the same; not yet says that the draft is not built.
    """

    inner: httpx.AsyncBaseTransport
    at: int = 0
    kind: Kind = "refused"
    meanwhile: Callable[[], Awaitable[None]] | None = None
    writes: list[str] = field(default_factory=list)
    late: list[asyncio.Task[httpx.Response]] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET" or request.url.path == "/oauth/token":
            return await self.inner.handle_async_request(request)
        self.writes.append(f"{request.method} {request.url.path}")
        if len(self.writes) != self.at:
            return await self.inner.handle_async_request(request)
        if self.meanwhile:
            await self.meanwhile()
        if self.kind == "refused":
            return REFUSED
        if self.kind == "meanwhile":
            return await self.inner.handle_async_request(request)
        if self.kind == "slow":
            self.late.append(asyncio.ensure_future(self._later(request)))
            return await asyncio.shield(self.late[-1])
        if self.kind == "given up":
            self.late.append(asyncio.ensure_future(self._later(request)))
            return GIVEN_UP
        if self.kind == "not yet":
            return NOT_YET
        if self.kind == "lost after":
            await self.inner.handle_async_request(request)
        raise httpx.ReadError("the connection was lost", request=request)

    async def _later(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(SLOW_SECONDS)
        return await self.inner.handle_async_request(request)
