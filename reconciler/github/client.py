"""One client for GitHub's REST API: typed errors, paging, limits, and retries only where nothing can have been written.

Sources: docs.github.com/rest, "Getting started", "Using pagination", "Best practices" (requests one after another,
redirects are followed, limits are waited for), version 2022-11-28.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
from tenacity import RetryCallState

from reconciler.again import TRIES, UNSENT, Again, Sleep, answered
from reconciler.errors import GitHubRejected, GitHubUnreachable
from reconciler.github.answers import asked, parse_answer, refusal, spoken, unsure
from reconciler.github.limits import PATIENCE, met, over, reset, used_up
from reconciler.github.prose import Edit, edited
from reconciler.github.sizes import fitted

PAGE = 100
REDIRECTS = 3

UNTRUSTED = "CERTIFICATE_VERIFY_FAILED"


@dataclass(frozen=True)
class _Call:
    """One request as it is meant; `url` is a path below the API's address, or a whole URL that GitHub gave."""

    method: str
    url: str
    query: Mapping[str, Any] | None = None
    body: Any = None
    safe: bool = False


class Client:
    """Speaks JSON with GitHub, one request after another. All methods raise a GitHubError that says what GitHub said.

    `http` has the API's address as its base_url and follows no redirects of its own. `token` is taken out of whatever
    GitHub says; `edit` sees every text that is sent, before it is cut to what GitHub takes.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        *,
        token: str,
        clock: Callable[[], datetime],
        sleep: Sleep = asyncio.sleep,
        edit: Edit = str,
    ) -> None:
        self._http = http
        self._token = token
        self._edit = edit
        self._clock = clock
        self._sleep = sleep
        self._turn = asyncio.Lock()
        self._closed_until = 0.0

    async def read(self, path: str, **query: Any) -> Any:
        """The JSON of a GET. Reads are tried again after lost connections, 5xx and limits."""
        return parse_answer(await self._answer(_Call("GET", path, query, safe=True)))

    async def read_graphql(self, query: str) -> Any:
        """The JSON that GitHub's other API gives for a query. It is beside this one: /api/graphql where this is
        /api/v3, otherwise /graphql."""
        url = self._http.base_url.copy_with(path=self._http.base_url.path.rstrip("/").removesuffix("/v3") + "/graphql")
        answer = await self._answer(_Call("POST", str(url), None, {"query": query}, safe=True))
        body = parse_answer(answer)
        if isinstance(body, dict) and body.get("errors"):
            words = spoken(answer, self._token)
            raise GitHubRejected(f"{asked(answer)} was refused: {words}", "See what GitHub says.")
        return body

    async def read_pages(self, path: str, key: str = "", **query: Any) -> AsyncIterator[Mapping[str, Any]]:
        """Every item of a list, one request per page of 100, as the Link header leads. `key` names the list where the
        answer is an object."""
        call: _Call | None = _Call("GET", path, {"per_page": PAGE, **query}, safe=True)
        seen: set[str] = set()
        while call:
            answer = await self._answer(call)
            for item in _items(answer, key):
                yield item
            call = self._next(answer, seen)

    async def write(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON of a POST, PATCH or DELETE, None where the answer has none.

        Tried again only where nothing can have been written: GitHub refused for a limit, or no connection was made.
        """
        return parse_answer(await self._answer(_Call(method, path, None, fitted(edited(body, self._edit)))))

    async def pause(self, seconds: float) -> None:
        """Waits."""
        await self._sleep(seconds)

    def _next(self, answer: httpx.Response, seen: set[str]) -> _Call | None:
        url = answer.links.get("next", {}).get("url", "")
        if not url:
            return None
        if url in seen:
            raise GitHubRejected(f"The pages of {asked(answer)} lead in a circle.", "Report this as a bug.")
        seen.add(url)
        return _Call("GET", self._at_home(answer, url), safe=True)

    def _at_home(self, answer: httpx.Response, url: str) -> str:
        """The absolute URL of what an answer leads to; raises GitHubRejected where that is another host, which must
        never see the token."""
        home = self._http.base_url
        try:
            to = answer.request.url.join(url)
        except httpx.InvalidURL:
            to = httpx.URL("")
        if (to.scheme, to.host, to.port) != (home.scheme, home.host, home.port):
            raise GitHubRejected(
                f"{asked(answer)} leads to {to.scheme}://{to.netloc.decode()}, which gets no token.",
                "Check GITHUB_API_URL and the name of the repository.",
                status=answer.status_code,
            )
        return str(to)

    async def _answer(self, call: _Call) -> httpx.Response:
        async with self._turn:
            return await answered(lambda tried: self._try(call, tried), sleep=self._sleep, given_up=_given_up)

    async def _try(self, call: _Call, tried: int) -> httpx.Response:
        await self._wait_for_the_limit()
        answer = await self._send(call)
        for _ in range(REDIRECTS):
            if not answer.has_redirect_location:
                break
            answer = await self._send(
                _Call(call.method, self._at_home(answer, answer.headers["location"]), None, call.body)
            )
        if answer.is_success:
            return answer
        words = spoken(answer, self._token)
        limit = met(answer, words, tried=tried, now=self._clock())
        if limit:
            self._closed_until = limit.until
            raise Again(limit.error, limit.wait) if limit.wait <= PATIENCE else limit.error
        error = refusal(answer, self._token)
        raise Again(error) if call.safe and answer.is_server_error else error

    async def _send(self, call: _Call) -> httpx.Response:
        try:
            answer = await self._http.request(call.method, call.url, params=call.query, json=call.body)
        except UNSENT as lost:
            if UNTRUSTED in str(lost):
                raise _untrusted(self._http.base_url) from lost
            raise Again(_unreachable(self._http.base_url, lost)) from lost
        except httpx.RequestError as lost:
            unreachable = _unreachable(self._http.base_url, lost, unsure(lost.request))
            raise (Again(unreachable) if call.safe else unreachable) from lost
        if used_up(answer) and answer.headers.get("x-ratelimit-resource", "core") == "core":
            self._closed_until = reset(answer)
        return answer

    async def _wait_for_the_limit(self) -> None:
        wait = self._closed_until - self._clock().timestamp()
        if wait > PATIENCE:
            raise over(self._closed_until, "nothing was sent")
        if wait > 0:
            await self._sleep(wait)


def _given_up(state: RetryCallState) -> bool:
    """After so many tries, or where limits would hold it up for longer than anybody waits."""
    return state.attempt_number >= TRIES or state.idle_for + state.upcoming_sleep > PATIENCE


def _unreachable(home: httpx.URL, lost: Exception, unsure: str = "") -> GitHubUnreachable:
    how = "did not answer in time" if isinstance(lost, httpx.TimeoutException) else "cannot be reached"
    if isinstance(lost, httpx.ReadError | httpx.RemoteProtocolError):
        how = "cut the connection"
    return GitHubUnreachable(
        f"GitHub at {home.netloc.decode()} {how} ({type(lost).__name__}).",
        f"Check GITHUB_API_URL and the network, then run it again.{unsure}",
    )


def _untrusted(home: httpx.URL) -> GitHubUnreachable:
    return GitHubUnreachable(
        f"The certificate of GitHub at {home.netloc.decode()} is not trusted; nothing was sent.",
        "Name the certificate authority of your company, as a PEM file, in SSL_CERT_FILE.",
    )


def _items(answer: httpx.Response, key: str) -> list[Any]:
    # An answer without the list is not an empty list: an error is never absence (law 8).
    body = parse_answer(answer)
    items = body.get(key) if key and isinstance(body, dict) else body
    if not isinstance(items, list):
        raise GitHubRejected(
            f"{asked(answer)} was answered without a list: that is not how GitHub answers.",
            "Check GITHUB_API_URL, and what stands between here and GitHub.",
            status=answer.status_code,
        )
    return items
