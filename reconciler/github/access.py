"""The way to a repository on GitHub."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version

import httpx

from reconciler.again import Sleep
from reconciler.errors import GitHubError, GitHubForbidden
from reconciler.github.client import Client
from reconciler.github.gateway import GitHub
from reconciler.github.prose import Edit

API = "https://api.github.com"
TIMEOUT = httpx.Timeout(30.0, connect=10.0)
"""Seconds for an answer, and for a connection: one that nobody takes is tried again with every call."""


_NAME = r"(?!\.\.?(/|$))[\w.-]+"
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_HEADERS = {
    "Accept": "application/vnd.github+json",
    "X-GitHub-Api-Version": "2022-11-28",
    "User-Agent": f"reconciler/{version('reconciler')}",
}


@dataclass(frozen=True)
class Access:
    """Where GitHub's API is, which repository (owner/name) is meant, and the token that opens it.

    `url` is what GITHUB_API_URL says: https://HOST/api/v3 for GitHub Enterprise Server.
    """

    repository: str
    token: str = field(repr=False)
    url: str = API


@asynccontextmanager
async def open_github(
    access: Access,
    *,
    clock: Callable[[], datetime],
    sleep: Sleep = asyncio.sleep,
    edit: Edit = str,
    heard: Callable[[str], object] = str,
) -> AsyncIterator[GitHub]:
    """The repository that `access` names. Nothing is sent yet; raises GitHubError for an access that cannot be used.
    Proxies are those of the environment, which a GitHub on this machine never needs. `edit` sees every text that is
    sent, before it is cut; `heard` gets a line for each answer: method, path and status."""

    async def answered(answer: httpx.Response) -> None:
        heard(f"{answer.request.method} {answer.request.url.path} {answer.status_code}")

    url, token = _usable(access)
    headers = _HEADERS | {"Authorization": f"Bearer {token}"}
    try:
        http = httpx.AsyncClient(
            base_url=url,
            headers=headers,
            timeout=TIMEOUT,
            verify=url.scheme == "https",  # to read every authority for a plain address takes its time
            trust_env=url.host not in _LOOPBACK,
            follow_redirects=False,
            event_hooks={"response": [answered]},
        )
    except (ImportError, ValueError, httpx.InvalidURL) as unusable:
        raise GitHubError(
            f"The way to {url.host} cannot be used ({type(unusable).__name__}).",  # it may show a proxy's password
            "Check HTTPS_PROXY, ALL_PROXY and NO_PROXY; SOCKS needs the package socksio.",
        ) from unusable
    async with http:
        yield GitHub(Client(http, token=token, clock=clock, sleep=sleep, edit=edit), access.repository)


def _usable(access: Access) -> tuple[httpx.URL, str]:
    """The API's address and the token of an access. What is wrong with a token is told without it, though the HTTP
    library would show it."""
    token = access.token.strip()
    if not re.fullmatch(r"[!-~]+", token):
        raise GitHubForbidden("The token for GitHub is empty or not one.", "Check GITHUB_TOKEN.")
    if not re.fullmatch(rf"{_NAME}/{_NAME}", access.repository, re.ASCII):
        raise GitHubError(f"{access.repository!r} names no repository.", "Give GITHUB_REPOSITORY as owner/name.")
    try:
        url = httpx.URL(access.url)
    except httpx.InvalidURL:
        url = httpx.URL("")
    if url.scheme not in ("http", "https") or not re.fullmatch(r"[\w.:-]+", url.host) or url.userinfo or url.query:
        raise GitHubError(
            "GITHUB_API_URL is not an address of GitHub's API.",
            "Give https://api.github.com, or https://HOST/api/v3 for GitHub Enterprise Server.",
        )
    return url, token
