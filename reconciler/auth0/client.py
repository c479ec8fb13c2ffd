"""One client for every tenant: typed errors, paging, and retries only where nothing can have been written.

Sources: wire.md sections 0 (errors, paging, rate-limit headers) and 5 (token); limits.md section 7.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime
from typing import Any

import httpx
from tenacity import RetryCallState

from reconciler.again import TRIES, UNSENT, Again, Sleep, answered, ending
from reconciler.auth0.answers import error_code, parse_answer, spoken
from reconciler.errors import (
    FeatureOff,
    MissingScope,
    NotFound,
    RateLimited,
    ReadOnly,
    Rejected,
    TenantError,
    Unauthorized,
    Unreachable,
)

PAGE = 100
LONGEST_WAIT = 60.0
SHORTEST_WAIT = 0.5
"""Seconds before a call that the rate limit refused is sent again, though the headers say that it may be sent: clocks
differ, and others wait for the same request."""

TOKEN_PATH = "/oauth/token"
TEST_PATH = re.compile(r"/api/v2/actions/actions/[^/]+/test")

_LOOK_AT_DOMAIN = "Check the domain in the tenant file and the network."


async def refuse_writes(request: httpx.Request) -> None:
    """Hears of every request right before it is sent, second tries and redirects included, and raises ReadOnly for one
    that could write. Asking for a token writes nothing; wherever else a POST goes, it is refused."""
    if request.method not in ("GET", "HEAD") and (request.method, request.url.path) != ("POST", TOKEN_PATH):
        raise ReadOnly(request.method, request.url.path)


async def refuse_writes_but_tests(request: httpx.Request) -> None:
    """The same, but for the one POST that makes nothing: running a draft (wire.md, section 2)."""
    if request.method != "POST" or not TEST_PATH.fullmatch(request.url.path):
        await refuse_writes(request)


class Client:
    """Speaks JSON with one tenant. All methods raise a TenantError that says what the tenant said."""

    def __init__(self, http: httpx.AsyncClient, *, clock: Callable[[], datetime], sleep: Sleep = asyncio.sleep) -> None:
        self._http = http
        self._clock = clock
        self._sleep = sleep
        self._closed_until = 0.0

    async def read(self, path: str, **query: Any) -> Any:
        """The JSON of a GET. Reads are tried again after lost connections, 5xx and 429."""
        return await self._answer("GET", path, query=query, safe=True)

    async def read_pages(self, path: str, key: str, **query: Any) -> AsyncIterator[Mapping[str, Any]]:
        """Every item of a paged list, one request per page of 100.

        `total` is trusted where it is there, so that a full page costs no further request; it is left out when it is
        zero or past the end.
        """
        page = seen = 0
        while True:
            body = await self.read(path, page=page, per_page=PAGE, **query)
            items = _items(path, body, key)
            for item in items:
                yield item
            seen += len(items)
            total = body.get("total")
            if not items or (seen >= total if isinstance(total, int) else len(items) < PAGE):
                return
            page += 1

    async def write(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """The JSON of a POST, PATCH or DELETE, None where the answer has none.

        Tried again only where nothing can have been written: the tenant refused for its rate limit, or no connection
        was made.
        """
        return await self._answer(method, path, query=query, body=body, safe=False)

    async def _answer(self, method: str, path: str, *, query: Mapping[str, Any], safe: bool, body: Any = None) -> Any:
        return await answered(
            lambda _: self._try(method, path, query=query, safe=safe, body=body), sleep=self._sleep, given_up=_given_up
        )

    async def _try(self, method: str, path: str, *, query: Mapping[str, Any], safe: bool, body: Any) -> Any:
        await self._wait_for_the_limit()
        try:
            answer = await self._http.request(method, path, params=query, json=body)
        except RateLimited as later:  # no token was given: nothing was sent yet
            raise Again(later) from later
        except UNSENT as lost:
            raise Again(_unreachable(self._http.base_url, lost)) from lost
        except httpx.RequestError as lost:
            unreachable = _unreachable(self._http.base_url, lost)
            raise (Again(unreachable) if safe else unreachable) from lost
        self._note_the_limit(answer)
        if answer.is_success:
            return parse_answer(answer) if answer.content else None
        error = _error(method, path, answer, spoken(answer, _secrets(body)))
        if isinstance(error, RateLimited):
            raise Again(error, _seconds(answer, self._clock()))
        if safe and answer.is_server_error:
            raise Again(error)
        raise error

    async def _wait_for_the_limit(self) -> None:
        wait = self._closed_until - self._clock().timestamp()
        if wait > 0:
            await self._sleep(min(wait, LONGEST_WAIT))

    def _note_the_limit(self, answer: httpx.Response) -> None:
        if answer.headers.get("x-ratelimit-remaining") == "0":
            self._closed_until = _reset(answer)


def _given_up(state: RetryCallState) -> bool:
    """After so many tries; a call that the rate limit refused, and so surely did nothing, may wait its turn longer, as
    many calls side by side share a few requests a second."""
    last = ending(state)
    in_turn = last is not None and isinstance(last.error, RateLimited) and last.wait is not None
    return state.attempt_number >= TRIES and not (in_turn and state.idle_for < LONGEST_WAIT)


def _seconds(answer: httpx.Response, now: datetime) -> float | None:
    after = answer.headers.get("retry-after", "")
    wait = float(after) if after.isdigit() else _reset(answer) - now.timestamp()
    return min(max(wait, SHORTEST_WAIT), LONGEST_WAIT) if after.isdigit() or _reset(answer) else None


def _reset(answer: httpx.Response) -> float:
    reset = answer.headers.get("x-ratelimit-reset", "")
    return float(reset) if reset.isdigit() else 0.0


def _unreachable(base: httpx.URL, lost: Exception) -> Unreachable:
    here = base.host in ("127.0.0.1", "localhost", "::1")
    return Unreachable(
        f"The tenant at {base.netloc.decode()} {_lost(lost)} ({type(lost).__name__}).",
        "See whether `reconciler tenant serve` still runs." if here else _LOOK_AT_DOMAIN,
    )


def _lost(lost: Exception) -> str:
    if isinstance(lost, httpx.TimeoutException):
        return "did not answer in time"
    return (
        "cut the connection" if isinstance(lost, httpx.ReadError | httpx.RemoteProtocolError) else "cannot be reached"
    )


def _error(method: str, path: str, answer: httpx.Response, message: str) -> TenantError:
    status = answer.status_code
    if status == 401:
        return Unauthorized(f"The tenant refuses the token: {message}.", "Check the credentials.", status=status)
    if status == 403 and "scope" in message.lower():
        return MissingScope(
            f"{method} {path} was refused: {message}.", "Give the client that scope in the tenant.", status=status
        )
    if status == 403 and error_code(answer) == "feature_not_enabled":
        return FeatureOff(
            f"{method} {path} was refused: {message}", "Ask for the feature, or do without it.", status=status
        )
    if status == 404:
        return NotFound(f"{method} {path}: {message}", "Run `reconciler plan` to see what is there.", status=status)
    if status == 429:
        return RateLimited(
            f"The tenant's rate limit is used up: {message}.", "Wait a minute and run it again.", status=status
        )
    return Rejected(f"{method} {path} was refused with {status}: {message}", "See what the tenant says.", status=status)


def _items(path: str, body: Any, key: str) -> list[Any]:
    # An answer without the list is not an empty list: an error is never absence (law 8).
    items = body.get(key) if isinstance(body, dict) else None
    if not isinstance(items, list):
        raise Rejected(
            f"GET {path} was answered without {key}: that is not how a tenant answers.",
            "Check the domain in the tenant file, and what stands between here and the tenant.",
        )
    return items


def _secrets(body: Any) -> list[str]:
    """The secret values in a body that was sent."""
    listed = body.get("secrets") if isinstance(body, dict) else None
    return [str(each["value"]) for each in listed or () if "value" in each]
