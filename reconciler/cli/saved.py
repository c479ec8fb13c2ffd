"""The files that somebody saves while a command goes on."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

from watchfiles import DefaultFilter, awatch

from reconciler.desired.tree import SKIPPED

DEBOUNCE_MS, STEP_MS = 400, 20
"""Files that are saved together make one round: what comes within a step of another, for so long at most."""


async def saved_files(folder: Path) -> AsyncGenerator[frozenset[str]]:
    """The files below a folder that are saved from now on, without those that belong to tools."""
    kept = DefaultFilter(ignore_dirs=(*DefaultFilter.ignore_dirs, *SKIPPED))
    async for changes in awatch(folder, watch_filter=kept, debounce=DEBOUNCE_MS, step=STEP_MS):
        yield frozenset(Path(path).relative_to(folder).as_posix() for _, path in changes)
