"""What only reads cannot write: tried at the wire, with every way there is to write."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest

from reconciler.auth0.auth import Credentials
from reconciler.auth0.gateway import Endpoint, Gateway, GatewayContext
from reconciler.errors import ReadOnly
from tests.auth0.script import URL, Clock, Script
from tests.engine.worlds import content

TOKEN = httpx.Response(200, json={"access_token": "a-token", "expires_in": 60})
NOTHING = httpx.Response(200, json={"actions": []})

WRITES: dict[str, Callable[[Gateway], Awaitable[object]]] = {
    "create": lambda gateway: gateway.create("greet", content(), None, {}),
    "update_draft": lambda gateway: gateway.update_draft("id", content(), None),
    "deploy": lambda gateway: gateway.deploy("id"),
    "redeploy": lambda gateway: gateway.redeploy("id", "version"),
    "bind": lambda gateway: gateway.bind("post-login", ()),
    "delete": lambda gateway: gateway.delete("id"),
    "run_draft": lambda gateway: gateway.run_draft("id", {}),
}


def tried(script: Script, work: Callable[[Gateway], Awaitable[object]], *, tests: bool = False) -> None:
    async def run() -> None:
        credentials = Credentials(client_id="me", client_secret="hush-hush")
        endpoint = Endpoint(URL, f"{URL}/api/v2/", credentials, transport=script)
        async with GatewayContext(endpoint, agent="test", clock=Clock(), tests=tests) as gateway:
            await work(gateway)

    asyncio.run(run())


@pytest.mark.parametrize("name", WRITES)
def test_a_write_is_refused_before_it_is_sent(name: str) -> None:
    script = Script(TOKEN, NOTHING)
    with pytest.raises(ReadOnly, match="was not sent"):
        tried(script, WRITES[name])
    assert [request.url.path for request in script.asked] in ([], ["/oauth/token"])


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE", "PROPFIND"])
@pytest.mark.parametrize("path", ["/api/v2/actions/actions", "/oauth/token/", "/oauth/revoke"])
def test_whatever_the_method_nothing_but_a_read_goes_out(method: str, path: str) -> None:
    script = Script(TOKEN, NOTHING)
    with pytest.raises(ReadOnly):
        tried(script, lambda gateway: gateway._client.write(method, path))
    assert path not in [request.url.path for request in script.asked]


def test_reading_asks_for_its_token_and_reads() -> None:
    script = Script(TOKEN, NOTHING)
    tried(script, lambda gateway: gateway.read_action_named("greet"))
    assert [request.method for request in script.asked] == ["POST", "GET"]


def test_whoever_asks_for_it_may_run_a_draft() -> None:
    script = Script(TOKEN, httpx.Response(200, json={"payload": {"stats": {}}}))
    tried(script, WRITES["run_draft"], tests=True)
    assert [request.url.path for request in script.asked] == ["/oauth/token", "/api/v2/actions/actions/id/test"]


@pytest.mark.parametrize("name", sorted(WRITES.keys() - {"run_draft"}))
def test_running_drafts_opens_no_way_to_write(name: str) -> None:
    script = Script(TOKEN, NOTHING)
    with pytest.raises(ReadOnly, match="was not sent"):
        tried(script, WRITES[name], tests=True)


@pytest.mark.parametrize("path", ["/id/test/deploy", "/id/versions/test", "/id/test/", "/test"])
def test_only_the_very_path_of_a_test_goes_out(path: str) -> None:
    script = Script(TOKEN, NOTHING)
    with pytest.raises(ReadOnly):
        tried(script, lambda gateway: gateway._client.write("POST", f"/api/v2/actions/actions{path}"), tests=True)
