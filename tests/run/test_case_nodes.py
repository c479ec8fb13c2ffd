"""Node processes that are launched before what runs cases in them is at hand."""

from __future__ import annotations

import asyncio
from pathlib import Path

from reconciler.local.node.case_host import CaseHost
from reconciler.npm import node_executable
from reconciler.run.case_nodes import AT_ONCE, launched_nodes
from tests.local.actions import CASE_LIMIT, case

PID = case("console.log(process.pid)")


async def pids(folder: Path, *, coverage: bool) -> tuple[list[int], str, list[int | None]]:
    """The processes that are launched to count nothing, which one runs a case of a host that counts or not, and how
    each ended."""
    async with launched_nodes(folder, coverage=False) as nodes:
        processes = [node.process for node in nodes]
        async with CaseHost(
            node_executable(), folders=(folder,), at_once=1, limit=CASE_LIMIT, coverage=coverage, launched=nodes
        ) as host:
            ran = await host.run(PID)
    return [each.pid for each in processes], ran.console[0], [each.returncode for each in processes]


def test_cases_run_in_a_process_that_was_launched_for_them_and_the_others_are_ended(tmp_path: Path) -> None:
    launched, ran, ended = asyncio.run(pids(tmp_path, coverage=False))
    assert len(launched) == AT_ONCE
    assert int(ran) in launched
    assert None not in ended


def test_a_process_behind_another_wall_is_not_taken(tmp_path: Path) -> None:
    launched, ran, ended = asyncio.run(pids(tmp_path, coverage=True))
    assert int(ran) not in launched
    assert None not in ended
