"""`reconciler login`."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli.options import event_option, format_option, repository_option, tenant_option
from reconciler.cli.trigger import Asked, continue_options, fired, pairs
from reconciler.cli.working import event_overlay
from reconciler.errors import Usage
from reconciler.run.fire import LOGIN


@click.command()
@click.option("--user", metavar="EMAIL", help="Who logs in, a user of the tenant (default: the sample event's).")
@continue_options
@repository_option
@tenant_option
@event_option
@format_option("json")
def command(
    user: str | None,
    state: str | None,
    returned: tuple[str, ...],
    repo: Path | None,
    tenant: str | None,
    event: Path | None,
    form: str,
) -> int:
    """Let a user log in to the embedded tenant.

    The bound actions run in order, on the network and with their secrets, and the tenant log gets an entry. What they
    write of a user whom the tenant file or a sign-up made is there at the next login. A login that sends the user
    elsewhere waits for an hour: go on with --continue.
    """
    overlay = event_overlay(event)
    if user and state is not None:
        raise Usage("--user says who begins a login.", "Leave it out with --continue: the user is the one who began.")
    if user and not isinstance(overlay.get("user") or {}, dict):
        raise Usage(f"user is no mapping in {event}.", "Give a user such as {email: ada@example.com}.")
    asked = Asked(LOGIN, overlay, user=user or "", state=state, returned=pairs(state, returned))
    return fired(asked, repo, tenant, form)
