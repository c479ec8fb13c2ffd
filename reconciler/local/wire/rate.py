"""Rate limits of the Management API, as ASGI middleware (limits.md, section 7; wire.md, section 0).

Decided where no source says: a request is counted before it is authenticated, so one with a bad token costs the tenant
as much as any other; the reset header is the second from which there is a request left again; a request that the global
limit let through and the limit of its endpoint did not has been counted globally all the same, since the global one is
looked at first [documented].
"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reconciler.catalogue.limits import Rate, RatePlan
from reconciler.errors import TenantError
from reconciler.local.refusal import too_many_requests
from reconciler.local.stamp import nanoseconds
from reconciler.local.state.tenant_log import Entry
from reconciler.local.wire.answers import json_answer
from reconciler.local.wire.bucket import Level, Taken, full, taken

MANAGEMENT = "/api/v2/"
LOGS = "/api/v2/logs"
LOGGED_AGAIN_MS = 3_600_000
"""Documented: an exceeded limit is logged at once, and again where it still is exceeded after an hour."""

CLOSE_TENTH = 10
"""How close to its end a limit is warned of was not seen: here when a tenth or less is left, but something is."""

Headers = list[tuple[bytes, bytes]]

Log = Callable[[Entry], Awaitable[object]]
"""Keeps an entry in the tenant log; TenantError where it cannot be written."""


@dataclass
class _Bucket:
    """One limit of a running tenant, and when its entries were last written (ms), by type."""

    rate: Rate
    refusal: str
    level: Level
    logged: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class _Verdict:
    bucket: _Bucket
    taken: Taken


class RateLimited:
    """The app behind the limits of a plan. What is not `/api/v2/…` is none of the Management API's."""

    def __init__(self, app: ASGIApp, plan: RatePlan, clock: Callable[[], datetime], log: Log) -> None:
        self._app = app
        self._clock = clock
        self._log = log
        self._global = self._bucket(plan.everything, "Global limit has been reached")
        self._logs = self._bucket(plan.read_logs, "Endpoint limit has been reached")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        now = self._now()
        verdict = self._verdict(scope, now) if scope["type"] == "http" else None
        if verdict is None:
            await self._app(scope, receive, send)
            return
        await self._note(verdict, scope, now)
        answer = (
            self._app if verdict.taken.allowed else json_answer(429, too_many_requests(verdict.bucket.refusal).body)
        )
        await answer(scope, receive, _with(_headers(verdict), send))

    def _bucket(self, rate: Rate | None, refusal: str) -> _Bucket | None:
        return _Bucket(rate, refusal, full(rate, self._now())) if rate else None

    def _now(self) -> int:
        return nanoseconds(self._clock()) // 1_000_000

    def _verdict(self, scope: Scope, now: int) -> _Verdict | None:
        """What the last limit that was looked at says; None where the plan limits no such request."""
        path = scope["path"]
        reads_logs = scope["method"] in ("GET", "HEAD") and (path == LOGS or path.startswith(f"{LOGS}/"))
        buckets = [self._global, self._logs if reads_logs else None] if path.startswith(MANAGEMENT) else []
        verdict = None
        for bucket in buckets:
            if bucket is not None and (verdict is None or verdict.taken.allowed):
                verdict = _Verdict(bucket, taken(bucket.rate, bucket.level, now))
                bucket.level = verdict.taken.level
        return verdict

    async def _note(self, verdict: _Verdict, scope: Scope, now: int) -> None:
        """Logs a limit that is reached or close, at most once an hour each."""
        kind, bucket = _log_type(verdict), verdict.bucket
        if not kind or now - bucket.logged.get(kind, -LOGGED_AGAIN_MS) < LOGGED_AGAIN_MS:
            return
        bucket.logged[kind] = now
        with contextlib.suppress(TenantError):  # the answer matters more than its entry
            await self._log(_entry(kind, bucket, scope))


def _log_type(verdict: _Verdict) -> str:
    if not verdict.taken.allowed:
        return "api_limit"
    close = 0 < verdict.taken.remaining * CLOSE_TENTH <= verdict.bucket.rate.burst
    return "api_limit_warning" if close else ""


def _entry(kind: str, bucket: _Bucket, scope: Scope) -> Entry:
    given = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    about = {"ip": (scope.get("client") or ("",))[0], "user_agent": given.get("user-agent", "")}
    details: Mapping[str, Any] = {"request": {"method": scope["method"].lower(), "path": scope["path"]}}
    words = bucket.refusal if kind == "api_limit" else bucket.refusal.replace("has been", "is about to be")
    return Entry(kind, words, details, about)


def _headers(verdict: _Verdict) -> Headers:
    shown = {
        "x-ratelimit-limit": verdict.bucket.rate.burst,
        "x-ratelimit-remaining": verdict.taken.remaining,
        "x-ratelimit-reset": -(-verdict.taken.next_at // 1000),
    }
    return [(name.encode(), str(value).encode()) for name, value in shown.items()]


def _with(headers: Headers, send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), *headers]}
        await send(message)

    return sent
