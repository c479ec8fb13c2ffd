"""One apply at a time on one tenant, on this machine: whoever comes second waits, whichever clone it runs in.

Across machines nothing can be held; there an apply notices by the version numbers that somebody else deployed.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from reconciler.desired import atomic
from reconciler.errors import TenantBusy, TenantError
from reconciler.model.event import Event

TOLD_AFTER = 1.0
POLL = 0.1
"""Seconds of waiting before it is told, and between two tries."""


class TenantLock:
    """A lock that is not taken yet; let go at the end of the `with` block, by the system where we are killed.

    `who` says for others what is going on (`apply by ada`), `wait` how long to wait for them (seconds).
    """

    def __init__(
        self, folder: Path, *, who: str, wait: float, notify: Callable[[Event], None], clock: Callable[[], datetime]
    ) -> None:
        self._folder = folder
        self._who = who
        self._wait = wait
        self._notify = notify
        self._clock = clock
        self._held: FileLock | None = None

    def __enter__(self) -> TenantLock:
        return self

    def __exit__(self, *exc_info: object) -> None:
        if self._held is not None:
            self._held.release()
            self._held = None

    async def take(self, tenant: str, identity: str) -> None:
        """Waits until nobody else works on the tenant; `identity` is what it is, however a repository calls it.

        Raises TenantBusy naming who holds it when the time is up, TenantError where no lock can be made.
        """
        name = hashlib.sha256(identity.encode()).hexdigest()[:32]
        holder = self._folder / f"{name}.json"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = FileLock(self._folder / f"{name}.lock", timeout=0, mode=0o600)
            await self._acquired(lock, tenant, holder)
            self._held = lock
            told = {"pid": os.getpid(), "who": self._who, "since": self._clock().isoformat(timespec="seconds")}
            atomic.write(holder, json.dumps(told).encode())
        except OSError as error:
            raise TenantError(
                f"The lock in {self._folder} cannot be used: {error.strerror}.",
                "Name another folder by XDG_STATE_HOME.",
            ) from None

    async def _acquired(self, lock: FileLock, tenant: str, holder: Path) -> None:
        loop = asyncio.get_running_loop()
        began, told = loop.time(), False
        while True:
            with contextlib.suppress(Timeout):
                lock.acquire()
                return
            waited = loop.time() - began
            if waited >= self._wait:
                raise TenantBusy(tenant, _named(holder))
            if waited >= TOLD_AFTER and not told:
                told = True
                self._notify(Event(verb="waiting", name=tenant, detail=f"for {_named(holder)}"))
            await asyncio.sleep(min(POLL, self._wait))


def _named(holder: Path) -> str:
    """Who holds the lock, as it said itself; unknown in the moment between taking the lock and saying so."""
    try:
        told = json.loads(holder.read_text(encoding="utf-8"))
        return f"{told['who']} (process {told['pid']}, since {told['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
