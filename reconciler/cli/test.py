"""`reconciler test`."""

from __future__ import annotations

import asyncio
import importlib
from pathlib import Path
from typing import Any, NamedTuple

import click

from reconciler.cli.options import format_option, repository_option, revision_option, tenant_option
from reconciler.cli.working import workplace
from reconciler.errors import Usage
from reconciler.run.case_nodes import CASE_SECONDS, launched_nodes
from reconciler.run.workplace import Workplace

TESTING = "reconciler.cli.testing"
"""Imported when Node is starting: both take a while, and neither waits for the other."""


class Options(NamedTuple):
    """What the command was called with."""

    actions: tuple[str, ...]
    texts: tuple[str, ...]
    since: str
    failed: bool
    limit: float
    verbose: bool
    junit: Path | None
    coverage: bool
    lcov: Path | None
    update: bool
    on: str | None
    tenant: str | None
    rev: str | None
    form: str

    @property
    def counted(self) -> bool:
        """Whether it is counted what of the code runs."""
        return self.coverage or self.lcov is not None


@click.command()
@click.argument("actions", nargs=-1)
@click.option("--case", "texts", metavar="TEXT", multiple=True, help="Only cases with this in their name; repeatable.")
@click.option("--changed-since", "since", metavar="REV", default="", help="Only of what changed since this revision.")
@click.option("--failed", is_flag=True, help="Only cases that failed when they last ran.")
@click.option(
    "--limit",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    default=CASE_SECONDS,
    show_default=True,
    help="What one case may take.",
)
@click.option("--watch", is_flag=True, help="Run again what a saved file touches, until Ctrl-C.")
@click.option("--verbose", "-v", is_flag=True, help="A line for each case, and all that the failed ones did.")
@click.option(
    "--junit",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write JUnit XML there, too.",
)
@click.option("--coverage", is_flag=True, help="Tell which lines and branches of the code ran.")
@click.option(
    "--lcov",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the coverage there for genhtml, Codecov and the like, too.",
)
@click.option("--update", is_flag=True, help="Record what happens in cases with `snapshot: true`.")
@click.option(
    "--on",
    type=click.Choice(["tenant"]),
    help="Run each case on the tenant's draft, too, where that is what git has. Its requests and secrets are real.",
)
@repository_option
@tenant_option
@revision_option
@format_option("json", "gitlab")
def command(repo: Path | None, watch: bool, **given: Any) -> int:
    """Run the cases of actions and flows on the embedded runtime.

    Without names, of every action and flow; a flow is named as flows/TRIGGER. No request leaves the machine: each is
    answered by the case or refused. With --on tenant cases run on the tenant's drafts as well, but for what cannot.
    """
    options = Options(**given)
    if watch and (options.rev or options.form != "text"):
        raise Usage("Files are watched that are on disk, by somebody who looks.", "Leave out --rev and --format.")
    if watch and (options.update or options.on or options.junit or options.lcov):
        raise Usage("Files are watched to run cases again and again.", "Leave out --update, --on, --junit and --lcov.")
    with workplace(repo) as place:
        if watch:
            return int(importlib.import_module(TESTING).watched(place, options))
        return asyncio.run(_tested(place, options))


async def _tested(place: Workplace, options: Options) -> int:
    async with launched_nodes(place.npm.store, coverage=options.counted) as nodes:
        return int(await importlib.import_module(TESTING).tested(place, options, nodes))
