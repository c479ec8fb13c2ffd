"""`reconciler lock`."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from reconciler.cli.console import print_json, stderr, stdout
from reconciler.cli.options import format_option, repository_option
from reconciler.cli.working import workplace
from reconciler.errors import InvalidInput
from reconciler.model.relocked import Relocked
from reconciler.report.lock import relocked_lines, relocked_table, relocked_warnings
from reconciler.run.lock import check_lock, lock


@click.command()
@click.argument("packages", nargs=-1)
@repository_option
@click.option("--upgrade", is_flag=True, help="Take newer versions within the ranges: of PACKAGES, or of all.")
@click.option("--check", is_flag=True, help="Change nothing; fail when the lock is out of date.")
@format_option("json")
def command(packages: tuple[str, ...], repo: Path | None, upgrade: bool, check: bool, form: str) -> None:
    """Resolve npm dependencies to exact versions.

    Writes reconciler.lock with integrity hashes, and the digest of each module that an action uses as latest. What is
    locked stays unless its range changed.
    """
    if packages and not upgrade:
        raise click.UsageError("PACKAGES are named with --upgrade.")
    with workplace(repo) as place:
        if check:
            problems = check_lock(place)
            if problems:
                raise InvalidInput(problems)
            stdout().print("reconciler.lock is up to date.")
            return
        with stderr().status("asking npm"):
            relocked = asyncio.run(
                lock(place, upgrade=upgrade and not packages, packages=packages, notify=lambda _: None)
            )
    _tell(relocked, form)


def _tell(relocked: Relocked, form: str) -> None:
    for warning in relocked_warnings(relocked):
        stderr().print(f"warning: {warning}", style="yellow")
    if form == "json":
        print_json(relocked.model_dump(mode="json"))
        return
    console = stdout()
    if relocked.dependencies and console.is_terminal:
        console.print(relocked_table(relocked))
    else:
        for line in relocked_lines(relocked):
            console.print(line)
    console.print("reconciler.lock is written." if relocked.written else "reconciler.lock is up to date.")
