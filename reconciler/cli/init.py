"""`reconciler init`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from reconciler.cli.console import stdout
from reconciler.report.starting import begun_lines
from reconciler.run.init import Beginning, Means
from reconciler.run.init import init as begin
from reconciler.settings import now, process_settings


@click.command()
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(file_okay=False, path_type=Path))
@click.option("--name", default="", metavar="NAME", help="Name of the repository (default: that of the folder).")
@click.option("--no-workflows", is_flag=True, help="Leave .github/workflows alone.")
def command(folder: Path, name: str, no_workflows: bool) -> None:
    """Begin a repository, with everything it needs.

    Makes the files, an age key for the secrets, workflows of GitHub, and a git repository where there is none. No file
    is overwritten and nothing is committed.
    """
    settings = process_settings()
    means = Means(randbytes=os.urandom, clock=now)
    begun = begin(settings, Beginning(settings.start / folder, name, workflows=not no_workflows), means)
    way_there = os.path.relpath(begun.folder, settings.start)
    for line in begun_lines(begun, "" if way_there == "." else way_there):
        stdout().print(line)
