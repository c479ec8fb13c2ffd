"""A tenant, open: the embedded one inside this process, a served one, or a real one; all over the same client."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import httpx

from reconciler.auth0.auth import Credentials
from reconciler.auth0.gateway import Endpoint, Gateway, GatewayContext
from reconciler.catalogue import limits
from reconciler.desired.secrets import SecretValue
from reconciler.desired.tenant_documents import Auth0Tenant, LocalTenant, TenantDocument
from reconciler.errors import TenantError, Unauthorized, Unreachable
from reconciler.local.node.runtime import NodeHost
from reconciler.local.registered import LoginClient, LoginUser, Registered
from reconciler.local.tenant import TENANT_FILE, EmbeddedTenant, open_tenant
from reconciler.npm import Npm, node_executable
from reconciler.run.workplace import Workplace

TOOL = f"reconciler/{version('reconciler')}"
PACKAGES = "packages"
"""The folder beside a served tenant's state that holds its npm packages, where it was given a folder of its own."""

INSIDE = "http://embedded.tenant"
"""The name of a tenant that is not on any network; nothing resolves it."""


@dataclass(frozen=True)
class Session:
    """An open tenant."""

    gateway: Gateway

    async def build_error(self, action_id: str) -> str:
        """Why a draft failed to build, as the tenant log has it; empty where it does not tell, as the platform never
        does. The embedded tenant writes a failed operation (`fapi`) that names the action."""
        try:
            entries = await self.gateway.read_logs(limits.LOGS_PER_PAGE)
        except TenantError:
            return ""  # the failed build is what has to be told, not that its reason may not be read
        for entry in entries:
            details = entry.get("details") or {}
            if entry.get("type") == "fapi" and details.get("action_id") == action_id:
                return str((details.get("error") or {}).get("message") or "")
        return ""


@asynccontextmanager
async def open_session(
    place: Workplace, name: str, document: TenantDocument, *, writes: bool = False, tests: bool = False
) -> AsyncIterator[Session]:
    """The tenant that the document describes; closed, with its Node host, at the end. It is open for reading only,
    unless it is asked for `writes`, or for `tests` of drafts."""
    if isinstance(document, LocalTenant) and not document.server:
        async with (
            open_embedded(place, name, document) as embedded,
            GatewayContext(inside(embedded), agent=TOOL, clock=place.clock, writes=writes, tests=tests) as gateway,
        ):
            yield Session(gateway)
        return
    outside = _outside(place, document)
    async with GatewayContext(outside, agent=TOOL, clock=place.clock, writes=writes, tests=tests) as gateway:
        yield Session(gateway)


def identity(place: Workplace, name: str, document: TenantDocument) -> str:
    """What the tenant is, however a repository calls it: its domain, or the folder of its state."""
    if isinstance(document, Auth0Tenant):
        return document.domain.lower()
    folder = (place.repository.folder / document.server).parent if document.server else place.tenant_folder(name)
    return str(folder.resolve())


@asynccontextmanager
async def open_embedded(place: Workplace, name: str, document: LocalTenant) -> AsyncIterator[EmbeddedTenant]:
    """The embedded tenant of that name with a Node host of its own, which starts with the first run.

    A tenant that is served is opened beside its server: both work on the same folder.
    """
    folder, npm = place.tenant_folder(name), place.npm
    if document.server:
        folder = (place.repository.folder / document.server).parent
        if not (folder / TENANT_FILE).is_file():
            raise _not_served(folder / TENANT_FILE)
        if (folder / PACKAGES).is_dir():
            npm = Npm(node=node_executable(), store=folder / PACKAGES, environ=place.settings.environ)
    async with (
        NodeHost(node_executable()) as host,
        open_tenant(folder, runner=host, install=npm.install, clock=place.clock) as embedded,
    ):
        yield embedded


def registered(document: LocalTenant) -> Registered:
    """The users and applications that a tenant file declares."""
    return Registered(
        users=tuple(LoginUser(**dict(user)) for user in document.users),
        clients=tuple(LoginClient(**dict(client)) for client in document.clients),
    )


def inside(embedded: EmbeddedTenant) -> Endpoint:
    """How the client reaches a tenant inside this process."""
    audience = f"{INSIDE}/api/v2/"
    return Endpoint(
        url=INSIDE,
        audience=audience,
        credentials=Credentials(access_token=embedded.management_token(audience)),
        transport=httpx.ASGITransport(app=embedded.app),
    )


def _outside(place: Workplace, document: TenantDocument) -> Endpoint:
    if isinstance(document, Auth0Tenant):
        return _auth0(place, document)
    endpoint = _served(place.repository.folder / document.server)
    place.learn({f"the client of {document.server}": SecretValue(endpoint.credentials.client_secret)})
    return endpoint


def _auth0(place: Workplace, document: Auth0Tenant) -> Endpoint:
    names, environ = document.credentials, place.settings.environ
    held = {name: environ.get(name, "") for name in (names.client_secret, names.private_key, names.access_token)}
    place.learn({name: SecretValue(value) for name, value in held.items()})
    credentials = Credentials(
        client_id=environ.get(names.client_id, ""),
        client_secret=held[names.client_secret],
        private_key=held[names.private_key],
        access_token=held[names.access_token],
    )
    if not credentials.usable:
        raise Unauthorized(
            f"There are no credentials for {document.domain} in the environment.",
            f"Set {names.access_token}, or {names.client_id} with {names.client_secret} or {names.private_key} "
            "(in a pipeline: secrets of the job's environment).",
        )
    return Endpoint(
        url=f"https://{document.domain}",
        audience=f"https://{document.domain}/api/v2/",
        credentials=credentials,
        ca=str(place.repository.folder / document.ca) if document.ca else "",
    )


def _served(path: Path) -> Endpoint:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return Endpoint(
            url=told["url"],
            audience=f"{told['url']}/api/v2/",
            credentials=Credentials(client_id=told["client_id"], client_secret=told["client_secret"]),
            ca=told["ca"] or "",
            direct=True,
        )
    except OSError as missing:
        raise _not_served(path) from missing
    except (ValueError, KeyError, TypeError) as broken:
        raise TenantError(f"{path} is not a tenant.json.", "Start `reconciler tenant serve` again.") from broken


def _not_served(path: Path) -> Unreachable:
    return Unreachable(
        f"No tenant is served: {path} cannot be read.",
        "Start `reconciler tenant serve`, for the tenant whose folder the tenant file's `server` names.",
    )
