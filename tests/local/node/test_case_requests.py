"""Outgoing requests of a run with stubs: answered, or refused, and always told."""

from __future__ import annotations

import asyncio
import http.server
import threading
from typing import Any

import pytest

from reconciler.model.case import Reply, Stub
from reconciler.model.execution import Execution
from tests.local.actions import case, case_host, cases_ran, host, job, ran, thrown


def stubbed(body: str, *stubs: Stub) -> Execution:
    return cases_ran(case(body, stubs=stubs))[0]


def stub(request: str, **reply: Any) -> Stub:
    return Stub(request=request, reply=Reply(**reply))


CLIENTS = {
    "fetch": "const r = await fetch(URL, {method: 'POST', body: 'hello'}); console.log(r.status, await r.text());",
    "https": """
      const r = await new Promise((done, fail) => {
        require('https').request(URL, {method: 'POST'}, done).on('error', fail).end('hello');
      });
      let text = '';
      for await (const chunk of r) text += chunk;
      console.log(r.statusCode, text);
    """,
}


@pytest.mark.parametrize("client", CLIENTS)
def test_a_request_is_answered_by_its_stub_and_told(client: str) -> None:
    code = CLIENTS[client].replace("URL", "'https://api.example/v1?q=1'")
    execution = stubbed(code, stub("POST https://api.example/v1?q=1", status=201, body={"ok": True}))
    assert execution.error is None
    assert execution.console == ('201 {"ok":true}',)
    (request,) = execution.requests
    assert (request.method, request.url, request.body) == ("POST", "https://api.example/v1?q=1", "hello")
    assert (request.stubbed, request.headers["host"]) == (True, "api.example")


@pytest.mark.parametrize("client", CLIENTS)
def test_a_request_without_a_stub_is_refused_and_named(client: str) -> None:
    code = CLIENTS[client].replace("URL", "'https://api.example/v1?q=2'")
    execution = stubbed(code, stub("POST https://api.example/v1?q=1"), stub("GET https://api.example/v1?q=2"))
    message = "No stub answers POST https://api.example/v1?q=2; the request was refused."
    assert message in thrown(execution).message
    assert [(request.url, request.stubbed) for request in execution.requests] == [("https://api.example/v1?q=2", False)]


def test_stubs_of_one_request_are_used_in_turn_and_the_last_one_goes_on() -> None:
    body = "for (let i = 0; i < 4; i++) console.log(await (await fetch('http://h.example/x')).text());"
    name = "GET http://h.example/x"
    execution = stubbed(body, stub(name, body="one"), stub("GET http://h.example/"), stub(name, body="two"))
    assert execution.console == ("one", "two", "two", "two")


def test_headers_status_and_text_of_the_reply_arrive() -> None:
    body = (
        "const r = await fetch('http://h.example/x'); console.log(r.status, r.headers.get('content-type'),"
        "r.headers.get('x-rate'), await r.text()); const e = await fetch('http://h.example/e'); console.log(e.status);"
    )
    execution = stubbed(
        body,
        stub("GET http://h.example/x", status=429, headers={"X-Rate": "3"}, body="slow down"),
        stub("GET http://h.example/e", status=204),
    )
    assert execution.console == ("429 text/plain; charset=utf-8 3 slow down", "204")


def test_requests_made_at_once_are_told_in_the_order_they_were_made() -> None:
    body = (
        "await Promise.all([['a', 100000], ['b', 1], ['c', 1000]].map(([name, size]) => "
        "fetch('http://h.example/' + name, {method: 'POST', body: 'x'.repeat(size)})));"
    )
    execution = stubbed(body, *(stub(f"POST http://h.example/{name}") for name in "abc"))
    assert [request.url[-1] for request in execution.requests] == ["a", "b", "c"]
    assert [len(request.body) for request in execution.requests] == [100000, 1, 1000]


def test_requests_belong_to_the_run_that_made_them() -> None:
    async def run() -> list[Execution]:
        body = (
            "const keep = new (require('http').Agent)({keepAlive: true}); for (let i = 0; i < 3; i++) {"
            "await fetch('http://h.example/' + event.n); await new Promise((done) => require('http').get("
            "'http://h.example/' + event.n, {agent: keep}, (r) => r.resume().on('end', done))) }"
        )
        async with case_host(at_once=2) as running:
            jobs = [case(body, event={"n": n}, stubs=(stub(f"GET http://h.example/{n}"),)) for n in range(4)]
            return list(await asyncio.gather(*map(running.run, jobs)))

    for number, execution in enumerate(asyncio.run(run())):
        assert execution.error is None
        assert [request.url for request in execution.requests] == [f"http://h.example/{number}"] * 6


def test_the_test_values_of_secrets_stay_in_what_is_told() -> None:
    secrets, stubs = {"HOOK": "https://hooks.example/T0/xyz"}, (stub("GET https://hooks.example/T0/xyz"),)
    (execution,) = cases_ran(case("await fetch(event.secrets.HOOK)", secrets=secrets, stubs=stubs))
    assert [request.url for request in execution.requests] == ["https://hooks.example/T0/xyz"]


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"real")

    def log_message(self, *_: object) -> None:
        pass


def test_without_stubs_requests_really_travel_and_with_stubs_they_never_do() -> None:
    with http.server.HTTPServer(("127.0.0.1", 0), Receiver) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}/"
        body = f"console.log(await (await fetch('{url}')).text())"
        try:
            real, refused = ran(body), stubbed(body)
        finally:
            server.shutdown()
            thread.join()
    assert real.console == ("real",)
    assert f"No stub answers GET {url}" in thrown(refused).message


def test_a_socket_that_does_not_speak_http_is_refused_where_requests_are_stubbed() -> None:
    with http.server.HTTPServer(("127.0.0.1", 0), Receiver) as server:
        body = (
            f"const s = require('net').connect({server.server_port}, '127.0.0.1');"
            "await new Promise((done, fail) => { s.on('connect', () => s.write('EHLO x\\r\\n')); s.on('error', fail);"
            "s.on('close', done); setTimeout(done, 300); }); console.log('through');"
        )
        execution = stubbed(body)
    assert thrown(execution).message.endswith("does not speak HTTP and was refused.")


def test_a_host_of_cases_takes_no_job_with_an_open_network_and_the_other_no_case() -> None:
    async def run() -> None:
        async with case_host() as cases, host() as runs:
            with pytest.raises(ValueError, match="stubs"):
                await cases.run(job(""))
            with pytest.raises(ValueError, match="stubs"):
                await runs.run(case(""))

    asyncio.run(run())


def test_a_thousand_cases_are_done_in_seconds() -> None:
    assert {execution.denied for execution in cases_ran(*[case("api.access.deny('no')")] * 1000)} == {"no"}
