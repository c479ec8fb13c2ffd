"""Calls that are tried again where nothing can have been written; what the edges that speak HTTP have in common."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

import httpx
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type

from reconciler.errors import ReconcilerError

TRIES = 4

UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
"""What goes wrong before anything is sent."""

Sleep = Callable[[float], Awaitable[None]]
T = TypeVar("T")


class Again(Exception):
    """A try that certainly wrote nothing, and how long to wait before the next (seconds); None leaves that to the
    number of tries."""

    def __init__(self, error: ReconcilerError, wait: float | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.wait = wait


async def answered(
    attempt: Callable[[int], Awaitable[T]], *, sleep: Sleep, given_up: Callable[[RetryCallState], bool]
) -> T:
    """What the attempt comes to, which gets the number of the try, from 1. It says by Again that it may be repeated;
    the error of the last one is raised when that is given up."""
    retrying = AsyncRetrying(sleep=sleep, stop=given_up, wait=_wait, retry=retry_if_exception_type(Again), reraise=True)
    try:
        async for each in retrying:
            with each:
                return await attempt(each.retry_state.attempt_number)
    except Again as last:
        raise last.error from None
    raise AssertionError("tenacity ended without an outcome")


def ending(state: RetryCallState) -> Again | None:
    """What the last try ended with."""
    error = state.outcome.exception() if state.outcome else None
    return error if isinstance(error, Again) else None


def _wait(state: RetryCallState) -> float:
    last = ending(state)
    if last is not None and last.wait is not None:
        return last.wait
    return float(min(0.25 * 2**state.attempt_number, 8.0))
