"""`reconciler flows`."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from reconciler.cli.console import print_json, stdout
from reconciler.cli.options import format_option, repository_option, tenant_option
from reconciler.cli.working import workplace
from reconciler.report.text import table
from reconciler.run.look import flows


@click.command()
@repository_option
@tenant_option
@format_option("json")
def command(repo: Path | None, tenant: str | None, form: str) -> None:
    """Show which actions run in which order."""
    with workplace(repo) as place:
        found = asyncio.run(flows(place, place.tenant_name(tenant)))
    if form == "json":
        print_json([flow.model_dump(mode="json") for flow in found])
        return
    rows = [
        (flow.trigger, str(number), binding.action, binding.display_name)
        for flow in found
        for number, binding in enumerate(flow.bindings, 1)
    ]
    stdout().print(table(("trigger", "", "action", "display name"), rows) if rows else "No flow has bindings.")
