from __future__ import annotations

import asyncio
import json
import socket
import ssl
import stat
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from auth0.management import ActionTrigger, ManagementClient

from reconciler.errors import TenantError
from reconciler.local.certificates import served_certificates
from reconciler.local.login.opening import login_routes
from reconciler.local.serve import Served, serve
from reconciler.local.tenant import EmbeddedTenant, open_tenant
from tests.local.tenant.opened import CODE, Clock, Scripted, no_packages

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def _tenant(directory: Path) -> AsyncIterator[EmbeddedTenant]:
    async with open_tenant(
        directory, runner=Scripted(), install=no_packages, clock=Clock(), logins=login_routes
    ) as tenant:
        yield tenant


@asynccontextmanager
async def _served(directory: Path, **options: Any) -> AsyncIterator[Served]:
    async with _tenant(directory) as tenant:
        ready: asyncio.Future[Served] = asyncio.get_running_loop().create_future()
        running = asyncio.create_task(serve(tenant, clock=_now, ready=ready.set_result, **options))
        waiting: set[asyncio.Future[Any]] = {running, ready}
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            await running
        try:
            yield ready.result()
        finally:
            running.cancel()
            await asyncio.wait({running})
            assert running.cancelled()


def _now() -> datetime:
    return datetime.now(UTC)


async def _token(served: Served, client: httpx.AsyncClient) -> httpx.Response:
    body = {
        "grant_type": "client_credentials",
        "client_id": served.client_id,
        "client_secret": served.client_secret,
        "audience": f"{served.url}/api/v2/",
    }
    return await client.post(f"{served.url}/oauth/token", data=body)


async def test_a_served_tenant_answers_and_says_where_it_is(tmp_path: Path) -> None:
    async with _served(tmp_path) as served:
        path = tmp_path / "tenant.json"
        told = json.loads(path.read_text())
        assert told == {
            "url": served.url,
            "ca": None,
            "client_id": served.client_id,
            "client_secret": served.client_secret,
        }
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert served.url.startswith("http://127.0.0.1:")
        assert served.client_secret not in repr(served)
        async with httpx.AsyncClient() as client:
            token = (await _token(served, client)).json()["access_token"]
            headers = {"Authorization": f"Bearer {token}"}
            response = await client.get(f"{served.url}/api/v2/actions/actions", headers=headers)
            assert response.json() == {"actions": [], "per_page": 100}
    assert not (tmp_path / "tenant.json").exists()
    with pytest.raises(httpx.ConnectError):
        httpx.get(served.url)


async def test_with_tls_the_local_authority_is_trusted_and_files_are_reused(tmp_path: Path) -> None:
    async with _served(tmp_path, tls=True) as served:
        assert served.ca
        context = ssl.create_default_context(cafile=served.ca)
        port = served.url.rpartition(":")[2]
        async with httpx.AsyncClient(verify=context) as client:
            for host in ("127.0.0.1", "localhost"):
                assert (await client.get(f"https://{host}:{port}/")).status_code == 404
        files = {path: path.read_bytes() for path in (tmp_path / "tls").iterdir()}
        assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    async with _served(tmp_path, tls=True):
        assert {path: path.read_bytes() for path in files} == files


async def test_certificates_are_made_anew_before_they_end_or_for_another_host(tmp_path: Path) -> None:
    first = served_certificates(tmp_path / "tls", "127.0.0.1", _now())
    authority, chain = first.authority.read_bytes(), first.chain.read_bytes()
    served_certificates(tmp_path / "tls", "tenant.test", _now())
    assert first.authority.read_bytes() == authority
    named = first.chain.read_bytes()
    assert named != chain
    served_certificates(tmp_path / "tls", "tenant.test", _now() + timedelta(days=380))
    assert first.chain.read_bytes() != named
    first.chain.write_text("nonsense")
    with pytest.raises(TenantError, match="damaged"):
        served_certificates(tmp_path / "tls", "127.0.0.1", _now())


async def test_a_port_that_is_taken_is_a_clear_error(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(TenantError, match=f"cannot be served at 127.0.0.1 port {port}: Address already in use"):
            async with _served(tmp_path, port=port):
                raise AssertionError("it was served")


@pytest.mark.parametrize(("host", "port"), [("203.0.113.1", 0), ("127.0.0.1", 70_000), ("no.such.host.invalid", 0)])
async def test_an_address_that_is_not_ours_is_a_clear_error(tmp_path: Path, host: str, port: int) -> None:
    with pytest.raises(TenantError, match="cannot be served"):
        async with _served(tmp_path, host=host, port=port):
            raise AssertionError("it was served")


async def test_serving_stops_soon_though_a_client_stays_connected(tmp_path: Path) -> None:
    async with httpx.AsyncClient(verify=False) as client:
        async with _served(tmp_path, tls=True) as served:
            await client.get(served.url)
            started = time.monotonic()
        assert time.monotonic() - started < 4


async def test_latency_is_added_to_every_request(tmp_path: Path) -> None:
    async with _served(tmp_path, latency_ms=80) as served, httpx.AsyncClient() as client:
        started = time.monotonic()
        await asyncio.gather(*(client.get(served.url) for _ in range(5)))
        assert 0.08 <= time.monotonic() - started < 0.4


async def test_the_official_sdk_creates_deploys_binds_and_lists_over_https(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with _served(tmp_path, tls=True) as served:
        assert served.ca
        monkeypatch.setenv("SSL_CERT_FILE", served.ca)
        names, bound = await asyncio.to_thread(_by_sdk, served)
        assert names == ["greet"]
        assert bound == ["greet"]


def _by_sdk(served: Served) -> tuple[list[str | None], list[Any]]:
    domain = served.url.removeprefix("https://")
    with httpx.Client() as own:
        client = ManagementClient(
            domain=domain, client_id=served.client_id, client_secret=served.client_secret, httpx_client=own
        )
        trigger = ActionTrigger(id="post-login", version="v3")
        created = client.actions.create(name="greet", supported_triggers=[trigger], code=CODE)
        assert created.id
        client.actions.deploy(created.id)
        reference: Any = {"ref": {"type": "action_id", "value": created.id}}
        client.actions.triggers.bindings.update_many("post-login", bindings=[reference])
        flow = client.actions.triggers.bindings.list("post-login")
        return [action.name for action in client.actions.list()], [each.action.name for each in flow if each.action]
