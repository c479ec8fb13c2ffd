"""`reconciler rollback`."""

from __future__ import annotations

import asyncio
import functools
import json
from pathlib import Path

import click

from reconciler.cli.console import print_json, stderr, stdout
from reconciler.cli.locking import tenant_lock
from reconciler.cli.options import (
    Command,
    Guarded,
    allow_option,
    format_option,
    repository_option,
    tenant_option,
    wait_option,
)
from reconciler.cli.progress import agreed_to, progress
from reconciler.cli.working import workplace
from reconciler.errors import Usage
from reconciler.model.rollback import RolledBack
from reconciler.report.rollback import rolled_back
from reconciler.run.deploy import Ways
from reconciler.run.rollback import ReadyBack, carry_out, prepare
from reconciler.run.rollback_wish import Wish


def wish_options(command: Command) -> Command:
    """`ACTION`, `--flow`, `--all` and `--to`: what goes back, and where to."""
    options = (
        click.argument("action", required=False),
        click.option("--flow", metavar="TRIGGER", help="All actions of this repository that are bound to the trigger."),
        click.option("--all", "everything", is_flag=True, help="All actions of this repository."),
        click.option(
            "--to", required=True, metavar="COMMIT|VERSION", help="A revision, or the number of a version of ACTION."
        ),
    )
    return functools.reduce(lambda made, option: option(made), reversed(options), command)


def wished(action: str | None, flow: str | None, everything: bool, to: str) -> Wish:
    """What those options say. Raises Usage unless they name one thing."""
    if sum((bool(action), bool(flow), everything)) != 1:
        raise Usage("What is to be rolled back is not clear.", "Name one action, or give --flow TRIGGER, or --all.")
    return Wish(to=to.strip(), action=action or "", flow=flow or "")


@click.command(cls=Guarded)
@wish_options
@repository_option
@tenant_option
@format_option("json")
@allow_option
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--patience", type=click.FloatRange(min=1), default=120.0, show_default=True, help="Seconds to go live.")
@wait_option
def command(
    action: str | None,
    flow: str | None,
    everything: bool,
    to: str,
    repo: Path | None,
    tenant: str | None,
    form: str,
    allow: tuple[str, ...],
    yes: bool,
    patience: float,
    wait: float,
) -> None:
    """Make an action run an earlier version again.

    COMMIT means the version that it made, or the one that ran when it was applied. The draft and the secrets go back
    too: they are tied to the version. Bindings do not: their order is no part of a version. All of it happens, or
    nothing. Until git is reverted, a deploy of what was rolled back from is refused (`rolled-back`); anything else is
    deployed as ever.
    """
    wish = wished(action, flow, everything, to)
    with workplace(repo) as place, tenant_lock(place, "rollback", wait) as lock:
        ready = asyncio.run(prepare(place, place.tenant_name(tenant), wish, allow=allow, lock=lock))
        agreed = _agreed(ready, yes=yes, form=form)
        with progress() as notify:
            ways = Ways(allow=allow, patience=patience, notify=notify)
            outcome = asyncio.run(carry_out(place, ready, ways)) if agreed else _refused(ready)
    _show(outcome, form)


def _agreed(ready: ReadyBack, *, yes: bool, form: str) -> bool:
    console = stderr() if form == "json" else stdout()
    for note in ready.notes:
        console.print(note)
    return agreed_to(ready.planned, yes=yes, form=form)


def _refused(ready: ReadyBack) -> RolledBack:
    return RolledBack(tenant=ready.planned.plan.tenant, applied=False, notes=ready.notes)


def _show(outcome: RolledBack, form: str) -> None:
    if form == "json":
        print_json(json.loads(outcome.model_dump_json()))
        return
    for line in rolled_back(outcome):
        stdout().print(line)
