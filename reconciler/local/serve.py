"""Serves an open tenant over a socket, with uvicorn."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from reconciler.errors import TenantError
from reconciler.local.certificates import Certificates, served_certificates
from reconciler.local.keys import write_private
from reconciler.local.tenant import CERTIFICATES, TENANT_FILE, EmbeddedTenant
from reconciler.local.wire.faults import DROP, gone

LOOPBACK = "127.0.0.1"
_GRACE_SECONDS = 2
_POLL_SECONDS = 0.01


@dataclass(frozen=True)
class Served:
    """Where a tenant is served, as tenant.json holds it: `ca` is the path of what to trust, None without TLS."""

    url: str
    ca: str | None
    client_id: str
    client_secret: str = field(repr=False)


async def serve(
    tenant: EmbeddedTenant,
    *,
    clock: Callable[[], datetime],
    ready: Callable[[Served], None],
    host: str = LOOPBACK,
    port: int = 0,
    tls: bool = False,
    latency_ms: float = 0,
) -> None:
    """Serves until it is cancelled; `ready` is called once the socket answers.

    Port 0 picks a free one. `tls` makes a local certificate authority in the tenant's directory, or uses the one there.
    `latency_ms` is added to every request. While it serves, tenant.json (mode 0600) in the tenant's directory says
    where and with which credentials. TenantError where the port is taken, the host is not this machine's, or a file
    cannot be written.
    """
    certificates = served_certificates(tenant.directory / CERTIFICATES, host, clock()) if tls else None
    with contextlib.closing(_bound(host, port)) as bound:
        served = _served(tenant, host, bound.getsockname()[1], certificates)
        server = _Server(_delayed(tenant.app, latency_ms / 1000), certificates)
        running = asyncio.create_task(server.serve(sockets=[bound]))
        try:
            while not server.started and not running.done():
                await asyncio.sleep(_POLL_SECONDS)
            if not running.done():
                _write_tenant_file(tenant.directory, served)
                ready(served)
            await asyncio.shield(running)
        finally:
            server.should_exit = True
            await running
            _drop_connections(server)
            _remove_tenant_file(tenant.directory, served)


class _Server(uvicorn.Server):
    """Leaves the signals to whoever runs the loop: SIGINT cancels `serve`, which then stops in good order. The app may
    cut the connection of a request."""

    def __init__(self, app: ASGIApp, certificates: Certificates | None) -> None:
        super().__init__(_config(self._droppable(app), certificates))

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    def _droppable(self, app: ASGIApp) -> ASGIApp:
        async def with_drop(scope: Scope, receive: Receive, send: Send) -> None:
            scope.setdefault("extensions", {})[DROP] = lambda: self._drop(scope)
            try:
                await app(scope, receive, send)
            except asyncio.CancelledError:  # the server is stopping and has waited long enough
                self._drop(scope)
                await gone(receive)

        return with_drop

    def _drop(self, scope: Scope) -> None:
        for connection in tuple(self.server_state.connections):
            if isinstance(connection, H11Protocol) and connection.scope is scope:
                connection.transport.abort()


def _drop_connections(server: uvicorn.Server) -> None:
    """Ends what is still open: a TLS client that does not say goodbye would keep its connection half a minute."""
    for connection in tuple(server.server_state.connections):
        if isinstance(connection, H11Protocol):
            connection.transport.abort()


def _config(app: ASGIApp, certificates: Certificates | None) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        ssl_certfile=str(certificates.chain) if certificates else None,
        ssl_keyfile=str(certificates.key) if certificates else None,
    )


def _delayed(app: ASGIApp, seconds: float) -> ASGIApp:
    async def delayed(scope: Scope, receive: Receive, send: Send) -> None:
        if seconds > 0 and scope["type"] == "http":
            await asyncio.sleep(seconds)
        await app(scope, receive, send)

    return delayed


def _bound(host: str, port: int) -> socket.socket:
    try:
        if not 0 <= port <= 65_535:
            raise OverflowError("a port is a number up to 65535")  # getaddrinfo would take it modulo 65536
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, kind, protocol)
    except (OSError, OverflowError) as error:
        raise _unusable(host, port, error) from None
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen(128)  # so that a second server on the same port is refused now, not later
    except OSError as error:
        bound.close()
        raise _unusable(host, port, error) from None
    return bound


def _unusable(host: str, port: int, error: Exception) -> TenantError:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return TenantError(
        f"The tenant cannot be served at {host} port {port}: {reason}.",
        "Name another --host or --port; --port 0 picks a free one.",
    )


def _served(tenant: EmbeddedTenant, host: str, port: int, certificates: Certificates | None) -> Served:
    scheme = "https" if certificates else "http"
    return Served(
        url=f"{scheme}://{_reachable(host)}:{port}",
        ca=str(certificates.authority.absolute()) if certificates else None,
        client_id=tenant.client_id,
        client_secret=tenant.client_secret,
    )


def is_loopback(host: str) -> bool:
    """Whether an address is reached from this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _reachable(host: str) -> str:
    """The host as a URL names it: an address that means every interface is reached over loopback."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.is_unspecified:
        return "[::1]" if address.version == 6 else LOOPBACK
    return f"[{host}]" if address.version == 6 else host


def _write_tenant_file(directory: Path, served: Served) -> None:
    try:
        write_private(directory / TENANT_FILE, json.dumps(asdict(served), indent=2).encode())
    except OSError as error:
        raise TenantError(
            f"{directory / TENANT_FILE} cannot be written: {error.strerror}.", "Give yourself the right to write there."
        ) from None


def _remove_tenant_file(directory: Path, served: Served) -> None:
    """Takes the file away, unless another server of the same tenant has written its own."""
    path = directory / TENANT_FILE
    with contextlib.suppress(OSError, ValueError):
        if json.loads(path.read_bytes())["url"] == served.url:
            path.unlink()
