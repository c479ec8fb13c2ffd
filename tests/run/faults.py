"""A connection that fails when told to; stands between the client and the embedded tenant, at the one seam."""

from __future__ import annotations

from typing import Literal

import httpx

Kind = Literal["lost before", "lost after", "refused"]


class Faulty(httpx.AsyncBaseTransport):
    """Lets everything through but the write of that number (from 1), which fails as told. Counts the writes."""

    def __init__(self, inner: httpx.AsyncBaseTransport, *, at: int = 0, kind: Kind = "refused") -> None:
        self._inner = inner
        self._at = at
        self._kind = kind
        self.writes: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET" or request.url.path == "/oauth/token":
            return await self._inner.handle_async_request(request)
        self.writes.append(f"{request.method} {request.url.path}")
        if len(self.writes) != self._at:
            return await self._inner.handle_async_request(request)
        if self._kind == "refused":
            return httpx.Response(500, json={"statusCode": 500, "message": "An internal server error occurred"})
        if self._kind == "lost after":
            await self._inner.handle_async_request(request)
        raise httpx.ReadError("the connection was lost", request=request)
