"""Work that must not be abandoned: a write that was sent may take effect after whoever sent it stopped waiting."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

SIGNALS = (signal.SIGINT, signal.SIGTERM)
PATIENT = 2
"""How many signals are heard as a wish to stop in good order."""


async def settled(work: Coroutine[Any, Any, T]) -> T:
    """The outcome of the work, waited for to its end; a cancellation meanwhile is raised afterwards."""
    task = asyncio.ensure_future(work)
    if await _ended(task):
        # A failure is told along, but the wish to stop comes first: nobody may take it for a reason to try again.
        raise asyncio.CancelledError from None if task.cancelled() else task.exception()
    return task.result()


async def in_spite_of_all(work: Coroutine[Any, Any, T]) -> T:
    """The outcome of the work; cancellations meanwhile are not heard at all."""
    task = asyncio.ensure_future(work)
    await _ended(task)
    return task.result()


async def parting(work: Coroutine[Any, Any, None], seconds: float) -> None:
    """Does the work to its end; from a cancellation on for so many seconds more, and raises that afterwards."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        try:
            await asyncio.wait([task], timeout=seconds)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        raise


def cancel_on_signals() -> None:
    """From now on SIGINT and SIGTERM cancel the task that calls this; whoever goes on after the second one ends the
    process, whatever is left undone.

    SIGTERM is what pipelines send; the loop's own way with SIGINT would end the process at the second one, in the
    middle of putting things back.
    """
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    assert task is not None
    heard = 0

    def hear() -> None:
        nonlocal heard
        heard += 1
        task.cancel()
        for number in SIGNALS if heard == PATIENT else ():
            loop.remove_signal_handler(number)

    for number in SIGNALS:
        loop.add_signal_handler(number, hear)


async def _ended(task: asyncio.Future[Any]) -> bool:
    """Waits for the task to end; whether the caller was cancelled meanwhile."""
    cancelled = False
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:
            cancelled = True
    return cancelled
