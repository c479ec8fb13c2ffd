"""What code must not reach, and what it must not take down with it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.local.actions import all_ran, host, job, ran, thrown

DENIED = "Access to this API has been restricted"


def test_what_the_process_may_not_do_is_refused(tmp_path: Path) -> None:
    outside = tmp_path / "out"
    attacks = {
        "require('fs').readFileSync('/etc/passwd')": DENIED,
        "require('fs').readFileSync('/proc/self/environ')": DENIED,
        "require('fs').readdirSync(require('path').dirname(__filename) + '/..')": DENIED,
        f"require('fs').writeFileSync('{outside}', 'x')": DENIED,
        f"require('fs').symlinkSync('/etc', '{outside}')": DENIED,
        "require('child_process').execSync('id')": DENIED,
        "require('child_process').fork('/x.js')": DENIED,
        "new (require('worker_threads').Worker)('1', {eval: true})": DENIED,
        "new (require('worker_threads').Worker)('1', {eval: true, execArgv: []})": DENIED,
        "require('node:sqlite')": "No such built-in module: node:sqlite",
        "process.binding('fs')": "process.binding",
        "new (require('wasi').WASI)({version: 'preview1'})": DENIED,
        "require('inspector').open()": "",
        "process.dlopen({exports: {}}, '/x.node')": "Cannot load native addon",
        "require('v8').writeHeapSnapshot()": DENIED,
        "process.kill(process.ppid, 0)": "process.kill is not available to an action.",
        "process.chdir('/')": "process.chdir is not available to an action.",
    }
    ended = all_ran(*(job(body) for body in attacks))
    for (body, message), execution in zip(attacks.items(), ended, strict=True):
        assert thrown(execution).message.startswith(message), body
    assert not outside.exists()


def test_the_code_finds_no_environment_and_no_arguments() -> None:
    body = (
        "const real = fetch.constructor('return process')();"
        "console.log(JSON.stringify([real.env, real.argv, real.execArgv]), process.env.PATH, process.env.HOME);"
    )
    assert ran(body).console == ('[{},["node","code.js"],[]] undefined undefined',)


@pytest.mark.parametrize(
    "body",
    ["for (;;);", "await new Promise(() => {})", "/^(a+)+$/.test('a'.repeat(50) + '!')", "for (;;) await null;"],
)
def test_code_that_does_not_end_is_ended_from_outside_and_the_next_run_succeeds(body: str) -> None:
    async def run() -> None:
        async with host(limit=0.5) as running:
            hung = await running.run(job(f"console.log('before'); api.access.deny('no'); {body}"))
            assert thrown(hung).name == "ActionTimeout"
            assert thrown(hung).message == "The code did not end within 0.5 seconds."
            assert (hung.console, hung.denied) == (("before",), "no")
            assert 400 < hung.duration_ms < 5000
            assert (await running.run(job("console.log('again')"))).console == ("again",)

    asyncio.run(run())


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("process.exit(3)", "the code called process.exit(3)."),
        ("process.reallyExit(0)", "the code called process.exit(0)."),
        ("process.abort()", "the code called process.abort()."),
        (
            "const heap = []; for (;;) heap.push(new Array(1e5).fill('x' + heap.length));",
            "The code ran out of memory; it may use 128 MB.",
        ),
    ],
)
def test_code_that_takes_the_process_down_is_told_so_and_the_next_run_succeeds(body: str, message: str) -> None:
    async def run() -> None:
        async with host(limit=20) as running:
            crashed = await running.run(job(f"console.log('before'); {body}"))
            assert (thrown(crashed).name, thrown(crashed).message) == ("ActionCrash", message)
            assert crashed.console == ("before",)
            assert (await running.run(job("console.log('again')"))).console == ("again",)

    asyncio.run(run())


def test_an_error_after_the_end_of_its_run_harms_nobody() -> None:
    late = "setTimeout(() => { console.log('late'); throw new Error('late') }, 5);"
    ended = all_ran(job(late), job("await new Promise(r => setTimeout(r, 60)); console.log('mine')"))
    assert [execution.error for execution in ended] == [None, None]
    assert [execution.console for execution in ended] == [(), ("mine",)]


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


def test_code_that_finds_the_socket_cannot_speak_for_another_run() -> None:
    forge = (
        "const fs = require('fs'); for (let fd = 3; fd < 40; fd++) try {"
        ' fs.writeSync(fd, \'{"id":"x","done":{"error":null,"duration_ms":1}}\\n\') } catch {}'
        "console.log('end')"
    )

    async def run() -> None:
        async with host() as running:
            other = asyncio.create_task(
                running.run(job("await new Promise(r => setTimeout(r, 200)); console.log('own')"))
            )
            await running.run(job(forge))
            assert (await other).console in (("own",), ())

    asyncio.run(run())


def test_a_cancelled_run_that_never_ends_does_not_hold_up_the_next_for_long() -> None:
    async def run() -> None:
        async with host(limit=0.5) as running:
            await running.run(job(""))
            task = asyncio.create_task(running.run(job("for (;;);")))
            await asyncio.sleep(0.1)
            task.cancel()
            assert (await running.run(job("console.log('next')"))).console == ("next",)

    asyncio.run(run())


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
