"""Small actions for the tests of the Node host."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from reconciler.local.node.case_host import CaseHost
from reconciler.local.node.job import Job
from reconciler.local.node.runtime import NodeHost
from reconciler.model.execution import Execution, Thrown
from reconciler.npm import node_executable

LIMIT = 3.0
CASE_LIMIT = 30.0
"""No test waits for it: it only has to be more than a busy machine takes."""


def action(body: str) -> str:
    """Code whose handler has that body, from line 2 on."""
    return f"exports.onExecutePostLogin = async (event, api) => {{\n{body}\n}};\n"


def job(body: str, **changes: Any) -> Job:
    """A job that runs such an action; `code` instead of a body where one is given."""
    code = changes.pop("code", None) or action(body)
    fields: dict[str, Any] = {
        "key": code,
        "action": "greet",
        "trigger": "post-login",
        "handler": "onExecutePostLogin",
        "code": code,
        "event": {"user": {"user_id": "auth0|1", "email": "ada@example.com"}, "request": {"ip": "203.0.113.7"}},
    }
    return Job(**{**fields, **changes})


@contextlib.asynccontextmanager
async def host(*, limit: float = LIMIT, kept: int = 8, abreast: int = 1) -> AsyncIterator[NodeHost]:
    """A Node host; by itself one whose runs of one owner all share a process, which is the harder case."""
    async with NodeHost(node_executable(), limit=limit, kept=kept, abreast=abreast) as running:
        yield running


@contextlib.asynccontextmanager
async def case_host(
    *folders: Path, at_once: int = 1, limit: float = CASE_LIMIT, coverage: bool = False
) -> AsyncIterator[CaseHost]:
    """A host of cases; by itself one whose cases all share a process, which is the harder case."""
    node = node_executable()
    async with CaseHost(node, folders=folders, at_once=at_once, limit=limit, coverage=coverage) as running:
        yield running


def case(body: str, **changes: Any) -> Job:
    """A job that is a case: without stubs, where none are given."""
    return job(body, **{"stubs": (), "fresh": True, **changes})


def cases_ran(*cases: Job) -> list[Execution]:
    """What these cases do in one process, one after the other."""

    async def run() -> list[Execution]:
        async with case_host(*{folder for one in cases for folder in one.folders}) as running:
            return [await running.run(one) for one in cases]

    return asyncio.run(run())


def ran(body: str, **changes: Any) -> Execution:
    """What one run on a fresh host does."""
    return all_ran(job(body, **changes))[0]


def all_ran(*jobs: Job) -> list[Execution]:
    """What these jobs do on one host, one after the other."""

    async def run() -> list[Execution]:
        async with host() as running:
            return [await running.run(one) for one in jobs]

    return asyncio.run(run())


def thrown(execution: Execution) -> Thrown:
    """The error of a run that has one."""
    assert execution.error is not None, execution
    return execution.error
