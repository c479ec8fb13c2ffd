"""`reconciler invoke`."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from reconciler.cli.console import print_json, stdout
from reconciler.cli.options import event_option, format_option, repository_option, revision_option, tenant_option
from reconciler.cli.working import event_overlay, workplace
from reconciler.errors import Exit
from reconciler.report.execution import execution_text
from reconciler.run.invoke import invoke


@click.command()
@click.argument("action")
@repository_option
@tenant_option
@revision_option
@event_option
@format_option("json")
def command(action: str, repo: Path | None, tenant: str | None, rev: str | None, event: Path | None, form: str) -> int:
    """Run one action with an event and show what it does.

    The tenant's secrets are used and requests go out, as with the platform's Test button.
    """
    with workplace(repo) as place:
        overlay = event_overlay(event)
        done = asyncio.run(invoke(place, place.tenant_name(tenant), action, overlay, revision=rev))
    if form == "json":
        print_json(done.model_dump(mode="json"))
    else:
        stdout().print(execution_text(done))
    return Exit.ERROR if done.error else Exit.DONE
