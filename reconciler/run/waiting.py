"""Waiting on what is observed, never on the clock."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from tenacity import (
    AsyncRetrying,
    RetryError,
    retry_if_exception,
    retry_if_exception_type,
    retry_if_result,
    stop_after_delay,
    wait_exponential,
)

from reconciler.errors import Rejected, TenantError

T = TypeVar("T")

NOT_YET = ("must be in the 'built' state", "has not been deployed yet")
"""The platform may refuse for a moment what its own reads already show as done (wire.md, section 0 and 3)."""


async def until_none(rest: Callable[[], Awaitable[Mapping[str, str]]], trouble: str, patience: float) -> None:
    """Asks `rest` again and again until it names nothing more; raises Rejected after `patience` seconds."""
    retrying = AsyncRetrying(
        wait=wait_exponential(multiplier=0.1, max=2.0),
        stop=stop_after_delay(patience),
        retry=retry_if_result(bool),
    )
    try:
        await retrying(rest)
    except RetryError as late:
        names = ", ".join(sorted(late.last_attempt.result().values()))
        raise Rejected(
            f"{names}: {trouble} within {patience:.0f} s.", "Try again, or wait longer with --patience."
        ) from late


async def until_some(read: Callable[[], Awaitable[T | None]], patience: float) -> T | None:
    """What `read` gives as soon as it gives something; None when it gave nothing for `patience` seconds.

    A read that fails says nothing; it is made again, and raises its TenantError when the time is up.
    """
    retrying = AsyncRetrying(
        wait=wait_exponential(multiplier=0.1, max=1.0),
        stop=stop_after_delay(patience),
        retry=retry_if_result(lambda found: found is None) | retry_if_exception_type(TenantError),
    )

    async def once() -> T | None:
        return await read()  # tenacity takes what a plain function returns for the result, be it still to be awaited

    try:
        return await retrying(once)
    except RetryError as late:
        last: T | None = late.last_attempt.result()
        return last


def refused(failure: TenantError) -> bool:
    """Whether the tenant certainly wrote nothing: it understood the request and said no. After anything else, a timeout
    of its own (408) included, the effect of a write is unknown."""
    return 400 <= failure.status < 500 and failure.status != 408


async def when_ready(call: Callable[[], Awaitable[T]], patience: float) -> T:
    """The outcome of the call, tried again while the tenant says that it is not that far yet."""
    async for attempt in AsyncRetrying(
        wait=wait_exponential(multiplier=0.1, max=2.0),
        stop=stop_after_delay(patience),
        retry=retry_if_exception(lambda error: any(text in str(error) for text in NOT_YET)),
        reraise=True,
    ):
        with attempt:
            return await call()
    raise AssertionError("tenacity ended without an outcome")
