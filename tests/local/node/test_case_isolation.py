"""What a case does to its process: the next case in it sees nothing of it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from reconciler.model.case import Reply, Stub
from reconciler.model.execution import Execution
from tests.local.actions import case, case_host, cases_ran, thrown

POLLUTED = {
    "a method of Array": ("Array.prototype.x = 1", "[].x"),
    "a method of Object, in plain sight": ("Object.prototype.x = 1", "Object.keys({}).length + String({}.x)"),
    "an inherited key": ("Object.prototype.x = 1", "(() => { let n = 0; for (const k in {}) n++; return n })()"),
    "a hidden property": ("Object.defineProperty(Array.prototype, 'hidden', {value: 1})", "'hidden' in []"),
    "a global": ("globalThis.leak = 1", "typeof leak"),
    "a global without a word": ("leak = 1", "typeof leak"),
    "a global by symbol": ("globalThis[Symbol.for('x')] = 1", "String(globalThis[Symbol.for('x')])"),
    "a global function": ("global.parseInt = () => 7", "parseInt('1')"),
    "a deleted global": ("delete globalThis.JSON", "JSON.stringify([1])"),
    "a deleted method": ("delete String.prototype.trim", "' a '.trim()"),
    "Date": ("Date = class { static now() { return 1 } }", "Date.now() > 1 && new Date() instanceof Date"),
    "Date.now": ("Date.now = () => 1", "Date.now() > 1"),
    "JSON.stringify": ("JSON.stringify = () => 'no'", "JSON.stringify(1)"),
    "JSON.parse": ("JSON.parse = () => 'no'", "JSON.parse('1')"),
    "toJSON everywhere": ("Object.prototype.toJSON = () => 'no'", "JSON.stringify({a: 1})"),
    "Math.random": ("Math.random = () => 2", "Math.random() < 1"),
    "fetch": ("fetch = () => 'no'", "typeof fetch('http://x.example').then"),
    "a property of fetch": ("fetch.x = 1", "fetch.x"),
    "Response": ("Response.prototype.json = () => 'no'", "typeof new Response('1').json().then"),
    "console.log": ("console.log = () => {}", "1"),
    "a method of the console": ("console.more = 1", "console.more"),
    "setTimeout": ("setTimeout = (work) => work()", "typeof setTimeout(() => {}, 1)"),
    "crypto": ("crypto.randomUUID = () => 'no'", "crypto.randomUUID().length"),
    "a prototype of literals": ("(function* () {}).constructor.prototype.x = 1", "(function* () {}).x"),
    "a prototype by __proto__": ("[].__proto__.x = 1", "[].x"),
    "what Promise gives": ("Promise.prototype.then = () => 1", "await Promise.resolve(2)"),
    "Promise itself": ("Promise = class {}", "await Promise.resolve(2)"),
    "RegExp": ("RegExp.prototype.test = () => true", "/a/.test('b')"),
    "Map and Set": (
        "Map.prototype.get = () => 1; Set.prototype.has = () => true",
        "new Map().get(1) + new Set().has(1)",
    ),
    "iteration": ("Array.prototype[Symbol.iterator] = function* () {}", "[...[1, 2]].length"),
    "array methods": (
        "for (const n of ['push', 'map', 'filter', 'at']) Array.prototype[n] = () => 1",
        "[1].map(String)",
    ),
    "functions": ("Function.prototype.call = () => 1", "String.prototype.trim.call(' a')"),
    "Intl": ("Intl.NumberFormat.prototype.formatToParts = 1", "typeof Intl.NumberFormat.prototype.formatToParts"),
    "Error.prepareStackTrace": (
        "Error.prepareStackTrace = () => 'no'",
        "typeof new Error('x').stack + Error.stackTraceLimit",
    ),
    "Error.stackTraceLimit": ("Error.stackTraceLimit = 1", "Error.stackTraceLimit"),
    "the environment": ("process.env.X = '1'", "process.env.X"),
    "the whole environment": ("process.env = {X: '1'}", "process.env.X"),
    "a listener of the process": ("process.on('exit', () => {})", "process.listenerCount('exit')"),
    "no listeners of the process": ("process.removeAllListeners()", "process.listenerCount('uncaughtException')"),
    "a listener of a signal": ("process.on('SIGUSR2', () => {})", "process.listenerCount('SIGUSR2')"),
    "the title": ("process.title = 'evil'", "process.title === 'evil'"),
    "the exit code": ("process.exitCode = 3", "process.exitCode"),
    "nextTick": ("process.nextTick = () => {}", "await new Promise((done) => process.nextTick(() => done(1)))"),
    "stdout": ("process.stdout.write = 1", "typeof process.stdout.write"),
    "a built-in module": ("require('http').request = () => 'no'", "typeof require('http').request"),
    "a built-in module in capitals": ("require('node:https').get.x = 1", "require('https').get.x"),
    "the agent of a built-in module": (
        "require('http').globalAgent.maxSockets = 1",
        "require('http').globalAgent.maxSockets",
    ),
    "events": ("require('events').defaultMaxListeners = 1", "require('events').defaultMaxListeners"),
    "inspect": ("require('util').inspect.defaultOptions.depth = 0", "require('util').inspect({a: {}})"),
    "the loader": ("require('module')._load = () => 'no'", "typeof require('os').platform"),
    "the extensions": ("require.extensions['.x'] = () => {}", "Object.keys(require.extensions).includes('.x')"),
    "the cache of require": ("require.cache['/action/x.js'] = {exports: 1}", "Object.keys(require.cache).length"),
    "the prototype of modules": ("module.constructor.prototype.x = 1", "module.x"),
    "what subtle does": ("crypto.subtle.digest = 1", "typeof require('crypto').webcrypto.subtle.digest"),
    "marks": ("performance.mark('x')", "performance.getEntriesByType('mark').length"),
    "a stop watch": ("console.time('x')", "(console.time('x'), 1)"),
    "rejections of emitters": ("require('events').captureRejections = true", "require('events').captureRejections"),
    "warnings": (
        "require('punycode'); process.emitWarning('x', 'DeprecationWarning', 'D1'); new Buffer(1)",
        "(require('punycode'), new Buffer(1), process.emitWarning('x', 'DeprecationWarning', 'D1'), 1)",
    ),
    "by eval": ("eval('Array.prototype.x = 1')", "[].x"),
    "by Function": ("Function('globalThis.leak = 1')()", "typeof leak"),
    "by getBuiltinModule": (
        "process.getBuiltinModule('os').platform = () => 'no'",
        "require('os').platform() === 'no'",
    ),
    "by import": ("(await import('node:os')).default.platform = () => 'no'", "require('os').platform() === 'no'"),
    "frozen": ("Object.freeze(Object.prototype)", "Object.isFrozen(Object.prototype)"),
    "a frozen global": ("Object.freeze(JSON)", "Object.isFrozen(JSON)"),
    "for good": ("Object.defineProperty(globalThis, 'leak', {value: 1})", "typeof leak"),
    "another prototype": ("Object.setPrototypeOf(Array.prototype, {x: 1})", "[].x"),
    "a hook": ("require('async_hooks').createHook({init() {}}).enable()", "1"),
    "a hook of promises": (
        "require('v8').promiseHooks.onInit(() => { globalThis.leak = 1 })",
        "(await 1, typeof leak)",
    ),
    "what is told of lost objects": ("new FinalizationRegistry(() => {}).register({})", "1"),
    "the last match": ("/se(cret)/.test('my secret')", "RegExp.$1 + RegExp.lastMatch + RegExp['$`']"),
    "the main module": ("require.main.x = 1; require.main.exports.y = 1", "[require.main.x, require.main.exports.y]"),
    "the main module of the process": ("process.mainModule.x = 1", "process.mainModule.x"),
    "stdin": ("process.stdin.x = 1", "typeof process.exit"),
    "what an AsyncLocalStorage keeps": (
        "new (require('async_hooks').AsyncLocalStorage)().enterWith('mine')",
        "((now) => Reflect.ownKeys(now).some((key) => now[key] === 'mine'))"
        "(require('async_hooks').executionAsyncResource())",
    ),
}
"""Name -> what one case does, and where the next one would see it."""

FOR_GOOD = {
    *("a hidden property", "a listener of a signal", "frozen", "a frozen global", "for good", "a hook"),
    *("a hook of promises", "what is told of lost objects", "stdin"),
}
"""What cannot be put back: the process is not used again."""


@pytest.mark.parametrize("what", POLLUTED)
def test_a_case_sees_nothing_of_what_the_one_before_changed(what: str) -> None:
    does, looks = POLLUTED[what]
    look = case(f"const seen = {looks}; console.log(seen); console.log(event.pid = process.pid)")

    async def run() -> list[Execution]:
        async with case_host() as host:
            return [await host.run(one) for one in (look, case(f"{does};"), look)]

    before, doing, after = asyncio.run(run())
    assert [before.error, doing.error, after.error] == [None] * 3
    assert before.console[0] == after.console[0]
    assert (before.console[1] != after.console[1]) == (what in FOR_GOOD)


def test_what_is_reached_in_two_ways_is_put_back_whichever_was_first() -> None:
    spoil = case("Map.prototype.get = () => 1; Set.prototype.has = () => true;")
    look = case("console.log(new Map().get(1), new Set().has(1))")
    _, spoilt, after = cases_ran(case("console.log(typeof new Response('1'))"), spoil, look)
    assert (spoilt.error, after.error) == (None, None)
    assert after.console == ("undefined false",)


def test_a_source_keeps_nothing_in_itself() -> None:
    code = (
        "const self = arguments.callee; self.n = (self.n ?? 0) + 1; self.prototype.n = self.n;"
        "exports.onExecutePostLogin = async () => console.log(self.n, self.prototype.n)"
    )
    first, then = cases_ran(case("", code=code), case("", code=code))
    assert first.console == then.console


def test_a_warning_is_the_same_in_each_case() -> None:
    body = "process.emitWarning('low', 'Disk', 'W1'); await new Promise((done) => setImmediate(done))"
    for execution in cases_ran(case(body), case(body)):
        assert execution.console == ("(node) [W1] Disk: low",)


LEFT_RUNNING = {
    "an interval": "setInterval(() => { globalThis.leak = 1; console.log('late') }, 1)",
    "a timer that stays quiet": "setTimeout(() => { globalThis.leak = 1 }, 5).unref()",
    "a timer of timers/promises": "require('timers/promises').setTimeout(5).then(() => { globalThis.leak = 1 })",
    "an immediate that goes on": "setImmediate(function again() { globalThis.leak = 1; setImmediate(again) })",
    "some ticks": "let n = 0; process.nextTick(function more() { leak = n++ < 9 && process.nextTick(more) })",
    "a promise": "(async () => { for (;;) { await new Promise((on) => setTimeout(on, 1)); globalThis.leak = 1 } })()",
    "work of another thread": "require('crypto').pbkdf2('a', 'b', 30000, 64, 'sha512', () => { globalThis.leak = 1 })",
    "a request": "fetch('http://x.example/slow').then(() => { globalThis.leak = 1 })",
    "a message": "const c = new MessageChannel(); c.port1.onmessage = () => { globalThis.leak = 1 };"
    "c.port2.postMessage(1)",
    "a wait for shared memory": "Atomics.waitAsync(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5).value"
    ".then(() => { globalThis.leak = 1 })",
    "a compilation": "for (let n = 0; n < 200; n++) "
    "WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])).then(() => { globalThis.leak = n })",
}


@pytest.mark.parametrize("what", LEFT_RUNNING)
def test_what_a_case_left_running_does_not_run_into_the_next(what: str) -> None:
    slow = Stub(request="GET http://x.example/slow", reply=Reply(delay=20))
    left = case(f"{LEFT_RUNNING[what]};", stubs=(slow,))
    wait = "await new Promise((done) => setTimeout(done, 40)); console.log(typeof leak)"
    first, then = cases_ran(left, case(wait))
    assert (first.error, then.error) == (None, None)
    assert then.console == ("undefined",)


def test_a_rejection_that_comes_after_the_end_of_a_case_is_not_the_next_ones() -> None:
    late = "Promise.resolve().then(() => new Promise((_, no) => setTimeout(() => no(new Error('late')), 20)))"
    quiet, waiting = cases_ran(case(late), case("await new Promise((done) => setTimeout(done, 50))"))
    assert (quiet.error, waiting.error) == (None, None)


def package(folder: Path, name: str, code: str, **more: str) -> Path:
    made = folder / "node_modules" / name
    made.mkdir(parents=True)
    for file, content in {"index.js": code, **more}.items():
        (made / file).write_text(content)
    return folder


def test_packages_and_modules_begin_anew_in_each_case(tmp_path: Path) -> None:
    folder = package(
        tmp_path,
        "defaults",
        "exports.defaults = {}; exports.count = 0; exports.mixin = (more) => Object.assign(exports, more);",
    )
    body = (
        "const p = require('defaults'); console.log(p.count++, p.defaults.url, typeof p.extra); p.defaults.url = 'x';"
        "p.mixin({extra() {}}); console.log(typeof require('defaults').extra, require('defaults') === p)"
    )
    for execution in cases_ran(case(body, packages=folder), case(body, packages=folder)):
        assert (execution.error, execution.console) == (None, ("0 undefined undefined", "function true"))


def test_packages_that_are_es_modules_begin_anew_too(tmp_path: Path) -> None:
    manifest = '{"type": "module", "exports": "./index.js"}'
    folder = package(
        tmp_path, "modern", "export let n = 0; export const next = () => ++n;", **{"package.json": manifest}
    )
    for body in ("console.log((await import('modern')).next())", "console.log(require('modern').next())"):
        for execution in cases_ran(case(body, packages=folder), case(body, packages=folder)):
            assert (execution.error, execution.console[-1]) == (None, "1")


def test_what_a_package_changes_is_put_back(tmp_path: Path) -> None:
    folder = package(tmp_path, "polyfill", "Array.prototype.sum = function () { return this.length };")
    first, then = cases_ran(
        case("require('polyfill'); console.log([1].sum())", packages=folder), case("console.log([].sum)")
    )
    assert (first.console, then.console) == (("1",), ("undefined",))


def test_code_sees_one_realm() -> None:
    body = (
        "console.log(event.list instanceof Array, event instanceof Object, Buffer.from('a') instanceof Uint8Array,"
        "fetch('http://x.example/').catch(() => {}) instanceof Promise);"
        "try { null.x } catch (e) { console.log(e instanceof TypeError) }"
    )
    for execution in cases_ran(case(body, event={"list": []}), case(body, event={"list": []})):
        assert execution.console == ("true true true true", "true")


ENDS = {
    "for (;;);": "ActionTimeout",
    "await new Promise(() => {})": "ActionTimeout",
    "process.nextTick(function again() { process.nextTick(again) })": "ActionTimeout",
    "process.exit(1)": "ActionCrash",
    "process.abort()": "ActionCrash",
    "throw new TypeError('no')": "TypeError",
}


def test_a_case_that_ends_badly_takes_nothing_with_it() -> None:
    async def run() -> list[Execution]:
        async with case_host(at_once=2) as host:
            bad = [case(f"console.log('here'); {body}", limit=1.0) for body in ENDS]
            good = [case(f"console.log({number})") for number in range(30)]
            return list(await asyncio.gather(*map(host.run, [*bad, *good])))

    ended = asyncio.run(run())
    bad, good = ended[: len(ENDS)], ended[len(ENDS) :]
    assert [thrown(each).name for each in bad] == list(ENDS.values())
    assert [each.console for each in bad] == [("here",)] * len(ENDS)
    assert [each.console for each in good] == [(str(number),) for number in range(30)]


def test_a_case_that_runs_out_of_memory_says_so() -> None:
    async def run() -> list[Execution]:
        async with case_host(limit=20.0) as host:
            greedy = case("const all = []; for (;;) all.push(new Array(1e6).fill(1))")
            return [await host.run(one) for one in (case(""), greedy, case(""))]

    before, out, after = asyncio.run(run())
    assert (before.error, after.error) == (None, None)
    assert (thrown(out).name, thrown(out).message) == ("ActionCrash", "The code ran out of memory; it may use 128 MB.")


def test_a_case_can_have_less_time_than_the_others() -> None:
    (hung,) = cases_ran(case("for (;;);", limit=0.2))
    assert thrown(hung).message == "The code did not end within 0.2 seconds."


def test_a_cancelled_case_ends_its_process_and_the_host_goes_on() -> None:
    async def run() -> Execution:
        async with case_host(limit=20) as host:
            await host.run(case(""))
            hanging = asyncio.create_task(host.run(case("for (;;);")))
            await asyncio.sleep(0.05)
            hanging.cancel()
            await asyncio.wait([hanging])
            return await host.run(case("console.log('again')"))

    assert asyncio.run(run()).console == ("again",)


def test_memory_that_cases_fill_does_not_add_up() -> None:
    body = "globalThis.kept = [globalThis.kept, new Array(1e6).fill(1)]; console.log(1)"
    assert [each.console for each in cases_ran(*[case(body)] * 20)] == [("1",)] * 20
