"""`reconciler apply`."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from reconciler.cli.console import print_json, stderr, stdout
from reconciler.cli.options import allow_option, format_option, repository_option, revision_option, tenant_option
from reconciler.cli.working import workplace
from reconciler.errors import Exit, NotApproved, Usage
from reconciler.model.event import Event
from reconciler.model.plan import Plan
from reconciler.report.text import event_text, plan_text
from reconciler.run.deploy import Ready, Ways, approve, carry_out, prepare, prepare_saved
from reconciler.run.hands import Deployed
from reconciler.run.plan import Planned, load_plan

LAST = ("deployed", "bound", "deleted", "verified")
BACKWARDS = ("undoing", "undone", "left")


@click.command()
@click.argument("planfile", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@repository_option
@tenant_option
@revision_option
@format_option("json")
@allow_option
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--checksum", metavar="SHA256", help="Apply only the plan of this checksum, as `plan` shows it.")
@click.option("--patience", type=click.FloatRange(min=1), default=120.0, show_default=True, help="Seconds for builds.")
def command(
    planfile: Path | None,
    repo: Path | None,
    tenant: str | None,
    rev: str | None,
    form: str,
    allow: tuple[str, ...],
    yes: bool,
    checksum: str | None,
    patience: float,
) -> int:
    """Make a tenant what git says: test, deploy, bind.

    Applies a commit, or the plan saved in PLANFILE. All of it happens, or nothing: a failure puts everything back.
    """
    if planfile and (rev or tenant):
        raise Usage("A saved plan names its commit and its tenant.", "Leave --rev and --tenant out.")
    if checksum is not None and not re.fullmatch(r"[0-9a-f]{64}", checksum):
        raise Usage("A checksum is 64 hex digits, all of them.", "Copy the one that `reconciler plan` shows.")
    with workplace(repo) as place:
        if planfile:
            ready = asyncio.run(prepare_saved(place, load_plan(planfile), allow=allow))
        else:
            ready = asyncio.run(prepare(place, place.tenant_name(tenant), revision=rev, allow=allow))
        if checksum is not None:
            _require(ready, checksum, form)
        agreed = _agreed(ready.planned, yes=yes or checksum is not None, form=form)
        with _progress() as notify:
            ways = Ways(allow=allow, patience=patience, notify=notify)
            deployed = asyncio.run(carry_out(place, ready, ways)) if agreed else ()
    return _told(ready.planned.plan, deployed, agreed, form)


def _require(ready: Ready, checksum: str, form: str) -> None:
    """Shows the plan as it is now before it is refused for not being the one that was approved."""
    try:
        approve(ready, checksum)
    except NotApproved:
        (stderr() if form == "json" else stdout()).print(plan_text(ready.planned.plan, ready.planned.verdict))
        raise


def _agreed(made: Planned, *, yes: bool, form: str) -> bool:
    """Shows the plan and asks, unless there is nothing to ask: an empty plan, `--yes`, or a plan that is refused."""
    console = stderr() if form == "json" else stdout()
    if made.plan.empty and not made.verdict.refusals:
        return True
    console.print(plan_text(made.plan, made.verdict))
    sys.stdout.flush()
    if yes or made.verdict.refusals:
        return True
    if not sys.stdin.isatty():
        raise Usage("Nobody is there to ask.", "Give --yes to apply without asking.")
    return click.confirm(f"Apply this to {made.plan.tenant}?", err=True)


@contextmanager
def _progress() -> Iterator[Callable[[Event], None]]:
    """Hears of progress: on a terminal every action and flow has a row of its own with a clock, elsewhere every event
    is a line. The rows begin with the first event, so that nothing moves while somebody is asked."""
    console = stderr()
    rows = Progress(
        SpinnerColumn(finished_text=" "),
        TextColumn("{task.description}", markup=False),
        TimeElapsedColumn(),
        console=console,
    )
    tasks: dict[str, TaskID] = {}

    def notify(event: Event) -> None:
        text = event_text(event)
        if not console.is_terminal or event.verb in BACKWARDS:
            console.print(text)
            return
        rows.start()
        if event.name not in tasks:
            tasks[event.name] = rows.add_task(text.plain, total=1)
        rows.update(tasks[event.name], description=text.plain, completed=event.verb in LAST)

    try:
        yield notify
    finally:
        if tasks:
            rows.stop()


def _told(plan: Plan, deployed: Sequence[Deployed], agreed: bool, form: str) -> int:
    if form == "json":
        versions = [{"action": each.action, "number": each.number} for each in deployed]
        print_json({"commit": plan.commit, "applied": agreed, "deployed": versions})
    elif not agreed:
        stdout().print("Nothing was applied.")
    elif plan.empty:
        stdout().print("Nothing to change: the tenant is as git says.")
    else:
        versions_told = ", ".join(f"{each.action} version {each.number}" for each in deployed)
        stdout().print(f"Applied {plan.commit[:12]} to {plan.tenant}: {versions_told or 'no new version'}.")
    return Exit.DONE
