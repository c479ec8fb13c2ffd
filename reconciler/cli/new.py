"""`reconciler new`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import click

from reconciler.cli.console import stderr, stdout
from reconciler.cli.options import repository_option
from reconciler.cli.working import workplace
from reconciler.model.starting import Added
from reconciler.report.starting import added_lines
from reconciler.run.new_action import Wish, new_action
from reconciler.run.new_flow import new_flow
from reconciler.run.new_module import new_module
from reconciler.run.workplace import Workplace


@click.group()
def command() -> None:
    """Begin an action, a flow or a module."""


@command.command()
@click.argument("name")
@repository_option
@click.option("--trigger", default="", metavar="TRIGGER", help="What it runs at, such as post-login.")
@click.option("--template", default="", metavar="NAME", help="Begin with one of `reconciler templates`.")
@click.option("--no-bind", is_flag=True, help="Leave the trigger's flow as it is.")
def action(name: str, repo: Path | None, trigger: str, template: str, no_bind: bool) -> None:
    """Begin an action: code, a first case, its place in the flow.

    A template knows its trigger; without one --trigger says it. Packages that it needs are locked. Everything is
    written, or nothing; no file is overwritten.
    """
    wish = Wish(name, trigger, template, bind=not no_bind)
    with stderr().status("checking") as status:
        added = _added(repo, lambda place: new_action(place, wish, lambda who: status.update(f"asking npm for {who}")))
    _tell(added)


@command.command()
@click.argument("trigger")
@repository_option
def flow(trigger: str, repo: Path | None) -> None:
    """Begin the flow of a trigger, with the actions there are."""
    _tell(_added(repo, lambda place: new_flow(place, trigger)))


@command.command()
@click.argument("name")
@repository_option
def module(name: str, repo: Path | None) -> None:
    """Begin a module: code that several actions share."""
    _tell(_added(repo, lambda place: new_module(place, name)))


def _added(repo: Path | None, make: Callable[[Workplace], Coroutine[Any, Any, Added]]) -> Added:
    with workplace(repo) as place:
        return asyncio.run(make(place))


def _tell(added: Added) -> None:
    for line in added_lines(added):
        stdout().print(line)
