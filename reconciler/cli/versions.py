"""`reconciler versions`."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from reconciler.cli.console import print_json, stdout
from reconciler.cli.options import format_option, repository_option, tenant_option
from reconciler.cli.working import workplace
from reconciler.report.text import table
from reconciler.run.look import versions


@click.command()
@click.argument("action")
@repository_option
@tenant_option
@format_option("json")
def command(action: str, repo: Path | None, tenant: str | None, form: str) -> None:
    """Show which commit each version of an action comes from."""
    with workplace(repo) as place:
        found = asyncio.run(versions(place, place.tenant_name(tenant), action))
    told = [
        {
            "number": version.number,
            "commit": version.provenance.commit if version.provenance else None,
            "subject": subject or None,
            "created_at": version.created_at,
            "live": version.live,
            "id": version.id,
        }
        for version, subject in found
    ]
    if form == "json":
        print_json(told)
        return
    rows = [
        (
            str(each["number"]),
            str(each["commit"] or "not from git")[:12],
            str(each["subject"] or ""),
            str(each["created_at"])[:19].replace("T", " "),
            "live" if each["live"] else "",
        )
        for each in told
    ]
    stdout().print(table(("number", "commit", "subject", "deployed (UTC)", ""), rows))
