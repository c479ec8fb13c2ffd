"""What a case fixes: the clock, chance, api.cache; and what is told of where its code did something."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from reconciler.local.node.coverage import CodeCoverage
from reconciler.local.node.job import JobModule
from reconciler.model.case import Reply, Stub
from tests.local.actions import CASE_LIMIT, case, case_host, cases_ran, job

NOON = datetime(2026, 2, 3, 12, tzinfo=UTC)


def test_a_clock_that_is_stopped_stands_still_everywhere() -> None:
    body = (
        "const began = Date.now(); await new Promise((done) => setTimeout(done, 15));"
        "console.log(new Date().toISOString(), Date.now() - began, new Date(2020, 0).getFullYear());"
        "class Own extends Date {}; console.log(new Date() instanceof Date, new Own() - began, Date.name, Date.length);"
        "console.log(Object.getPrototypeOf(new Date()) === Date.prototype, new Date().constructor === Date);"
        "console.log(new Intl.DateTimeFormat('en', {timeZone: 'UTC'}).format(), Date().slice(0, 15), Date.UTC(2020));"
        "console.log(new Intl.DateTimeFormat('en', {timeZone: 'UTC'}).formatToParts().map((p) => p.value).join(''));"
        "console.log(new Date().toLocaleDateString('en', {timeZone: 'UTC'}), require('util').types.isDate(new Date()));"
    )
    stopped, free = cases_ran(case(body, now=NOON), case("console.log(Date.now() > 1770120000000, Date() === 1)"))
    assert stopped.error is None
    assert stopped.console == (
        "2026-02-03T12:00:00.000Z 0 2020",
        "true 0 Date 7",
        "true true",
        "2/3/2026 Tue Feb 03 2026 1577836800000",
        "2/3/2026",
        "2/3/2026 true",
    )
    assert free.console == ("true false",)


def test_the_clock_of_the_cache_and_of_redirect_tokens_is_stopped_too() -> None:
    body = (
        "const token = api.redirect.encodeToken({secret: 's', payload: {}});"
        "console.log(JSON.parse(Buffer.from(token.split('.')[1], 'base64url')).iat * 1000);"
        "console.log(api.cache.get('old').expires_at); api.cache.set('new', 'x', {ttl: 1000});"
        "await new Promise((done) => setTimeout(done, 5)); console.log(api.cache.get('new').expires_at);"
    )
    (execution,) = cases_ran(case(body, now=NOON, cache={"old": "x"}))
    noon = int(NOON.timestamp() * 1000)
    assert execution.error is None
    assert execution.console[0] == str(noon)
    assert int(execution.console[1]) > noon
    assert execution.console[2] == str(noon + 1000)


RANDOM = (
    "const c = require('crypto'); const b = new Uint8Array(4); const w = new Uint16Array(4);"
    "const hex = (bytes) => bytes.toString('hex');"
    "console.log(Math.random(), crypto.randomUUID(), c.randomUUID(), hex(c.randomBytes(4)), c.randomInt(100),"
    "c.randomInt(5, 9), crypto.getRandomValues(b).join(), c.randomFillSync(w, 1, 2).join(), c.webcrypto.randomUUID(),"
    "await new Promise((done) => c.randomBytes(3, (_, bytes) => done(bytes.toString('hex')))),"
    "await new Promise((done) => c.randomInt(50, (_, n) => done(n))), (await import('node:crypto')).randomUUID());"
)


def test_the_same_seed_gives_the_same_chance_and_another_one_another() -> None:
    cases = [case(RANDOM, seed=seed) for seed in (7, 7, 8, "7")] + [case(RANDOM)] * 2
    seen = [execution.console for execution in cases_ran(*cases)]
    assert seen[0] == seen[1]
    assert len(set(seen)) == 5
    words = seen[0][0].split()
    assert 0 <= float(words[0]) < 1
    assert 5 <= int(words[5]) < 9
    assert words[7].startswith("0,") and words[7].endswith(",0")
    for uuid in (words[1], words[2], words[8], words[-1]):
        assert (len(uuid), uuid[14]) == (36, "4")


def test_the_cache_holds_what_the_case_says_and_what_became_of_it_is_told() -> None:
    body = (
        "console.log(api.cache.get('a').value, api.cache.get('b').value, api.cache.get('none'));"
        "api.cache.set('a', 'new'); api.cache.delete('b'); api.cache.set('c', '1')"
    )
    execution, after = cases_ran(case(body, cache={"a": "1", "b": "2"}), case("console.log(api.cache.get('a'))"))
    assert execution.console == ("1 2 undefined",)
    assert execution.cache == {"a": "new", "b": None, "c": "1"}
    assert after.console == ("undefined",)


def test_calls_and_requests_tell_where_code_made_them() -> None:
    code = "\n".join(
        (
            "const https = require('https');",
            "const later = async () => { await null; await fetch('https://a.example/x'); };",
            "exports.onExecutePostLogin = async (event, api) => {",
            "  api.idToken.setCustomClaim('https://x.example/a', 1);",
            "  await later();",
            "  await new Promise((d, f) => https.get('https://a.example/x', (r) => r.resume().on('end', d)));",
            "  [2].forEach((n) =>",
            "    api.accessToken.setCustomClaim('https://x.example/a', n));",
            "};",
        )
    )
    (execution,) = cases_ran(case("", code=code, stubs=(Stub(request="GET https://a.example/x"),)))
    assert execution.error is None
    assert [(call.line, call.column) for call in execution.calls] == [(4, 15), (8, 21)]
    assert [request.line for request in execution.requests] == [2, 6]


FAILURES = {
    "refused": ("ECONNREFUSED", "connect ECONNREFUSED a.example:443"),
    "reset": ("ECONNRESET", "read ECONNRESET"),
    "timeout": ("ETIMEDOUT", "connect ETIMEDOUT a.example:443"),
    "not_found": ("ENOTFOUND", "getaddrinfo ENOTFOUND a.example"),
}


@pytest.mark.parametrize("error", FAILURES)
def test_a_connection_fails_as_it_does_for_real(error: Any) -> None:
    code, message = FAILURES[error]
    fetched = "try { await fetch(URL) } catch (e) { console.log(e.name, e.message, e.cause.code, e.cause.message) }"
    got = (
        "await new Promise((d) => require('https').get(URL, d).on('error', (e) => d(console.log(e.code, e.message))));"
    )
    stub = Stub(request="GET https://a.example/x", reply=Reply(error=error))
    (execution,) = cases_ran(case((fetched + got).replace("URL", "'https://a.example/x'"), stubs=(stub,)))
    assert execution.error is None
    assert execution.console == (f"TypeError fetch failed {code} {message}", f"{code} {message}")
    assert [(request.stubbed, request.stub) for request in execution.requests] == [(True, 0), (True, 0)]


def test_an_answer_can_take_its_time_and_replies_follow_each_other() -> None:
    body = (
        "for (let n = 0; n < 3; n++) { const began = performance.now();"
        "const r = await fetch('http://a.example/'); console.log(r.status, performance.now() - began >= 28) }"
    )
    stub = Stub(request="GET http://a.example/", replies=(Reply(status=503), Reply(status=200, delay=30)))
    (execution,) = cases_ran(case(body, stubs=(stub,)))
    assert [line.split()[0] for line in execution.console] == ["503", "200", "200"]
    assert [line.split()[1] for line in execution.console[1:]] == ["true", "true"]


CLIENTS = {
    "a time limit of the request": "const q = get(url, on); q.setTimeout(30, () => q.destroy(new Error('late')));",
    "an option": "const q = get(url, { timeout: 30 }, on); q.on('timeout', () => q.destroy(new Error('late')));",
    "a signal": "const q = get(url, { signal: AbortSignal.timeout(30) }, on);",
}


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_late_answer_meets_the_time_limit_of_a_client(scheme: str, client: str) -> None:
    body = f"const {{ get }} = require('{scheme}'); const url = '{scheme}://a.example/';"
    body += f"await new Promise((on, no) => {{ {CLIENTS[client]} q.on('error', no) }})"
    stub = Stub(request=f"GET {scheme}://a.example/", reply=Reply(delay=CASE_LIMIT * 1000))
    (execution,) = cases_ran(case(body, stubs=(stub,)))
    assert execution.error and execution.error.name in ("Error", "AbortError")
    assert [request.stub for request in execution.requests] == [0]


def test_headers_of_a_reply_that_tell_of_bytes_do_not_spoil_its_body() -> None:
    headers = {"content-encoding": "gzip", "content-length": "2", "transfer-encoding": "chunked"}
    stub = Stub(request="GET http://a.example/", reply=Reply(headers=headers, body="whole"))
    (execution,) = cases_ran(case("console.log(await (await fetch('http://a.example/')).text())", stubs=(stub,)))
    assert execution.console == ("whole",)


@pytest.mark.parametrize(
    "body",
    [
        "await new Promise((d, f) => require('dns').lookup('localhost', (e) => e ? f(e) : d()))",
        "await require('dns').promises.resolve4('localhost')",
        "require('dgram').createSocket('udp4').send('x', 9, '127.0.0.1')",
        "new (require('dgram').Socket.prototype.constructor)('udp4').send('x', 9, '127.0.0.1')",
        "await new (require('dns').promises.Resolver.prototype.constructor)().resolve4('a.example')",
        "require('http2').connect('https://a.example')",
        "await new Promise((_, f) => require('tls').connect(9, '127.0.0.1').on('error', f).write('x\\r\\n'))",
        "await new Promise((_, f) => require('net').connect(9, '127.0.0.1').on('error', f).write('x\\r\\n'))",
    ],
)
def test_nothing_else_leaves_the_machine(body: str) -> None:
    (execution,) = cases_ran(case(body))
    assert execution.error is not None
    assert "is not available in a case" in execution.error.message or "was refused" in execution.error.message


NO_HTTP = {
    "net": (
        "await new Promise((_, f) => require('net').connect(9, 'a.example').on('error', f).write('x\\r\\n'))",
        "CONNECT http://a.example:9",
    ),
    "tls": (
        "await new Promise((_, f) => require('tls').connect(9, 'a.example').on('error', f).write('x\\r\\n'))",
        "CONNECT https://a.example:9",
    ),
    "http2": ("require('http2').connect('https://a.example')", "CONNECT https://a.example"),
}


@pytest.mark.parametrize("way", NO_HTTP)
def test_a_connection_that_does_not_speak_http_is_told_whatever_the_code_does_about_it(way: str) -> None:
    body, told = NO_HTTP[way]
    (execution,) = cases_ran(case(f"try {{ {body} }} catch {{}}"))
    (request,) = execution.requests
    assert (execution.error, f"{request.method} {request.url}", request.stubbed) == (None, told, False)


def test_a_stub_says_how_a_connection_that_does_not_speak_http_fails() -> None:
    stub = Stub(request="CONNECT http://a.example:9", reply=Reply(error="reset"))
    (execution,) = cases_ran(case(NO_HTTP["net"][0], stubs=(stub,)))
    assert execution.error and execution.error.message == "read ECONNRESET"
    assert [request.stub for request in execution.requests] == [0]


COVERED = """exports.onExecutePostLogin = async (event, api) => {
  if (event.a) {
    return api.access.deny('a');
  }
  const twice = (x) => require('actions:math').twice(x);
  return event.b ? twice(1) : 2;
};
exports.never = () => 1;
"""
MODULE = "exports.twice = (x) => (x > 5 ? 0 : 2 * x);"


def test_coverage_is_summed_over_cases_and_processes() -> None:
    async def run() -> tuple[CodeCoverage, ...]:
        module = JobModule(name="math", code=MODULE)
        events: tuple[dict[str, int], ...] = ({"a": 1}, {"b": 1}, {}, {"a": 2}, {"b": 2})
        async with case_host(at_once=2, coverage=True) as host:
            jobs = [case("", code=COVERED, event=event, modules=(module,)) for event in events]
            assert [each.error for each in await asyncio.gather(*map(host.run, jobs))] == [None] * 5
            return await host.coverage()

    own, module = asyncio.run(run())
    assert (own.action, own.module, module.module) == ("greet", "", "math")
    parts = {own.code[start:end]: count for ranges in own.functions for start, end, count in ranges}
    assert parts[COVERED] == 5
    assert parts["{\n    return api.access.deny('a');\n  }"] == 2
    assert parts["? twice(1)"] == 2
    assert parts[": 2"] == 1
    assert parts["() => 1"] == 0
    assert [count for _, _, count in module.functions[1]] == [2, 0]


def test_coverage_knows_the_functions_that_initialize_the_fields_of_a_class() -> None:
    box = "{ #a = 1; static b = 2; c = [1, 2]; get() { return this.#a; } }"
    code = f"function never() {{}}\nclass Box {box}\nexports.onExecutePostLogin = async () => new Box();\n"

    async def run() -> tuple[CodeCoverage, ...]:
        async with case_host(coverage=True) as host:
            for _ in range(2):
                await host.run(case("", code=code))
            return await host.coverage()

    (own,) = asyncio.run(run())
    parts = {code[ranges[0][0] : ranges[0][1]]: ranges for ranges in own.functions}
    assert [len(ranges) for ranges in parts.values()] == [1] * len(parts)
    assert (parts["function never() {}"][0][2], parts["get() { return this.#a; }"][0][2]) == (0, 0)
    assert parts[box][0][2] > 0


def test_the_wall_stands_while_coverage_is_counted(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("secret")

    async def run() -> list[str]:
        async with case_host(coverage=True) as host:
            bodies = (f"require('fs').readFileSync('{tmp_path}/x')", "new Function('%DebugCollectCoverage()')")
            return [(await host.run(case(body))).error.name for body in bodies]  # type: ignore[union-attr]

    assert asyncio.run(run()) == ["Error", "SyntaxError"]


def test_a_job_that_is_no_case_is_refused() -> None:
    async def run() -> None:
        async with case_host() as host:
            with pytest.raises(ValueError, match="stubs"):
                await host.run(job(""))

    asyncio.run(run())
