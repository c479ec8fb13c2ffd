"""SIGTERM, as pipelines send it, ends work in good order: like Ctrl-C, it cancels what is going on."""

from __future__ import annotations

import asyncio
import signal


def cancel_on_sigterm() -> None:
    """From now on SIGTERM cancels the task that calls this."""
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
