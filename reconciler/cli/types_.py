"""`reconciler types`."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from reconciler.cli.console import stderr, stdout
from reconciler.cli.options import repository_option
from reconciler.cli.working import workplace
from reconciler.errors import Exit
from reconciler.run.editor import Typed, types_of


@click.command()
@click.argument("names", nargs=-1, metavar="[ACTIONS]...")
@repository_option
@click.option("--check", is_flag=True, help="Write nothing; end with 1 where something has to be written.")
def command(names: tuple[str, ...], repo: Path | None, check: bool) -> int:
    """Let your editor complete and check the code of actions.

    Writes TypeScript declarations of each action's event, api, secrets, packages and modules, and a jsconfig.json that
    editors find. Nothing of it is for git: run it in every clone, and again when secrets or packages change.
    """
    with workplace(repo) as place, stderr().status("Looking at packages") as status:
        done = asyncio.run(types_of(place, names, check=check, notify=lambda what: status.update(f"Packages: {what}")))
    for notice in done.notices:
        stderr().print(str(notice), style="yellow")
    if check and done.changed:
        return _stale(done)
    stdout().print(_summary(done))
    return Exit.DONE


def _stale(done: Typed) -> int:
    for path in done.changed:
        stdout().print(f"stale {path}")
    stderr().print("Run `reconciler types`.", style="yellow")
    return Exit.ERROR


def _summary(done: Typed) -> str:
    modules = f" and {_count(done.modules, 'module')}" if done.modules else ""
    changed = f"{_count(len(done.changed), 'file')} changed" if done.changed else "nothing changed"
    return f"Editors know {_count(done.actions, 'action')}{modules}: {changed}."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' if number != 1 else ''}"
