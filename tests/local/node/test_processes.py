"""Which process runs what, and when processes end."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from reconciler.local.node.runtime import NodeHost
from tests.local.actions import host, job, thrown


def test_runs_under_way_beside_a_hanging_one_are_told_and_those_that_had_not_begun_are_run_again() -> None:
    async def run() -> None:
        async with host(limit=1.0) as running:
            await running.run(job("", domain="one"))
            hanging = asyncio.create_task(
                running.run(job("await null; await new Promise(r => setTimeout(r, 50)); for (;;);", domain="one"))
            )
            await asyncio.sleep(0.03)
            beside = asyncio.create_task(
                running.run(job("await new Promise(r => setTimeout(r, 60000));", domain="one"))
            )
            await asyncio.sleep(0.3)
            behind = asyncio.create_task(running.run(job("console.log('ran once')", domain="one")))
            assert thrown(await hanging).name == "ActionTimeout"
            assert thrown(await beside).name == "HostKilled"
            ended = await behind
            assert (ended.error, ended.console) == (None, ("ran once",))

    asyncio.run(run())


@pytest.mark.parametrize("body", ["for (;;);", "await new Promise(() => {})"])
def test_a_cancelled_run_ends_its_process_and_does_not_hold_up_the_next(body: str) -> None:
    async def run() -> None:
        async with host(limit=20) as running:
            pid = await pid_of(running, "one")
            task = asyncio.create_task(running.run(job(body, domain="one")))
            await asyncio.sleep(0.1)
            task.cancel()
            await asyncio.wait([task])
            assert await pid_of(running, "one") != pid
            assert is_gone(pid)

    asyncio.run(run())


def test_a_run_has_no_more_time_than_is_left_to_its_flow() -> None:
    async def run() -> None:
        async with host(limit=20) as running:
            began = time.monotonic()
            hung = await running.run(job("console.log('before'); for (;;);", limit=0.4))
            assert time.monotonic() - began < 5
            assert (thrown(hung).name, hung.console) == ("ActionTimeout", ("before",))

    asyncio.run(run())


def test_a_run_that_could_not_begin_in_its_time_is_told_so() -> None:
    async def run() -> None:
        async with host(limit=1) as running:
            await pid_of(running, "one")
            hanging = asyncio.create_task(running.run(job("for (;;);", domain="one")))
            await asyncio.sleep(0.1)
            behind = await running.run(job("console.log('never')", domain="one", limit=0.2))
            assert thrown(behind).message == "The time was over before the code began: another run held the process."
            assert (thrown(behind).name, behind.console, behind.duration_ms) == ("ActionTimeout", (), 0)
            assert thrown(await hanging).name == "ActionTimeout"

    asyncio.run(run())


def test_runs_of_one_owner_share_a_process_and_those_of_different_ones_do_not() -> None:
    async def run() -> None:
        body = "await new Promise(r => setTimeout(r, 20)); console.log(process.pid)"
        async with host() as running:
            ended = await asyncio.gather(*(running.run(job(body, domain=owner)) for owner in ("a", "a", "b")))
            again = [await pid_of(running, owner) for owner in ("a", "b")]
        first, second, other = (int(execution.console[0]) for execution in ended)
        assert first == second != other
        assert again == [first, other]

    asyncio.run(run())


def test_runs_of_one_owner_at_the_same_time_have_a_process_each_until_there_are_too_many() -> None:
    async def run() -> None:
        body = "await new Promise(r => setTimeout(r, 100)); console.log(process.pid)"
        async with host(abreast=2) as running:
            one = await pid_of(running, "a")
            ended = await asyncio.gather(*(running.run(job(body, domain="a")) for _ in range(4)))
            pids = [int(execution.console[0]) for execution in ended]
            assert len(set(pids)) == 2
            assert pids.count(one) == 2
            assert await pid_of(running, "a") == one

    asyncio.run(run())


@pytest.mark.parametrize("body", ["for (;;);", "process.exit(1)", "const all = []; for (;;) all.push(Array(1e5))"])
def test_a_run_beside_one_of_the_same_action_that_hangs_or_crashes_is_not_harmed(body: str) -> None:
    async def run() -> None:
        async with host(abreast=4, limit=2) as running:
            awaiting = "console.log('begun'); await new Promise(r => setTimeout(r, 400)); console.log('ended')"
            before = asyncio.create_task(running.run(job(awaiting, domain="one")))
            await asyncio.sleep(0.05)
            bad = asyncio.create_task(running.run(job(body, domain="one")))
            await asyncio.sleep(0.2)
            began = time.monotonic()
            after = await running.run(job("console.log('at once')", domain="one"))
            assert (after.error, after.console) == (None, ("at once",))
            assert time.monotonic() - began < 1.5
            assert (await before).console == ("begun", "ended")
            assert thrown(await bad).name in ("ActionTimeout", "ActionCrash")

    asyncio.run(run())


def test_of_the_idle_processes_only_those_used_last_are_kept() -> None:
    async def run() -> None:
        async with host(kept=2) as running:
            pids = {owner: await pid_of(running, owner) for owner in ("a", "b", "c")}
            assert is_gone(pids["a"])
            assert await pid_of(running, "b") == pids["b"]
            await pid_of(running, "d")
            assert is_gone(pids["c"])
            assert await pid_of(running, "b") == pids["b"]

    asyncio.run(run())


def test_more_owners_than_are_kept_may_be_under_way_at_once() -> None:
    async def run() -> None:
        body = "await new Promise(r => setTimeout(r, 200)); console.log(process.pid)"
        async with host(kept=1) as running:
            ended = await asyncio.gather(*(running.run(job(body, domain=owner)) for owner in "abc"))
            pids = [int(execution.console[0]) for execution in ended]
            assert len(set(pids)) == 3
            assert [is_gone(pid, seconds=0.4) for pid in pids].count(True) == 2

    asyncio.run(run())


async def pid_of(running: NodeHost, owner: str) -> int:
    """The process that runs the code of that owner."""
    return int((await running.run(job("console.log(process.pid)", domain=owner))).console[0])


def test_the_process_is_gone_when_the_host_is_left() -> None:
    async def run() -> int:
        async with host() as running:
            return int((await running.run(job("console.log(process.pid)"))).console[0])

    assert is_gone(asyncio.run(run()))


ORPHAN = """
import asyncio, sys
from tests.local.actions import host, job

async def run():
    async with host(limit=0.3) as running:
        pid = (await running.run(job("console.log(process.pid)"))).console[0]
        task = asyncio.create_task(running.run(job(sys.argv[1])))
        await asyncio.sleep(0.1)
        print(pid, flush=True)
        import os; os.kill(os.getpid(), 9)

asyncio.run(run())
"""


@pytest.mark.skipif(
    sys.platform != "linux", reason="the processor time of another process can be bounded on Linux only"
)
@pytest.mark.parametrize("body", ["for (;;);", "await new Promise(() => {})"])
def test_the_process_ends_by_itself_when_we_are_killed(body: str) -> None:
    killed = subprocess.run([sys.executable, "-c", ORPHAN, body], capture_output=True, text=True, check=False)
    assert killed.returncode == -9, killed.stderr
    assert is_gone(int(killed.stdout), seconds=20)


def is_gone(pid: int, *, seconds: float = 2) -> bool:
    """Whether that process ends within so many seconds."""
    for _ in range(int(seconds * 50)):
        try:
            if Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] == "Z":
                return True
            os.kill(pid, 0)
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.02)
    return False
