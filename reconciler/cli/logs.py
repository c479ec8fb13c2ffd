"""`reconciler logs`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import click

from reconciler.catalogue import limits
from reconciler.cli.console import print_json, stdout
from reconciler.cli.options import format_option, repository_option, tenant_option
from reconciler.cli.working import workplace
from reconciler.report.log import entry_text, run_text
from reconciler.run.look import Logged, logs


@click.command()
@repository_option
@tenant_option
@format_option("json")
@click.option("--take", type=click.IntRange(1, limits.LOGS_PER_PAGE), default=20, show_default=True, help="How many.")
@click.option("--follow", is_flag=True, help="Go on with what comes, until stopped. JSON comes one entry a line.")
@click.option("--details", is_flag=True, help="Show what each action did: its output, its error, how long it took.")
def command(repo: Path | None, tenant: str | None, form: str, take: int, follow: bool, details: bool) -> None:
    """Show the tenant log."""
    with workplace(repo) as place:
        entries = logs(place, place.tenant_name(tenant), take=take, follow=follow, details=details)
        asyncio.run(_shown(entries, form, follow))


async def _shown(entries: AsyncIterator[Logged], form: str, follow: bool) -> None:
    kept: list[Mapping[str, Any]] = []
    async for logged in entries:
        if form == "text":
            stdout().print(entry_text(logged.entry), *map(run_text, logged.executions), sep="\n")
        elif follow:
            click.echo(json.dumps(_whole(logged), ensure_ascii=False))
        else:
            kept.append(_whole(logged))
    if form == "json" and not follow:
        print_json(kept)


def _whole(logged: Logged) -> Mapping[str, Any]:
    return {**logged.entry, "executions": list(logged.executions)} if logged.executions else logged.entry
