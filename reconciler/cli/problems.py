"""How a problem is told: every detail, what is wrong, and the way out."""

from __future__ import annotations

import sys

import click

from reconciler.errors import InvalidInput, ReconcilerError


def show_problem(problem: ReconcilerError) -> None:
    """To stderr, after all that went to stdout before."""
    sys.stdout.flush()
    for line in problem.diagnostics if isinstance(problem, InvalidInput) else ():
        click.echo(str(line), err=True)
    for detail in details(problem):
        click.echo(f"  {detail}", err=True)
    click.secho(f"error: {problem.message}", fg="red", err=True)
    if problem.remedy:
        click.echo(f"  {problem.remedy}", err=True)


def details(problem: ReconcilerError) -> list[str]:
    """What a problem says besides its sentence and the way out, one line each."""
    undone = [f"put back: {line}" for line in getattr(problem, "undone", ())]
    left = [f"not put back: {line}" for line in getattr(problem, "left", ())]
    return [*getattr(problem, "reasons", ()), *getattr(problem, "moved", ()), *undone, *left]
