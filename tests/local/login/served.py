"""A served tenant for the tests of logins: real Node, real HTTP on loopback, two users and a few applications."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import KeySet

from reconciler.local.login.opening import login_routes
from reconciler.local.node.job import Runner
from reconciler.local.node.runtime import NodeHost
from reconciler.local.registered import GRANTS, LoginClient, LoginUser, Registered
from reconciler.local.serve import Served, serve
from reconciler.local.tenant import EmbeddedTenant, open_tenant
from reconciler.npm import node_executable
from tests.local.tenant.opened import no_packages

CALLBACK = "http://127.0.0.1:9/callback"
PASSWORD = "correct horse"
API = "https://api.acme.example/orders"
CLAIM = "https://acme.example/plan"

ADA = LoginUser(
    email="ada@example.com",
    password=PASSWORD,
    name="Ada Lovelace",
    email_verified=True,
    roles=("buyer",),
    app_metadata={"plan": "gold"},
)
BLOCKED = LoginUser(email="blocked@example.com", password=PASSWORD, blocked=True)
WEB = LoginClient(
    client_id="web",
    name="Acme Webshop",
    client_secret="web-secret-of-tests",
    callbacks=(CALLBACK, "http://127.0.0.1:9/other"),
    logout_urls=("http://127.0.0.1:9/bye",),
    grant_types=GRANTS,
    metadata={"team": "storefront"},
)
SPA = LoginClient(client_id="spa", name="Acme Cart", callbacks=(CALLBACK,))
EVERYBODY = Registered(users=(ADA, BLOCKED), clients=(WEB, SPA))

TRIGGERS = {"post-login": "v3", "custom-token-exchange": "v1"}


@dataclass
class Place:
    """A served tenant, and a client of its Management API."""

    tenant: EmbeddedTenant
    served: Served
    http: httpx.AsyncClient
    headers: dict[str, str] = field(default_factory=dict)
    surfers: list[Surfer] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.served.url

    def surfer(self) -> Surfer:
        """A browser with no cookies yet."""
        self.surfers.append(Surfer(self))
        return self.surfers[-1]

    async def token(self, **fields: str) -> httpx.Response:
        """What `/oauth/token` answers the web application."""
        return await self.http.post(f"{self.url}/oauth/token", data={**secret_of(WEB), **fields})

    async def read(self, token: str) -> dict[str, Any]:
        """The claims of a token, verified against the key set that the discovery document names."""
        found = (await self.http.get(f"{self.url}/.well-known/openid-configuration")).json()
        keys = KeySet.import_key_set((await self.http.get(found["jwks_uri"])).json())
        decoded = jwt.decode(token, keys, algorithms=["RS256"])
        assert decoded.header["kid"]
        return decoded.claims

    async def act(
        self,
        code: str,
        *,
        trigger: str = "post-login",
        name: str = "act",
        bind: bool = True,
        secrets: Mapping[str, str] | None = None,
    ) -> None:
        """Makes that code the flow of the trigger, or adds to it where the name is another one."""
        trigger_version = {"id": trigger, "version": TRIGGERS.get(trigger, "v2")}
        body = {"name": name, "supported_triggers": [trigger_version], "code": code, "runtime": "node22"}
        body["secrets"] = [{"name": key, "value": value} for key, value in (secrets or {}).items()]
        made = await self._api("POST", "/actions/actions", body)
        path = f"/actions/actions/{made['id']}"
        while (await self._api("GET", path))["status"] != "built":
            await asyncio.sleep(0.002)
        await self._api("POST", f"{path}/deploy", {})
        while (await self._api("GET", path)).get("deployed_version", {}).get("status") != "built":
            await asyncio.sleep(0.002)
        if bind:
            ref = {"type": "action_name", "value": name}
            bound = (await self._api("GET", f"/actions/triggers/{trigger}/bindings"))["bindings"]
            refs = [{"type": "action_name", "value": each["action"]["name"]} for each in bound]
            await self._api(
                "PATCH", f"/actions/triggers/{trigger}/bindings", {"bindings": [{"ref": each} for each in [*refs, ref]]}
            )

    async def logs(self) -> list[dict[str, Any]]:
        """The entries of logins, the oldest first; those of the Management API left out."""
        entries: list[dict[str, Any]] = await self._api("GET", "/logs?per_page=100")
        return [entry for entry in reversed(entries) if entry["type"] != "sapi"]

    async def codes(self) -> list[str]:
        return [entry["type"] for entry in await self.logs()]

    async def _api(self, method: str, path: str, body: Any = None) -> Any:
        answer = await self.http.request(method, f"{self.url}/api/v2{path}", json=body, headers=self.headers)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None


@contextlib.asynccontextmanager
async def place(
    directory: Path, registered: Registered = EVERYBODY, *, runner: Runner | None = None, **options: Any
) -> AsyncIterator[Place]:
    """A tenant that is served on loopback, with a Node host unless another runner is given."""
    async with (
        NodeHost(node_executable()) as host,
        open_tenant(
            directory / "local",
            runner=runner or host,
            install=no_packages,
            clock=now,
            registered=registered,
            logins=login_routes,
        ) as tenant,
        _running(tenant, **options) as served,
        httpx.AsyncClient(verify=False) as http,
    ):
        found = Place(tenant, served, http)
        own = {"client_id": served.client_id, "client_secret": served.client_secret}
        asked = {"grant_type": "client_credentials", "audience": f"{served.url}/api/v2/", **own}
        token = (await http.post(f"{served.url}/oauth/token", data=asked)).json()["access_token"]
        found.headers["Authorization"] = f"Bearer {token}"
        try:
            yield found
        finally:
            for surfer in found.surfers:
                await surfer.http.aclose()


@contextlib.asynccontextmanager
async def _running(tenant: EmbeddedTenant, **options: Any) -> AsyncIterator[Served]:
    ready: asyncio.Future[Served] = asyncio.get_running_loop().create_future()
    running = asyncio.create_task(serve(tenant, clock=now, ready=ready.set_result, **options))
    waiting: set[asyncio.Future[Any]] = {running, ready}
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    try:
        yield ready.result()
    finally:
        running.cancel()
        await asyncio.wait({running})


def now() -> datetime:
    return datetime.now(UTC)


class Surfer:
    """A browser without scripts: it keeps cookies, follows redirects inside the tenant and sends forms."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.http = httpx.AsyncClient(base_url=place.url, verify=False)
        self.page: httpx.Response | None = None

    async def open(self, url: str) -> httpx.Response:
        """The page at the end of the redirects, or the redirect that leads away from the tenant."""
        return await self._followed(await self.http.get(url))

    async def authorize(self, client_id: str = "web", **more: str) -> httpx.Response:
        query = {
            "response_type": "code",
            "client_id": client_id,
            "redirect_uri": CALLBACK,
            "scope": "openid profile email",
            "state": "xyz",
            **more,
        }
        return await self._followed(await self.http.get("/authorize", params={k: v for k, v in query.items() if v}))

    async def send(self, path: str, **fields: str) -> httpx.Response:
        """Sends the form of the page that is open: the transaction is in its address."""
        assert self.page is not None
        state = dict(parse_qsl(self.page.url.query.decode())).get("state", "")
        return await self._followed(await self.http.post(path, data={"state": state, **fields}))

    async def sign_in(self, email: str = ADA.email, password: str = PASSWORD) -> httpx.Response:
        return await self.send("/u/login", email=email, password=password)

    async def code(self, **more: str) -> str:
        """The code of a login with the password."""
        await self.authorize(**more)
        return fields_of(await self.sign_in())["code"]

    async def _followed(self, answer: httpx.Response) -> httpx.Response:
        while answer.is_redirect:
            target = answer.headers["location"]
            if not (target.startswith("/") or target.startswith(self.place.url)):
                return answer
            answer = await self.http.get(target)
        if answer.request.method == "GET":
            self.page = answer
        return answer


def fields_of(answer: httpx.Response) -> dict[str, str]:
    """What a redirect to the application carries."""
    assert answer.is_redirect, answer.text
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def challenge_of(verifier: str) -> str:
    """The S256 challenge of PKCE (RFC 7636, section 4.2)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def secret_of(client: LoginClient) -> Mapping[str, str]:
    return {"client_id": client.client_id, "client_secret": client.client_secret}
