"""The options that many commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from reconciler.engine.guard_words import GUARDS

Command = Callable[..., Any]


def repository_option(command: Command) -> Command:
    """`--repo DIR`: where to look for reconciler.yaml, from there upwards."""
    return click.option(
        "--repo",
        type=click.Path(file_okay=False, exists=True, path_type=Path),
        help="Folder of the repository (default: the working folder or one above it).",
    )(command)


def tenant_option(command: Command) -> Command:
    """`--tenant NAME`: which file of tenants/ is meant."""
    return click.option(
        "--tenant", metavar="NAME", help="Tenant, a file in tenants/ (default: $RECONCILER_TENANT, or local)."
    )(command)


def tenants_option(command: Command) -> Command:
    """`--tenant NAMES`: one tenant, or several with commas between them or by a pattern."""
    return click.option(
        "--tenant",
        metavar="NAMES",
        help="Tenant, a file in tenants/; several as dev,staging or 'prod-*' (default: $RECONCILER_TENANT, or local).",
    )(command)


def revision_option(command: Command) -> Command:
    """`--rev REV`: read from a commit rather than from the files on disk."""
    return click.option("--rev", metavar="REV", help="Read the repository at this commit, not the files on disk.")(
        command
    )


def format_option(*formats: str) -> Callable[[Command], Command]:
    """`--format`: text, and whatever else the command speaks."""
    return click.option(
        "--format", "form", type=click.Choice(["text", *formats]), default="text", show_default=True, help="Output."
    )


class Guarded(click.Command):
    """A command that guards may refuse: its help names them all, each with what it keeps from happening."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Guards (--allow NAME lets one pass; so does the tenant file, with a reason)"):
            formatter.write_dl([(guard.name, guard.why) for guard in GUARDS.values()])


def allow_option(command: Command) -> Command:
    """`--allow GUARD`, as often as needed."""
    return click.option(
        "--allow",
        type=click.Choice(list(GUARDS)),
        metavar="NAME",
        multiple=True,
        help="Let this guard pass; repeatable. The guards are listed below.",
    )(command)


def wait_option(command: Command) -> Command:
    """`--wait SECONDS`: how long another apply on this machine is waited for."""
    return click.option(
        "--wait",
        type=click.FloatRange(min=0),
        default=60.0,
        show_default=True,
        help="Seconds to wait while another process of this machine works on the tenant.",
    )(command)


def stamp_option(command: Command) -> Command:
    """`--stamp`: records the commit of what was imported."""
    return click.option(
        "--stamp", is_flag=True, help="Deploy once what git has just so and did not make, to record the commit."
    )(command)


def event_option(command: Command) -> Command:
    """`--event FILE`: laid over the sample event."""
    return click.option(
        "--event",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="YAML or JSON file, laid over the trigger's sample event.",
    )(command)
