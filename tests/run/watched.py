"""What an apply sends, seen on its way to the embedded tenant: every write is kept, and something may happen just
before one of them. What goes wrong with it is a fault of the tenant's own (reconciler.local.wire.faults)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import httpx

from reconciler.local.wire.faults import Do, Fault

WRITES = "POST|PATCH|DELETE /api/v2/**"
NOT_YET = "A draft must be in the 'built' state before it can be deployed."
LATE_SECONDS = 0.3


@dataclass
class Watched(httpx.AsyncBaseTransport):
    """Keeps every write; `meanwhile` is somebody else who does something right before the write number `at` (from
    1)."""

    inner: httpx.AsyncBaseTransport
    at: int = 0
    meanwhile: Callable[[], Awaitable[None]] | None = None
    writes: list[str] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method != "GET" and request.url.path != "/oauth/token":
            self.writes.append(f"{request.method} {request.url.path}")
            if len(self.writes) == self.at and self.meanwhile:
                await self.meanwhile()
        return await self.inner.handle_async_request(request)


def faults(at: int, do: Do | None) -> tuple[Fault, ...]:
    """The fault of the write number `at`; none where nothing goes wrong. A 400 says that the draft is not built."""
    if do is None or not at:
        return ()
    return (Fault(route=WRITES, call=at, do=do, seconds=LATE_SECONDS, message=NOT_YET if do == 400 else ""),)
