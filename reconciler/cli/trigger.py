"""`reconciler trigger`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import click

from reconciler.cli.console import print_json, stdout
from reconciler.cli.options import event_option, format_option, repository_option, tenant_option
from reconciler.cli.working import event_overlay, workplace
from reconciler.errors import Exit
from reconciler.report.execution import flow_text
from reconciler.run.fire import fire


@click.command()
@click.argument("trigger")
@repository_option
@tenant_option
@event_option
@format_option("json")
def command(trigger: str, repo: Path | None, tenant: str | None, event: Path | None, form: str) -> int:
    """Fire any trigger of the embedded tenant."""
    return fired(trigger, event_overlay(event), repo, tenant, form)


def fired(trigger: str, overlay: dict[str, Any], repo: Path | None, tenant: str | None, form: str) -> int:
    """Fires, tells what came of it; a denial is an answer, an action that threw is an error."""
    with workplace(repo) as place:
        run = asyncio.run(fire(place, place.tenant_name(tenant), trigger, overlay))
    if form == "json":
        print_json(run.model_dump(mode="json"))
    else:
        stdout().print(flow_text(run))
    return Exit.ERROR if run.status == "failed" else Exit.DONE
