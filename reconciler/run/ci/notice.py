"""Tells a webhook of drift. Its address is a secret: it stands in no message."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx

TIMEOUT = 10.0
"""Seconds for one try, all of it."""
TRIES = 2
PAUSE = 1.0
"""Seconds before the second try."""

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


async def send_notice(
    url: str, message: Mapping[str, Any], sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> str:
    """Posts the message; gives why that failed, in words without the address, empty where it did not."""
    url = url.strip()
    host = _host(url)
    if host is None:
        return "its address is not one of https"
    try:
        http = httpx.AsyncClient(timeout=TIMEOUT, trust_env=host not in _LOOPBACK, follow_redirects=False)
    except (ImportError, ValueError, httpx.InvalidURL):
        return "the proxy of the environment cannot be used"
    why = ""
    async with http:
        for left in reversed(range(TRIES)):
            why, again = await _try(http, url, message)
            if not why or not again or not left:
                break
            await sleep(PAUSE)
    return why


async def _try(http: httpx.AsyncClient, url: str, message: Mapping[str, Any]) -> tuple[str, bool]:
    """Why it failed, and whether it may go better at the next try."""
    try:
        # What it says besides the status is not read: it could say it for ever.
        async with asyncio.timeout(TIMEOUT), http.stream("POST", url, json=message) as answer:
            pass
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as lost:
        return f"no answer came ({type(lost).__name__})", True
    if answer.is_success:
        return "", False
    return f"it answered {answer.status_code}", answer.is_server_error or answer.status_code == 429


def _host(url: str) -> str | None:
    """The host of an address that may be told of drift; in the clear only on this machine."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    host = parts.hostname or ""
    return host if host and (parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)) else None
