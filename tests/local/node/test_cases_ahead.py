"""Cases that wait in their process while others run there: nothing of those reaches them."""

from __future__ import annotations

import asyncio
import gc
import time
from pathlib import Path

import pytest

from reconciler.errors import RuntimeProblem
from reconciler.local.node.case_host import CaseHost
from reconciler.local.node.case_process import AHEAD
from reconciler.local.node.job import Job
from reconciler.model.case import Reply, Stub
from reconciler.model.execution import Execution
from tests.local.actions import CASE_LIMIT, case, case_host, cases_ran, thrown
from tests.local.node.test_case_isolation import FOR_GOOD, LEFT_RUNNING, POLLUTED

PID = "console.log(process.pid);"


def together(*cases: Job, limit: float = CASE_LIMIT) -> list[Execution]:
    """What cases do that are given to one process at once, which has run a quick one before."""

    async def run() -> list[Execution]:
        async with case_host(limit=limit) as host:
            await host.run(case(""))
            return list(await asyncio.gather(*map(host.run, cases)))

    return asyncio.run(run())


def test_cases_that_wait_in_a_process_see_nothing_of_what_those_before_changed() -> None:
    looks = [case(f"console.log({looks})") for _, looks in POLLUTED.values()]
    spoils = [case(f"{does};") for does, _ in POLLUTED.values()]
    alone = cases_ran(*looks)
    beside = together(*(one for pair in zip(spoils, looks, strict=True) for one in pair))
    assert [each.error for each in beside] == [None] * len(beside)
    assert [each.console for each in beside[1::2]] == [each.console for each in alone]


def test_jobs_are_heard_while_a_case_runs_that_replaced_how_they_are_read() -> None:
    gone = "for (const name of ['indexOf', 'subarray', 'toString']) Buffer.prototype[name] = () => 'no';"
    spoil = case(f"{gone} Buffer.concat = () => 'no'; await new Promise((done) => setTimeout(done, 30))")
    long = [case(f"console.log({number}); // {'x' * 90_000}") for number in range(AHEAD - 1)]
    spoilt, *others = together(spoil, *long)
    assert spoilt.error is None
    assert [each.console for each in others] == [(str(number),) for number in range(AHEAD - 1)]


def test_a_process_goes_on_with_the_cases_that_wait_in_it_unless_it_is_spoilt() -> None:
    spoilt = next(iter(FOR_GOOD))
    does, _ = POLLUTED[spoilt]
    before, during, after = together(case(PID), case(f"{PID} {does};"), case(PID))
    assert before.console == during.console
    assert after.console != during.console


def test_what_a_case_left_running_is_over_when_the_one_that_waits_begins() -> None:
    wait = case("await new Promise((done) => setTimeout(done, 40)); console.log(typeof leak)")
    left = [case(f"{body};", stubs=(stub(0.02),)) for body in LEFT_RUNNING.values()]
    ended = together(*(one for each in left for one in (each, wait)))
    assert [each.error for each in ended] == [None] * len(ended)
    assert {each.console for each in ended[1::2]} == {("undefined",)}


def stub(delay: float) -> Stub:
    return Stub(request="GET http://x.example/slow", reply=Reply(delay=delay * 1000, body="slow"))


def test_cases_behind_one_that_hangs_or_ends_its_process_are_run() -> None:
    quick = [case(f"console.log({number})") for number in range(AHEAD)]
    for body, name in (("for (;;);", "ActionTimeout"), ("process.exit(0)", "ActionCrash")):
        bad, *good = together(case(f"console.log('here'); {body}"), *quick, limit=1.0)
        assert (thrown(bad).name, bad.console) == (name, ("here",))
        assert [(each.error, each.console) for each in good] == [(None, (str(n),)) for n in range(AHEAD)]


def test_the_time_of_a_case_begins_when_it_does() -> None:
    nap = "await new Promise((done) => setTimeout(done, 250));"
    assert [each.error for each in together(*[case(nap)] * AHEAD, limit=1.0)] == [None] * AHEAD


def test_what_a_process_said_before_the_limit_counts_however_late_it_is_read() -> None:
    async def run() -> list[Execution]:
        async with case_host(limit=0.5) as host:
            await host.run(case(""))
            quick = [asyncio.create_task(host.run(case("console.log(1)"))) for _ in range(AHEAD * 2)]
            for _ in range(3):
                await asyncio.sleep(0.002)
                time.sleep(0.6)  # as where the whole machine sleeps
            return list(await asyncio.gather(*quick))

    assert [each.error for each in asyncio.run(run())] == [None] * AHEAD * 2


def test_a_process_that_does_not_start_is_told_to_those_who_need_it_alone() -> None:
    async def run() -> None:
        async with CaseHost(Path("/bin/false"), folders=(), at_once=1) as host:
            await host.warm()
            await asyncio.sleep(0.05)
            with pytest.raises(RuntimeProblem):
                await host.run(case(""))

    told: list[object] = []

    async def listening() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: told.append(context))
        await run()
        gc.collect()

    asyncio.run(listening())
    assert told == []


def test_each_case_is_answered_by_its_own_stubs() -> None:
    ask = "console.log(await (await fetch('http://x.example/mine')).text())"
    cases = [
        case(ask, stubs=(Stub(request="GET http://x.example/mine", reply=Reply(body=str(number))),))
        for number in range(AHEAD * 2)
    ]
    assert [each.console for each in together(*cases)] == [(str(number),) for number in range(AHEAD * 2)]


def test_a_cancelled_case_takes_none_with_it_that_waits_in_its_process() -> None:
    async def run() -> list[Execution]:
        async with case_host(limit=20) as host:
            await host.run(case(""))
            hanging = asyncio.create_task(host.run(case("for (;;);")))
            behind = [asyncio.create_task(host.run(case(f"console.log({number})"))) for number in range(AHEAD)]
            await asyncio.sleep(0.05)
            hanging.cancel()
            return list(await asyncio.gather(*behind))

    assert [each.console for each in asyncio.run(run())] == [(str(number),) for number in range(AHEAD)]


def test_a_cancelled_case_that_waits_takes_none_with_it_either() -> None:
    async def run() -> list[Execution]:
        async with case_host(limit=20) as host:
            await host.run(case(""))
            tasks = [asyncio.create_task(host.run(case(f"console.log({number})"))) for number in range(AHEAD * 3)]
            await asyncio.sleep(0)
            for task in tasks[::3]:
                task.cancel()
            return list(await asyncio.gather(*(task for at, task in enumerate(tasks) if at % 3)))

    wanted = [(str(number),) for number in range(AHEAD * 3) if number % 3]
    assert [each.console for each in asyncio.run(run())] == wanted
