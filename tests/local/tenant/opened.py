"""An open tenant for tests: a real one in a temporary directory, reached over ASGI, with a stand-in for Node and for
npm."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from reconciler.catalogue.limits import RatePlan
from reconciler.local.login.opening import login_routes
from reconciler.local.means import ModulesMode
from reconciler.local.node.job import Install, Job, Runner
from reconciler.local.state.builder import unfinished_builds
from reconciler.local.tenant import EmbeddedTenant, open_tenant
from reconciler.local.wire.faults import Fault
from reconciler.model.execution import Execution

BASE = "https://tenant.test"
ACTIONS = "/api/v2/actions/actions"
FLOW = "/api/v2/actions/triggers/post-login/bindings"
LOGS = "/api/v2/logs"
MODULES = "/api/v2/actions/modules"
CODE = "exports.onExecutePostLogin = async (event, api) => {};"
SHARED = "exports.greet = () => 'hello';"
POST_LOGIN = [{"id": "post-login", "version": "v3"}]


class Clock:
    """A clock that ticks a tenth of a second whenever it is looked at, and can be set forward."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 8, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=100)
        return self.now


@dataclass
class Scripted:
    """A runner that gives what it was told to give for an action of that name, and keeps the jobs it got."""

    script: dict[str, Callable[[Job], Execution]] = field(default_factory=dict)
    jobs: list[Job] = field(default_factory=list)

    async def run(self, job: Job) -> Execution:
        self.jobs.append(job)
        told = self.script.get(job.action)
        return told(job) if told else Execution(action=job.action, handler=job.handler, duration_ms=3.4)


@dataclass
class Session:
    """An open tenant and a client with a token for it."""

    tenant: EmbeddedTenant
    client: httpx.AsyncClient

    async def send(self, method: str, path: str, body: Any = None, **query: Any) -> httpx.Response:
        return await self.client.request(method, path, json=body, params=query)

    async def answer(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """The body of a successful answer."""
        response = await self.send(method, path, body, **query)
        assert response.is_success, response.text
        return response.json() if response.content else None

    async def create(self, name: str, **fields: Any) -> dict[str, Any]:
        body = {"name": name, "supported_triggers": POST_LOGIN, "code": CODE, **fields}
        created: dict[str, Any] = await self.answer("POST", ACTIONS, body)
        return created

    async def get(self, action_id: str) -> dict[str, Any]:
        shown: dict[str, Any] = await self.answer("GET", f"{ACTIONS}/{action_id}")
        return shown

    async def deploy(self, action_id: str) -> dict[str, Any]:
        version: dict[str, Any] = await self.answer("POST", f"{ACTIONS}/{action_id}/deploy")
        return version

    async def deployed(self, name: str, **fields: Any) -> dict[str, Any]:
        created = await self.create(name, **fields)
        await self.built()
        await self.deploy(created["id"])
        return await self.get(created["id"])

    async def module(self, name: str, **fields: Any) -> dict[str, Any]:
        created: dict[str, Any] = await self.answer("POST", MODULES, {"name": name, "code": SHARED, **fields})
        return created

    async def publish(self, module_id: str) -> dict[str, Any]:
        version: dict[str, Any] = await self.answer("POST", f"{MODULES}/{module_id}/versions")
        return version

    async def published(self, name: str, **fields: Any) -> dict[str, str]:
        """A module with a version, as an action refers to it."""
        created = await self.module(name, publish=True, **fields)
        return {"module_id": created["id"], "module_version_id": created["latest_version"]["id"]}

    async def bind(self, *names: str) -> Any:
        bindings = [{"ref": {"type": "action_name", "value": name}} for name in names]
        return await self.answer("PATCH", FLOW, {"bindings": bindings})

    async def built(self) -> None:
        """Waits until no build is on."""
        while await self.tenant.store.read(unfinished_builds):
            await asyncio.sleep(0.001)


async def no_packages(wanted: Mapping[str, str]) -> Path:
    return Path("/nowhere")


@asynccontextmanager
async def opened(
    directory: Path,
    *,
    runner: Runner | None = None,
    install: Install = no_packages,
    clock: Callable[[], datetime] | None = None,
    scope: str = "",
    modules: ModulesMode = "on",
    rate: RatePlan | None = None,
    faults: Sequence[Fault] = (),
) -> AsyncIterator[Session]:
    """A session with a tenant in that directory; `scope` asks for fewer scopes."""
    async with (
        open_tenant(
            directory,
            runner=runner or Scripted(),
            install=install,
            clock=clock or Clock(),
            modules=modules,
            rate=rate,
            faults=faults,
            logins=login_routes,
        ) as tenant,
        httpx.AsyncClient(transport=httpx.ASGITransport(app=tenant.app), base_url=BASE) as client,
    ):
        response = await client.post("/oauth/token", json=credentials(tenant, scope=scope))
        client.headers["Authorization"] = f"Bearer {response.json()['access_token']}"
        yield Session(tenant, client)


def credentials(tenant: EmbeddedTenant, **more: str) -> dict[str, str]:
    """The fields of a token request."""
    own = {
        "grant_type": "client_credentials",
        "client_id": tenant.client_id,
        "client_secret": tenant.client_secret,
        "audience": f"{BASE}/api/v2/",
    }
    return own | {key: value for key, value in more.items() if value}
