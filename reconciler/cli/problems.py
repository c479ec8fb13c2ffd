"""How a problem is told on a terminal."""

from __future__ import annotations

import sys

import click

from reconciler.errors import ReconcilerError
from reconciler.report.problem import ERROR, lines
from reconciler.report.visible import visible


def show_problem(problem: ReconcilerError) -> None:
    """To stderr, after all that went to stdout before. What others said (names, a tenant's own words) cannot steer the
    terminal."""
    sys.stdout.flush()
    for line in lines(problem):
        click.secho(_shown(line), fg="red" if line.startswith(ERROR) else None, err=True)


def _shown(text: str) -> str:
    return "\n".join(visible(line) for line in text.split("\n"))
