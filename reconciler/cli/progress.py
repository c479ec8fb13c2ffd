"""Asking before a plan is carried out, and showing how it goes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from reconciler.cli.console import stderr, stdout
from reconciler.errors import Usage
from reconciler.model.event import Event
from reconciler.report.text import event_text, plan_text
from reconciler.run.plan import Planned

LAST = ("deployed", "bound", "deleted", "verified")
BACKWARDS = ("undoing", "undone", "left", "settled", "failed")


def agreed_to(made: Planned, *, yes: bool, form: str) -> bool:
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
def progress() -> Iterator[Callable[[Event], None]]:
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
