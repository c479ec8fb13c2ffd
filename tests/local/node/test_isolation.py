"""What code does to others: it harms its own run only, is told as what it is, and the next run succeeds."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from reconciler.local.node.runtime import NodeHost
from reconciler.local.node.spawn import HOST
from reconciler.model.execution import Execution
from tests.local.actions import host, job, thrown

DENIED = "Access to this API has been restricted"
NOT_AVAILABLE = "is not available to an action."
BACK_SECONDS = 5.0
"""A generous bound: a new process is up in a tenth of a second on an idle machine."""


@dataclass
class Attacker:
    """An action on a host where another action is in flight the whole time; see `attacker`."""

    host: NodeHost

    async def does(self, body: str, *, limit: float | None = None) -> Execution:
        return await self.host.run(job(body, domain="attacker", limit=limit))

    async def goes_on(self) -> None:
        """An ordinary execution of the same action succeeds, soon."""
        began = time.monotonic()
        assert (await self.does("console.log('again')")).console == ("again",)
        assert time.monotonic() - began < BACK_SECONDS


@asynccontextmanager
async def attacker() -> AsyncIterator[Attacker]:
    """Whatever is done inside, an action in flight from before it succeeds, and so does its next execution."""
    waits = "await new Promise(r => globalThis.done = r); console.log(event.secrets.KEY)"
    bystander = {"domain": "bystander", "secrets": {"KEY": "short"}}
    async with host(limit=20) as running:
        in_flight = asyncio.create_task(running.run(job(waits, **bystander)))
        try:
            yield Attacker(running)
            assert not in_flight.done()
            ended = await running.run(job("globalThis.done(); console.log('ran')", **bystander))
            assert (ended.error, ended.console) == (None, ("ran",))
            assert ((await in_flight).error, (await in_flight).console) == (None, ("short",))
        finally:
            in_flight.cancel()


REFUSED = {
    "require('fs').readFileSync('/etc/passwd')": DENIED,
    "await require('fs/promises').readFile('/etc/passwd')": DENIED,
    "require('fs').openSync('/etc/passwd')": DENIED,
    "require('fs').readdirSync('/')": DENIED,
    "require('fs').readFileSync('/proc/self/environ')": DENIED,
    "await require('fs').openAsBlob('/etc/hostname')": DENIED,
    "require('fs').realpathSync.native('/etc/localtime')": DENIED,
    "require('fs').watch('/etc', () => {})": DENIED,
    "process.loadEnvFile('/etc/hostname')": DENIED,
    "require('/etc/passwd')": DENIED,
    "module.constructor._load('/etc/passwd')": DENIED,
    "await import('/etc/hostname')": DENIED,
    "await import('file:///etc/hostname', {with: {type: 'json'}})": DENIED,
    "require('fs').writeFileSync('/tmp/reconciler-evil', 'x')": DENIED,
    "require('fs').cpSync('/etc/passwd', '/tmp/reconciler-evil')": DENIED,
    "process.report.writeReport('/tmp/reconciler-evil')": DENIED,
    "process.report.getReport()": f"process.report.getReport {NOT_AVAILABLE}",
    "require('v8').writeHeapSnapshot('/tmp/reconciler-evil')": DENIED,
    "require('v8').setFlagsFromString('--trace-turbo')": f"v8.setFlagsFromString {NOT_AVAILABLE}",
    "(await import('node:v8')).setFlagsFromString('--trace-turbo')": f"v8.setFlagsFromString {NOT_AVAILABLE}",
    "require('v8').setHeapSnapshotNearHeapLimit(1)": f"v8.setHeapSnapshotNearHeapLimit {NOT_AVAILABLE}",
    "require('child_process').execSync('id')": DENIED,
    "require('child_process').fork('/x.js')": DENIED,
    "require('cluster').fork()": DENIED,
    "new (require('child_process').ChildProcess)().spawn({file: '/bin/true', args: ['true']})": DENIED,
    "new (require('child_process').ChildProcess)()._handle.kill(9)": f"ChildProcess.kill {NOT_AVAILABLE}",
    "process.execve('/bin/true', ['true'], {})": "",
    "new (require('worker_threads').Worker)('1', {eval: true, execArgv: [], env: {}})": DENIED,
    "require('module').register('data:text/javascript,1')": DENIED,
    "new (require('wasi').WASI)({version: 'preview1'})": DENIED,
    "new (require('inspector').Session)().connect()": DENIED,
    "require('inspector').open()": "",
    "require('node:sqlite')": "No such built-in module",
    "process.getBuiltinModule('node:sqlite').x": "Cannot read properties of undefined",
    "process.binding('fs')": "process.binding",
    "process._linkedBinding('fs')": "No such binding was linked",
    "process.dlopen({exports: {}}, '/x.node')": "Cannot load native addon",
    "process.kill(process.ppid, 0)": f"process.kill {NOT_AVAILABLE}",
    "process._kill(process.ppid, 0)": f"process._kill {NOT_AVAILABLE}",
    "(await import('node:process')).kill(process.ppid, 0)": f"process.kill {NOT_AVAILABLE}",
    "process.constructor.kill(process.ppid, 0)": "process.constructor.kill is not a function",
    "fetch.constructor('return process')().kill(1, 0)": f"process.kill {NOT_AVAILABLE}",
    "process._debugProcess(process.ppid)": f"process._debugProcess {NOT_AVAILABLE}",
    "require('os').setPriority(process.ppid, 19)": f"os.setPriority {NOT_AVAILABLE}",
    "require('net').connect('/var/run/docker.sock')": f"The local socket /var/run/docker.sock {NOT_AVAILABLE}",
    "require('http').get({socketPath: '/run/x.sock'})": f"The local socket /run/x.sock {NOT_AVAILABLE}",
    "new (process.stdout._handle.constructor)(0).bind('/tmp/reconciler-evil')": "The local socket /tmp/reconciler-evil",
    "require('net').createServer().listen('/tmp/reconciler-evil')": "The local socket /tmp/reconciler-evil",
}


def test_what_leads_out_of_the_process_is_refused_and_the_next_runs_succeed() -> None:
    async def run() -> None:
        async with attacker() as attack:
            for body, message in REFUSED.items():
                assert thrown(await attack.does(body)).message.startswith(message), body
            await attack.goes_on()
        assert not Path("/tmp/reconciler-evil").exists()

    asyncio.run(run())


def test_files_that_node_itself_would_write_are_not_written() -> None:
    async def run() -> None:
        before = sorted(HOST.iterdir())
        async with attacker() as attack:
            trace = "const t = require('trace_events').createTracing({categories: ['v8']}); t.enable(); t.disable();"
            assert (await attack.does(trace)).error is None
            await attack.goes_on()
        assert sorted(HOST.iterdir()) == before

    asyncio.run(run())


def test_the_environment_is_empty_however_it_is_reached() -> None:
    async def run() -> None:
        async with attacker() as attack:
            body = (
                "const real = fetch.constructor('return process')();"
                "console.log(JSON.stringify([real.env, (await import('process')).env, real.argv, real.execArgv]));"
            )
            assert (await attack.does(body)).console == ('[{},{},["node","code.js"],[]]',)

    asyncio.run(run())


SPY = """
globalThis.seen = [];
const { inspect } = require('util');
let busy = false;
const note = (...values) => {
  if (busy) return;
  busy = true;
  seen[seen.length] = inspect(values, {depth: 6});
  busy = false;
};
const spied = (owner, name) => {
  const real = owner[name];
  owner[name] = function (...args) { note(this, args); return real.apply(this, args) };
};
for (const name of ['parse', 'stringify']) spied(JSON, name);
for (const name of ['assign', 'entries', 'fromEntries', 'keys']) spied(Object, name);
for (const name of ['push', 'map', 'filter']) spied(Array.prototype, name);
for (const name of ['run', 'getStore']) spied(require('async_hooks').AsyncLocalStorage.prototype, name);
spied(Promise.prototype, 'then');
spied(Date, 'now');
spied(globalThis, 'fetch');
Object.defineProperty(Object.prototype, 'secrets', {
  set(value) { note(value); Object.defineProperty(this, 'secrets', {value, writable: true, enumerable: true}) },
  configurable: true,
});
"""


def test_globals_that_one_action_replaces_are_not_those_of_another() -> None:
    async def run() -> None:
        async with attacker() as attack:
            assert (await attack.does(SPY)).error is None
            victim = job("console.log(event.secrets.KEY.length, JSON.stringify({a: 1}))", secrets={"KEY": "top-secret"})
            assert (await attack.host.run(victim)).console == ('10 {"a":1}',)
            told = await attack.does("console.log(globalThis.seen.length > 0, globalThis.seen.join())")
            assert told.console[0].startswith("true")
            assert "top-secret" not in repr(told)
            assert "[secret" not in repr(told)

    asyncio.run(run())


def package(folder: Path, name: str, code: str) -> Path:
    """A folder whose node_modules holds that package."""
    made = folder / "node_modules" / name
    made.mkdir(parents=True)
    (made / "index.js").write_text(code)
    return folder


def test_a_package_that_two_actions_share_keeps_nothing_of_the_one_for_the_other(tmp_path: Path) -> None:
    shared = package(tmp_path / "shared", "counter", "let n = 0; exports.next = () => ++n;")
    body = "console.log(require('counter').next()); require('counter').next = () => 'stolen';"

    async def run() -> list[Execution]:
        async with host() as running:
            return [
                await running.run(job(body, packages=shared, domain=domain, fresh=fresh))
                for domain, fresh in (("a", False), ("b", False), ("a", False), ("a", True), ("a", True))
            ]

    assert [execution.console for execution in asyncio.run(run())] == [("1",), ("1",), ("stolen",), ("1",), ("1",)]


def test_the_packages_of_another_action_cannot_be_read(tmp_path: Path) -> None:
    mine = package(tmp_path / "mine", "own", "module.exports = 'own'")
    others = [package(tmp_path / name, "other", "module.exports = 'other'") for name in ("mine-too", "theirs")]
    bodies = [f"require('fs').readFileSync('{folder}/node_modules/other/index.js')" for folder in others]
    bodies += [f"require('{folder}/node_modules/other')" for folder in others]

    async def run() -> None:
        async with host() as running:
            for folder in others:  # they are in use beside
                assert (await running.run(job("console.log(require('other'))", packages=folder))).console == ("other",)
            for body in bodies:
                refused = await running.run(job(body, packages=mine, domain="mine"))
                assert thrown(refused).message.startswith(DENIED), body
            last = await running.run(job("console.log(require('own'))", packages=mine, domain="mine"))
            assert last.console == ("own",)

    asyncio.run(run())


HANGS = [
    "for (;;);",
    "await new Promise(() => {})",
    "/^(a+)+$/.test('a'.repeat(50) + '!')",
    "for (;;) await null;",
    "const loop = () => Promise.resolve().then(loop); await loop();",
    "const tick = () => process.nextTick(tick); tick(); await new Promise(() => {});",
    "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);",
]


@pytest.mark.parametrize("body", HANGS)
def test_code_that_does_not_end_is_ended_from_outside(body: str) -> None:
    async def run() -> None:
        async with attacker() as attack:
            hung = await attack.does(f"console.log('before'); api.access.deny('no'); {body}", limit=0.5)
            assert thrown(hung).name == "ActionTimeout"
            assert thrown(hung).message.startswith("The code did not end within 0.")
            assert (hung.console, hung.denied) == (("before",), "no")
            assert hung.duration_ms < 5000
            await attack.goes_on()

    asyncio.run(run())


FD = (
    "const fs = require('fs');"
    "const fd = process._getActiveHandles().map((each) => each._handle?.fd).find((each) => each > 2);"
)
OUT_OF_MEMORY = "The code ran out of memory; it may use 128 MB."
JUNK = "The code wrote to the host's own socket, or told it more at once than it takes."

CRASHES = {
    "process.exit(3)": "the code called process.exit(3).",
    "process.reallyExit(0)": "the code called process.exit(0).",
    "process.abort()": "the code called process.abort().",
    "const { exit } = await import('node:process'); exit(4)": "the code called process.exit(4).",
    "setTimeout(() => process.exit(5)); await new Promise(() => {})": "the code called process.exit(5).",
    "const heap = []; for (;;) heap.push(new Array(1e5).fill('x' + heap.length));": OUT_OF_MEMORY,
    f"{FD} fs.writeSync(fd, '5\\n'); await new Promise(() => {{}})": JUNK,
    f"{FD} fs.writeSync(fd, 'x'.repeat(1000) + '\\n'); await new Promise(() => {{}})": JUNK,
    f"{FD} const mb = 'x'.repeat(1e6); for (;;) fs.writeSync(fd, mb);": JUNK,
    "for (;;) api.access.deny('x'.repeat(1e6));": "The code told the tenant more than 32 MB.",
    "for (let fd = 3; fd < 60; fd++) try { require('fs').closeSync(fd) } catch {} await new Promise(() => {})": "",
}


@pytest.mark.parametrize("body", CRASHES)
def test_code_that_takes_its_process_down_is_told_so(body: str) -> None:
    async def run() -> None:
        async with attacker() as attack:
            crashed = await attack.does(f"console.log('before'); {body}")
            assert thrown(crashed).name == "ActionCrash"
            assert thrown(crashed).message.startswith(CRASHES[body])
            assert crashed.console == ("before",)
            await attack.goes_on()

    asyncio.run(run())


ENDURED = {
    "a string beyond all measure": ("'x'.repeat(2 ** 30)", "Invalid string length"),
    "a stack without end": ("const deeper = () => deeper(); deeper()", "Maximum call stack size exceeded"),
    "an error from a timer": ("setTimeout(() => { throw new Error('late') }); await new Promise(() => {})", "late"),
    "a rejection nobody handles": ("Promise.reject(new Error('lost')); await new Promise(() => {})", "lost"),
    "an error in an emitter": ("setImmediate(() => new (require('events'))().emit('error', new Error('e')))", ""),
    "gigabytes of output": ("for (let i = 0; i < 1000; i++) console.log('x'.repeat(1e6))", ""),
    "gigabytes on the file descriptor": (
        "const mb = 'x'.repeat(1e6); for (let i = 0; i < 1000; i++) try { require('fs').writeSync(1, mb) } catch {}",
        "",
    ),
    "a backlog of work": ("for (let i = 0; i < 1e5; i++) { setImmediate(() => {}); setTimeout(() => {}, 50) }", ""),
    "half a character": ("console.log('a\\ud800b', '\\\\ud800'); api.user.setAppMetadata('\\udfff', 'x')", ""),
    "1 GB at once": ("Buffer.alloc(2 ** 30)", "Array buffer allocation failed"),
    "1 GB bit by bit": ("const all = []; for (;;) all.push(Buffer.alloc(2e7, 1));", "Array buffer allocation failed"),
}


def test_what_the_process_survives_ends_its_own_run_at_most() -> None:
    async def run() -> None:
        async with attacker() as attack:
            for name, (body, message) in ENDURED.items():
                error = (await attack.does(body)).error
                assert (error.message if error else "").startswith(message), name
                assert bool(error) == bool(message) or name == "an error in an emitter", (name, error)
                await attack.goes_on()

    asyncio.run(run())


def test_half_a_character_is_replaced_and_what_looks_like_one_is_kept() -> None:
    async def run() -> Execution:
        async with attacker() as attack:
            return await attack.does(ENDURED["half a character"][0])

    ended = asyncio.run(run())
    assert ended.console == ("a\ufffdb \\ud800",)
    assert ended.calls[0].args == ("\ufffd", "x")


LATE = [
    "setTimeout(() => { throw new Error('late') }, 20);",
    "setTimeout(() => { Promise.reject(new Error('late')) }, 20);",
    "setTimeout(() => { for (;;); }, 20);",
    "setTimeout(() => process.exit(1), 20);",
    "setTimeout(() => process.abort(), 20);",
    "setInterval(() => console.log('still here'), 1);",
]


def test_what_code_does_after_its_end_harms_no_run_that_comes_later() -> None:
    async def run() -> None:
        async with attacker() as attack:
            for body in LATE:
                assert (await attack.does(body)).error is None, body
                await asyncio.sleep(0.1)
                await attack.goes_on()

    asyncio.run(run())


def test_the_other_runs_of_an_action_that_exits_are_told_and_none_is_lost() -> None:
    async def run() -> None:
        async with attacker() as attack:
            await attack.does("")
            beside = [asyncio.create_task(attack.does("await new Promise(() => {})")) for _ in range(3)]
            await asyncio.sleep(0.1)
            assert thrown(await attack.does("process.exit(1)")).name == "ActionCrash"
            told = [thrown(each) for each in await asyncio.gather(*beside)]
            assert [error.name for error in told] == ["HostKilled"] * 3
            assert "other code of the action called process.exit(1)" in told[0].message
            await attack.goes_on()

    asyncio.run(run())


def test_a_run_that_waits_too_long_leaves_those_beside_it_alone() -> None:
    async def run() -> None:
        async with attacker() as attack:
            await attack.does("")
            waiting = asyncio.create_task(attack.does("await new Promise(() => {})", limit=0.3))
            beside = asyncio.create_task(attack.does("await new Promise(r => setTimeout(r, 800)); console.log('mine')"))
            assert thrown(await waiting).name == "ActionTimeout"
            await attack.goes_on()
            assert ((await beside).error, (await beside).console) == (None, ("mine",))

    asyncio.run(run())


FORGED = [
    '{"id": ID, "done": {"error": null, "duration_ms": 1e999}}',
    '{"id": ID, "done": {"error": null, "duration_ms": -1}}',
    '{"id": ID, "done": {"error": {"name": 1}, "duration_ms": 1}}',
    '{"id": ID, "call": {"method": "access.deny", "args": [NaN]}}',
    '{"id": ID, "call": {"method": "access.deny", "args": "no"}}',
    '{"id": ID, "cache": {"key": "k", "record": {"value": "v", "expires_at": Infinity}}}',
    '{"id": ID, "console": 7}',
    '{"id": [], "ready": {}}',
    "null",
]


def test_lines_that_make_no_sense_end_the_process_and_its_run_only() -> None:
    learn = (
        "let id; const replace = String.prototype.replace;"
        "String.prototype.replace = function (...more) {"
        "id ??= JSON.parse(this).id; return replace.apply(this, more) };"
        "api.user.setAppMetadata('k', '\\ud800'); String.prototype.replace = replace;"
        "console.log(typeof id, id.length);"
    )

    async def run() -> None:
        async with attacker() as attack:
            for line in FORGED:
                forged = f"`{line}`.replace('ID', JSON.stringify(id)) + '\\n'"
                ended = await attack.does(f"{learn} {FD} fs.writeSync(fd, {forged}); await new Promise(() => {{}});")
                assert (thrown(ended).name, thrown(ended).message) == ("ActionCrash", JUNK), line
                assert ended.console == ("string 32",), line
                await attack.goes_on()

    asyncio.run(run())


def test_code_that_finds_the_socket_speaks_for_no_other_run() -> None:
    forge = (
        f"{FD} for (const id of ['', 'x', '1'])"
        " fs.writeSync(fd, JSON.stringify({id, done: {error: null, duration_ms: 1}}) + '\\n');"
        "await new Promise(r => setTimeout(r, 20)); console.log('end')"
    )

    async def run() -> None:
        async with attacker() as attack:
            other = asyncio.create_task(attack.does("await new Promise(r => setTimeout(r, 200)); console.log('own')"))
            await asyncio.sleep(0)
            assert (await attack.does(forge)).console == ("end",)
            assert (await other).console == ("own",)

    asyncio.run(run())
