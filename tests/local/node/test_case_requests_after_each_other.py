"""Whatever cases ran before in a process, the requests of the next one are answered by its stubs."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from reconciler.local.node.case_host import CaseHost
from reconciler.local.node.job import Job
from reconciler.model.case import Reply, Stub
from reconciler.model.execution import Execution
from reconciler.npm import node_executable
from tests.local.actions import case, cases_ran

WAYS = {
    "fetch": "console.log((await fetch('https://x.test/a')).status);",
    "http": "const r = await new Promise((y, n) => require('http').get('http://x.test/a', y).on('error', n)); "
    "console.log(r.statusCode);",
}


def job(number: int, code: str) -> Job:
    stubs = tuple(
        Stub(request=f"GET {scheme}://x.test/a", reply=Reply(status=200 + number)) for scheme in ("http", "https")
    )
    return Job(
        key=f"a:{number}",
        action="a",
        trigger="post-login",
        handler="onExecutePostLogin",
        code=f"exports.onExecutePostLogin = async (event) => {{ if (event.silent) return; {code} }};",
        event={"silent": number % 3 != 0},
        stubs=stubs,
        fresh=True,
    )


async def ran(jobs: Sequence[Job]) -> list[Execution]:
    async with CaseHost(node_executable(), folders=(), at_once=1) as host:
        return [await host.run(each) for each in jobs]


@pytest.mark.parametrize("way", WAYS)
def test_cases_without_requests_change_nothing_for_those_with_some(way: str) -> None:
    done = asyncio.run(ran([job(number, WAYS[way]) for number in range(7)]))
    assert [each.error for each in done] == [None] * 7
    assert [each.console for each in done] == [("200",), (), (), ("203",), (), (), ("206",)]


@pytest.mark.parametrize(
    "way", [*WAYS.values(), WAYS["fetch"].replace("/a'", "/a', {signal: AbortSignal.timeout(3000)}")]
)
def test_a_request_costs_no_process(way: str) -> None:
    done = asyncio.run(ran([job(number, f"{way} console.log(process.pid);") for number in range(0, 15, 3)]))
    assert [each.error for each in done] == [None] * 5
    assert len({each.console[1] for each in done}) == 1


UNAWAITED = {
    "in a tick": "process.nextTick(() => fetch('https://x.test/a').catch(() => {}))",
    "in a microtask": "queueMicrotask(() => queueMicrotask(() => fetch('https://x.test/a').catch(() => {})))",
    "by http": "process.nextTick(() => require('https').get('https://x.test/a').on('error', () => {}))",
    "a long one": "fetch('https://x.test/a', { method: 'POST', body: 'x'.repeat(1e6) }).catch(() => {})",
}


@pytest.mark.parametrize("way", UNAWAITED)
def test_a_request_that_nobody_awaits_is_told(way: str) -> None:
    for execution in cases_ran(case(UNAWAITED[way]), case(UNAWAITED[way])):
        assert [(request.url, request.stubbed) for request in execution.requests] == [("https://x.test/a", False)]
