"""`reconciler validate`."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from reconciler.cli.console import stdout
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
        count = asyncio.run(validate(place, revision=rev))
    stdout().print(f"{count} action{'s' if count != 1 else ''} checked, no problems.")
