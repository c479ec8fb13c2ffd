"""Serves the embedded tenant over HTTP, and deletes its state."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from filelock import FileLock, Timeout

from reconciler.catalogue import limits
from reconciler.desired.tenant_documents import LocalTenant
from reconciler.errors import TenantError, Usage
from reconciler.local.login.opening import login_routes
from reconciler.local.node.runtime import NodeHost
from reconciler.local.registered import Registered
from reconciler.local.serve import Served, serve
from reconciler.local.state.store import DATABASE
from reconciler.local.tenant import SERVED_LOCK, open_tenant, reset
from reconciler.npm import Npm, node_executable
from reconciler.run.faults import load_faults
from reconciler.run.look import sound_tenant_document
from reconciler.run.session import registered
from reconciler.run.settled import cancel_on_signals
from reconciler.run.workplace import Workplace
from reconciler.settings import Settings, now


@dataclass(frozen=True)
class Serving:
    """Where and how a tenant is served; `data` holds its state, `packages` the npm packages of its actions. `rate` is a
    plan of the catalogue, or `off`; `faults` the file that says what goes wrong. `registered` are the users and
    applications of its tenant file, None where there is no such file."""

    data: Path
    packages: Path
    host: str
    port: int
    tls: bool
    latency_ms: float
    rate: str
    faults: Path | None
    registered: Registered | None = None


async def serve_tenant(
    settings: Settings, serving: Serving, *, ready: Callable[[Served], None], notify: Callable[[str], None]
) -> None:
    """Serves until SIGINT or SIGTERM; `notify` hears at the end which faults never happened.

    Raises Usage where the folder is being served already, TenantError where the address or the folder cannot be used,
    InvalidInput for a faults file that is wrong.
    """
    faults = load_faults(serving.faults) if serving.faults else ()
    plan = limits.RATE_PLANS.get(serving.rate)
    cancel_on_signals()
    npm = Npm(node=node_executable(), store=serving.packages, environ=settings.environ)
    with _alone(serving.data), contextlib.suppress(asyncio.CancelledError):
        async with (
            NodeHost(node_executable()) as host,
            open_tenant(
                serving.data,
                runner=host,
                install=npm.install,
                clock=now,
                rate=plan,
                faults=faults,
                registered=serving.registered,
                logins=login_routes,
            ) as tenant,
        ):
            try:
                await serve(
                    tenant,
                    clock=now,
                    ready=ready,
                    host=serving.host,
                    port=serving.port,
                    tls=serving.tls,
                    latency_ms=serving.latency_ms,
                )
            finally:
                for fault in tenant.app.unmet:
                    which = f", call {fault.call}" if fault.call else ""
                    notify(f"This fault never happened: {fault.do} at {fault.route}{which}.")


def served_registrations(place: Workplace, tenant: str, *, elsewhere: bool) -> Registered:
    """The users and applications of a tenant that is to be served, its state `elsewhere` than in its usual folder or
    not.

    Raises InvalidInput where tenants/NAME.yaml is missing or broken, Usage where it names a tenant that runs elsewhere.
    """
    document = sound_tenant_document(place, tenant)
    if not isinstance(document, LocalTenant):
        raise Usage(f"The tenant {tenant} is not an embedded one.", "It runs elsewhere already.")
    if document.server and not elsewhere:
        folder = PurePosixPath(document.server).parent
        raise Usage(
            f"The tenant {tenant} is the one that {document.server} leads to.",
            f"Serve that: its own tenant file, or --data {folder}.",
        )
    return registered(document)


def reset_tenant(place: Workplace, tenant: str) -> Path:
    """Deletes the state of that tenant; gives the folder it was in. Raises Usage where there is none, or while it is
    being served."""
    folder = place.tenant_folder(tenant)
    if not (folder / DATABASE).is_file():
        raise Usage(f"{folder} is not the directory of an embedded tenant.", "Name a tenant that has one.")
    with _alone(folder):
        reset(folder)
    return folder


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Holds the folder of a tenant for the time it is served or deleted; the system lets go of it where we are killed.

    Raises Usage where another process holds it, TenantError where the lock cannot be made.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(folder / SERVED_LOCK, timeout=0, mode=0o600)
        lock.acquire()
    except Timeout:
        raise Usage(f"The tenant in {folder} is being served.", "Stop `reconciler tenant serve` first.") from None
    except OSError as error:
        raise TenantError(
            f"The directory {folder} cannot be used: {error.strerror}.", "Name a directory that you may write."
        ) from None
    try:
        yield
    finally:
        lock.release()
