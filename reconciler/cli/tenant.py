"""`reconciler tenant`."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import click

from reconciler.catalogue.limits import RATE_PLANS
from reconciler.cli.console import stderr, stdout
from reconciler.cli.options import repository_option, tenant_option
from reconciler.cli.working import workplace
from reconciler.local.registered import Registered
from reconciler.local.serve import Served, is_loopback
from reconciler.run.serve import Serving, reset_tenant, serve_tenant, served_registrations
from reconciler.run.session import PACKAGES
from reconciler.settings import process_settings

PORT = 4477


@click.group()
def command() -> None:
    """Serve or reset the embedded tenant."""


@command.command()
@repository_option
@tenant_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="0 picks a free one.")
@click.option("--tls", is_flag=True, help="Speak https, with a certificate authority of its own below the data.")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Folder of the tenant's state.")
@click.option("--latency-ms", type=click.FloatRange(min=0), default=0.0, help="Wait this long before each answer.")
@click.option(
    "--rate",
    type=click.Choice([*RATE_PLANS, "off"]),
    default="enterprise",
    show_default=True,
    help="Answer 429 as the Management API does on that plan.",
)
@click.option(
    "--faults",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="YAML file of what goes wrong, as told above.",
)
def serve(
    repo: Path | None,
    tenant: str | None,
    host: str,
    port: int,
    tls: bool,
    data: Path | None,
    latency_ms: float,
    rate: str,
    faults: Path | None,
) -> None:
    """Serve the tenant until stopped.

    How to reach it is written to tenant.json in its folder, readable only for you.
    Users and applications of its tenant file can log in by OpenID Connect; with
    --data they come from the file of --tenant, where that is given too.

    \b
    A faults file is a list; `call` counts the calls of a route, every one is
    meant without it:
      - route: POST /api/v2/actions/actions/*/deploy   # or "* /api/v2/**"
        call: 2
        do: drop-after
        seconds: 3
    `do` is a status from 400 to 504 (502 to 504 as a proxy answers), hang,
    drop-before or drop-after (the connection is cut before or after it took
    effect), slow (after `seconds`), or give-up (504 now, effect later).
    """
    folder, packages = (data, data / PACKAGES) if data else _folders(repo, tenant)
    declared = None if data and not (repo or tenant) else _registered(repo, tenant, elsewhere=data is not None)
    serving = Serving(folder, packages, host, port, tls, latency_ms, rate, faults, declared)

    def ready(served: Served) -> None:
        stdout().print(f"Serving {served.url}; how to get in is in {folder / 'tenant.json'}. Ctrl-C stops it.")
        if served.ca:
            stdout().print(f"Its certificate is signed by {served.ca}; clients have to trust that.")
        if declared and declared.clients:
            names = ", ".join(client.client_id for client in declared.clients)
            stdout().print(f"Logins: issuer {served.url}/, applications {names}.")
        if not is_loopback(host):
            _warn("whoever reaches this machine can log in: its test users are no secret.")

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve_tenant(process_settings(), serving, ready=ready, notify=_warn))


@command.command()
@repository_option
@tenant_option
@click.option("--yes", is_flag=True, help="Do not ask.")
def reset(repo: Path | None, tenant: str | None, yes: bool) -> None:
    """Delete the state of the embedded tenant."""
    with workplace(repo) as place:
        name = place.tenant_name(tenant)
        if not yes:
            click.confirm(f"Delete every action, version and log entry of the embedded tenant {name}?", abort=True)
        stdout().print(f"Deleted {reset_tenant(place, name)}.")


def _warn(what: str) -> None:
    stderr().print(f"warning: {what}", style="yellow")


def _registered(repo: Path | None, tenant: str | None, *, elsewhere: bool) -> Registered:
    with workplace(repo) as place:
        return served_registrations(place, place.tenant_name(tenant), elsewhere=elsewhere)


def _folders(repo: Path | None, tenant: str | None) -> tuple[Path, Path]:
    with workplace(repo) as place:
        return place.tenant_folder(place.tenant_name(tenant)), place.npm.store
