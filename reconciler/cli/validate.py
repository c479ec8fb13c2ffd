"""`reconciler validate`."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from reconciler.cli.console import stderr, stdout
from reconciler.cli.options import repository_option, revision_option
from reconciler.cli.working import workplace
from reconciler.run.validate import validate


@click.command()
@repository_option
@revision_option
def command(repo: Path | None, rev: str | None) -> None:
    """Check every file of the repository, offline.

    Needs no tenant and no key. Every problem is shown with its file, line and column.
    """
    with workplace(repo) as place:
        done = asyncio.run(validate(place, revision=rev))
    for notice in done.notices:
        stderr().print(str(notice), style="yellow")
    stdout().print(f"{done.actions} action{'s' if done.actions != 1 else ''} checked, no problems.")
