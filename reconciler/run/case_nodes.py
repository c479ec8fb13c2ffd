"""The Node processes that cases run in, launched before what runs them is imported: they start beside that."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from reconciler.local.node.spawn import Launched, case_wall, launched
from reconciler.npm import node_executable

AT_ONCE = max(2, min(4, os.cpu_count() or 1))
"""Node processes that run cases side by side: one waits for its process while another computes."""

CASE_SECONDS = 10.0
"""What a case may take: half of what the platform allows, for here nothing is far away."""


@asynccontextmanager
async def launched_nodes(store: Path, *, coverage: bool) -> AsyncIterator[list[Launched]]:
    """Hosts that are starting, to be taken from the list; those that nobody took are ended. They can read the store of
    packages. Raises RuntimeProblem where Node does not start."""
    wall = case_wall(node_executable(), readable(store), coverage=coverage)
    hosts: list[Launched] = []
    try:
        for _ in range(AT_ONCE):
            hosts.append(await launched(wall))  # one by one: where the next does not start, those before are ended
        yield hosts
    finally:
        await asyncio.gather(*(host.end() for host in hosts))


def readable(store: Path) -> tuple[Path, ...]:
    """What the hosts may read: a process can read no folder that was not there when it was started."""
    return (store,) if store.is_dir() else ()
