"""A tenant whose actions run on the real Node host."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from reconciler.local.node.runtime import NodeHost
from reconciler.npm import node_executable
from tests.local.tenant.opened import Session, opened


@asynccontextmanager
async def on_node(folder: Path, clock: Callable[[], datetime] | None = None) -> AsyncIterator[Session]:
    """A session; opened twice on one folder it is one tenant, restarted."""
    host = NodeHost(node_executable())
    async with host, opened(folder / "tenant", runner=host, clock=clock) as session:
        yield session


async def login_flow(session: Session, **codes: str) -> None:
    """Deploys an action for each name and binds them in that order; `code` is the body of the first handler, or whole
    where it exports something itself."""
    for name, code in codes.items():
        whole = code if "exports." in code else f"exports.onExecutePostLogin = async (event, api) => {{ {code} }};"
        await session.deployed(name, code=whole)
    await session.bind(*codes)
