"""`reconciler types`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import click

from reconciler.cli.console import stderr, stdout
from reconciler.cli.options import repository_option
from reconciler.cli.problems import show_problem
from reconciler.cli.saved import saved_files
from reconciler.cli.working import workplace
from reconciler.errors import Exit, ReconcilerError
from reconciler.report.numbers import number_of
from reconciler.run.editor import Typed, types_of
from reconciler.run.workplace import Workplace

TOLD_BY = ("action.yaml", "module.yaml", "reconciler.lock")
"""The files that say what an editor is to know."""


@click.command()
@click.argument("names", nargs=-1, metavar="[ACTIONS]...")
@repository_option
@click.option("--check", is_flag=True, help="Write nothing; end with 1 where something has to be written.")
@click.option("--watch", is_flag=True, help="Go on, and write again whenever secrets, packages or modules change.")
def command(names: tuple[str, ...], repo: Path | None, check: bool, watch: bool) -> int:
    """Let your editor complete and check the code of actions.

    Writes TypeScript declarations of each action's event, api, secrets, packages and modules, and a jsconfig.json that
    editors find. Nothing of it is for git: run it in every clone, and again when secrets or packages change.
    """
    if check and watch:
        raise click.UsageError("--check writes nothing, --watch does: choose one.")
    with workplace(repo) as place:
        if watch:
            return _watched(place, names)
        done = _typed(place, names, check=check)
    _show_notices(done)
    if check and done.changed:
        return _stale(done)
    stdout().print(_summary(done))
    return Exit.DONE


def _typed(place: Workplace, names: Sequence[str], *, check: bool) -> Typed:
    with stderr().status("Looking at packages") as status:
        return asyncio.run(types_of(place, names, check=check, notify=lambda what: status.update(f"Packages: {what}")))


def _watched(place: Workplace, names: Sequence[str]) -> int:
    """Until Ctrl-C, which is how this ends well."""
    try:
        asyncio.run(follow(place, names, saved_files(place.repository.folder)))
    except KeyboardInterrupt:
        stdout().print()
    return Exit.DONE


async def follow(place: Workplace, names: Sequence[str], saved: AsyncIterator[frozenset[str]]) -> None:
    """Writes what has to be written now, and each time that a file is saved which says something about it. What is
    wrong with files meanwhile is told and waited out."""
    done = await types_of(place, names)
    _show_notices(done)
    stdout().print(_summary(done))
    async for files in saved:
        if any(file.endswith(TOLD_BY) for file in files):
            try:
                done = await types_of(place, names)
            except ReconcilerError as problem:
                show_problem(problem)
                continue
            if done.changed:
                _show_notices(done)
                stdout().print(_summary(done))


def _show_notices(done: Typed) -> None:
    for notice in done.notices:
        stderr().print(str(notice), style="yellow")


def _stale(done: Typed) -> int:
    for path in done.changed:
        stdout().print(f"stale {path}")
    stderr().print("Run `reconciler types`.", style="yellow")
    return Exit.ERROR


def _summary(done: Typed) -> str:
    modules = f" and {number_of(done.modules, 'module')}" if done.modules else ""
    changed = f"{number_of(len(done.changed), 'file')} changed" if done.changed else "nothing changed"
    return f"Editors know {number_of(done.actions, 'action')}{modules}: {changed}."
