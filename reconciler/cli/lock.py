"""`reconciler lock`."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from reconciler.cli.console import stderr, stdout
from reconciler.cli.options import repository_option
from reconciler.cli.working import workplace
from reconciler.errors import InvalidInput
from reconciler.run.lock import check_lock, lock


@click.command()
@click.argument("packages", nargs=-1)
@repository_option
@click.option("--upgrade", is_flag=True, help="Take newer versions within the ranges: of PACKAGES, or of all.")
@click.option("--check", is_flag=True, help="Change nothing; fail when the lock is out of date.")
def command(packages: tuple[str, ...], repo: Path | None, upgrade: bool, check: bool) -> None:
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
        console = stderr()
        with console.status("asking npm"):
            changed = asyncio.run(
                lock(place, upgrade=upgrade and not packages, packages=packages, notify=lambda _: None)
            )
    for each in changed:
        before = f"{each.before} -> " if each.before else ""
        stdout().print(f"{each.owner}: {each.package} {before}{each.version or 'removed'}")
    stdout().print("reconciler.lock is up to date." if not changed else "reconciler.lock is written.")
