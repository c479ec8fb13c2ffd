"""`reconciler login`."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli.options import event_option, format_option, repository_option, tenant_option
from reconciler.cli.trigger import fired
from reconciler.cli.working import event_overlay
from reconciler.errors import Usage
from reconciler.run.fire import LOGIN


@click.command()
@click.option("--user", metavar="EMAIL", help="Who logs in (default: the user of the sample event).")
@repository_option
@tenant_option
@event_option
@format_option("json")
def command(user: str | None, repo: Path | None, tenant: str | None, event: Path | None, form: str) -> int:
    """Let a user log in to the embedded tenant.

    The bound actions run in order, on the network and with their secrets, and the tenant log gets an entry.
    """
    overlay = event_overlay(event)
    if user:
        told = overlay.get("user") or {}
        if not isinstance(told, dict):
            raise Usage(f"user is no mapping in {event}.", "Give a user such as {email: ada@example.com}.")
        overlay = {**overlay, "user": {**told, "email": user}}
    return fired(LOGIN, overlay, repo, tenant, form)
