"""Work that must not be abandoned: a write that was sent may take effect after whoever sent it stopped waiting."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def settled(work: Coroutine[Any, Any, T]) -> T:
    """The outcome of the work, waited for to its end; a cancellation meanwhile is raised afterwards."""
    task = asyncio.ensure_future(work)
    cancelled = await _ended(task)
    outcome = task.result()
    if cancelled:
        raise asyncio.CancelledError
    return outcome


async def in_spite_of_all(work: Coroutine[Any, Any, T]) -> T:
    """The outcome of the work; cancellations meanwhile are not heard at all."""
    task = asyncio.ensure_future(work)
    await _ended(task)
    return task.result()


def cancel_on_signals() -> None:
    """From now on SIGINT and SIGTERM cancel the task that calls this, each time they come.

    SIGTERM is what pipelines send; the loop's own way with SIGINT would end the process at the second one, in the
    middle of putting things back.
    """
    task = asyncio.current_task()
    assert task is not None
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)


async def _ended(task: asyncio.Future[Any]) -> bool:
    """Waits for the task to end; whether the caller was cancelled meanwhile."""
    cancelled = False
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:
            cancelled = True
    return cancelled
