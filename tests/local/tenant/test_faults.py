"""Faults: what each kind does to a call, in process and over a socket, and whether the call took effect."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from reconciler.errors import InvalidInput, Usage
from reconciler.local.serve import Served, serve
from reconciler.local.wire.faults import Fault
from reconciler.run.faults import load_faults
from tests.local.tenant.opened import ACTIONS, CODE, POST_LOGIN, Clock, Session, credentials, opened

pytestmark = pytest.mark.anyio
CREATE = f"POST {ACTIONS}"
BODY = {"name": "greet", "supported_triggers": POST_LOGIN, "code": CODE}


def fault(do: Any, *, route: str = CREATE, **more: Any) -> Fault:
    return Fault(route=route, do=do, **more)


async def names(session: Session) -> list[str]:
    return [action["name"] for action in (await session.answer("GET", ACTIONS))["actions"]]


async def settled(session: Session) -> None:
    """Waits for the calls that are carried out though nobody waits for them."""
    app: Any = session.tenant.app
    await app.aclose()


@pytest.mark.parametrize("status", [400, 404, 409, 429, 500])
async def test_a_status_is_the_tenants_own_refusal_and_nothing_takes_effect(tmp_path: Path, status: int) -> None:
    async with opened(tmp_path, faults=[fault(status)]) as session:
        answer = await session.send("POST", ACTIONS, BODY)
        assert (answer.status_code, answer.json()["statusCode"]) == (status, status)
        assert await names(session) == []


async def test_a_429_says_when_to_come_back(tmp_path: Path) -> None:
    clock = Clock()
    async with opened(tmp_path, faults=[fault(429, seconds=2)], clock=clock) as session:
        answer = await session.send("POST", ACTIONS, BODY)
        assert answer.json()["message"] == "Global limit has been reached"
        assert answer.headers["x-ratelimit-remaining"] == "0"
        assert 1 < int(answer.headers["x-ratelimit-reset"]) - clock.now.timestamp() <= 3


async def test_words_can_be_chosen(tmp_path: Path) -> None:
    words = "A draft must be in the 'built' state before it can be deployed."
    async with opened(tmp_path, faults=[fault(400, message=words)]) as session:
        assert (await session.send("POST", ACTIONS, BODY)).json()["message"] == words


@pytest.mark.parametrize("status", [502, 503, 504])
async def test_a_proxy_answers_in_html(tmp_path: Path, status: int) -> None:
    async with opened(tmp_path, faults=[fault(status)]) as session:
        answer = await session.send("POST", ACTIONS, BODY)
        assert answer.status_code == status
        assert answer.headers["content-type"].startswith("text/html")
        assert f"{status}" in answer.text
        assert await names(session) == []


@pytest.mark.parametrize(("do", "there"), [("drop-before", []), ("drop-after", ["greet"])])
async def test_a_dropped_connection_is_a_transport_error_in_process(tmp_path: Path, do: str, there: list[str]) -> None:
    async with opened(tmp_path, faults=[fault(do)]) as session:
        with pytest.raises(httpx.TransportError):
            await session.send("POST", ACTIONS, BODY)
        assert await names(session) == there


@asynccontextmanager
async def over_a_socket(session: Session, **options: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the session's tenant, served."""
    ready: asyncio.Future[Served] = asyncio.get_running_loop().create_future()
    running = asyncio.create_task(serve(session.tenant, clock=Clock(), ready=ready.set_result, **options))
    served = await ready
    headers = session.client.headers
    async with httpx.AsyncClient(verify=False, base_url=served.url, headers=headers, timeout=0.15) as client:
        yield client
    running.cancel()
    await asyncio.wait({running})


@pytest.mark.parametrize(("do", "there"), [("drop-before", []), ("drop-after", ["greet"])])
@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
async def test_a_dropped_connection_is_a_transport_error_over_a_socket(
    tmp_path: Path, do: str, there: list[str], tls: bool, capfd: pytest.CaptureFixture[str]
) -> None:
    async with opened(tmp_path, faults=[fault(do)]) as session:
        async with over_a_socket(session, tls=tls) as client:
            with pytest.raises(httpx.TransportError):
                await client.post(ACTIONS, json=BODY, timeout=5)
            assert (await client.get(ACTIONS, timeout=5)).status_code == 200
        assert await names(session) == there
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(("do", "there"), [("hang", []), ("slow", ["greet"])])
async def test_a_call_whose_client_gave_up_waiting(
    tmp_path: Path, do: str, there: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    async with opened(tmp_path, faults=[fault(do, seconds=0.3)]) as session:
        async with over_a_socket(session) as client:
            with pytest.raises(httpx.ReadTimeout):
                await client.post(ACTIONS, json=BODY)
        await settled(session)
        assert await names(session) == there
    assert capfd.readouterr().err == ""


async def test_a_server_stops_soon_and_without_a_traceback_whatever_its_faults_hold_back(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reconciler.local.serve._GRACE_SECONDS", 0.1)
    faults = [fault("slow", seconds=600), fault("hang", route=f"GET {ACTIONS}")]
    began = time.monotonic()
    async with opened(tmp_path, faults=faults) as session:
        async with over_a_socket(session) as client:
            slow = asyncio.create_task(client.post(ACTIONS, json=BODY, timeout=60))
            hanging = asyncio.create_task(client.get(ACTIONS, timeout=60))
            await asyncio.sleep(0.1)
        await asyncio.gather(slow, hanging, return_exceptions=True)
    assert time.monotonic() - began < 10
    assert "Traceback" not in capfd.readouterr().err
    async with opened(tmp_path) as session:
        assert await names(session) == ["greet"]


async def test_a_hanging_call_may_be_cut_after_a_while(tmp_path: Path) -> None:
    async with opened(tmp_path, faults=[fault("hang", seconds=0.05)]) as session:
        with pytest.raises(httpx.TransportError):
            await session.send("POST", ACTIONS, BODY)


async def test_a_slow_call_takes_effect_though_its_sender_is_gone(tmp_path: Path) -> None:
    async with opened(tmp_path, faults=[fault("slow", seconds=0.3)]) as session:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(session.send("POST", ACTIONS, BODY), 0.03)
        assert await names(session) == []
        await settled(session)
        assert await names(session) == ["greet"]


async def test_a_slow_call_is_answered_in_the_end(tmp_path: Path) -> None:
    async with opened(tmp_path, faults=[fault("slow", seconds=0.05)]) as session:
        started = time.monotonic()
        assert (await session.send("POST", ACTIONS, BODY)).status_code == 201
        assert time.monotonic() - started >= 0.05


async def test_a_call_that_a_proxy_gave_up_takes_effect_before_the_tenant_closes(tmp_path: Path) -> None:
    async with opened(tmp_path, faults=[fault("give-up", seconds=0.3)]) as session:
        assert (await session.send("POST", ACTIONS, BODY)).status_code == 504
        assert await names(session) == []
    async with opened(tmp_path) as session:
        assert await names(session) == ["greet"]


async def test_only_the_call_that_is_meant_fails(tmp_path: Path) -> None:
    async with opened(tmp_path, faults=[fault(500, call=2)]) as session:
        found = [(await session.send("POST", ACTIONS, {**BODY, "name": f"n{number}"})).status_code for number in "123"]
        assert found == [201, 500, 201]


async def test_of_several_faults_the_first_happens_and_all_count(tmp_path: Path) -> None:
    faults = [fault(500, call=1), fault(502, call=2), fault(409, route="* /api/v2/**", call=3)]
    async with opened(tmp_path, faults=faults) as session:
        found = [(await session.send("POST", ACTIONS, BODY)).status_code for _ in range(4)]
        assert found == [500, 502, 409, 201]


@pytest.mark.parametrize(
    ("route", "method", "path", "matches"),
    [
        ("POST /a/*/deploy", "POST", "/a/1/deploy", True),
        ("POST /a/{id}/deploy", "POST", "/a/1/deploy", True),
        ("POST /a/*/deploy", "POST", "/a/1/2/deploy", False),
        ("POST /a/*/deploy", "GET", "/a/1/deploy", False),
        ("POST|PATCH /a/**", "PATCH", "/a/1/2", True),
        ("* /a/**", "DELETE", "/a/1/2", True),
        ("* /a", "GET", "/a/1", False),
        ("GET /a.b", "GET", "/aXb", False),
    ],
)
def test_a_route_means_what_it_says(route: str, method: str, path: str, matches: bool) -> None:
    assert fault(500, route=route).matches(method, path) is matches


async def test_a_token_can_be_refused_too(tmp_path: Path) -> None:
    async with opened(tmp_path, faults=[fault(503, route="POST /oauth/token", call=2)]) as session:
        answer = await session.client.post("/oauth/token", json=credentials(session.tenant))
        assert answer.status_code == 503


def test_a_faults_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "faults.yaml"
    path.write_text(
        "- {route: POST /api/v2/actions/actions/*/deploy, call: 2, do: drop-after}\n- {route: '* /**', do: 502}\n"
    )
    assert load_faults(path) == (
        Fault(route="POST /api/v2/actions/actions/*/deploy", call=2, do="drop-after"),
        Fault(route="* /**", do=502),
    )


def test_every_mistake_in_a_faults_file_has_its_place(tmp_path: Path) -> None:
    path = tmp_path / "faults.yaml"
    path.write_text("- {route: deploy, do: 502}\n- {route: GET /x, do: explode, call: 0}\n- {rout: GET /x, do: 500}\n")
    with pytest.raises(InvalidInput) as wrong:
        load_faults(path)
    told = [str(each).removeprefix(f"{path}:") for each in wrong.value.diagnostics]
    assert [line.partition(" ")[0] for line in told] == ["1:11:", "2:23:", "2:38:", "3:3:", "3:4:"], told
    assert "must be a method and a path, such as POST" in told[0]


def test_a_faults_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Usage, match=r"none\.yaml cannot be read"):
        load_faults(tmp_path / "none.yaml")
