"""How a problem is told on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import click

from reconciler.errors import Diagnostic, ReconcilerError
from reconciler.report.problem import ERROR, lines, warning_line
from reconciler.report.visible import visible


def show_problem(problem: ReconcilerError) -> None:
    """To stderr, after all that went to stdout before. What others said (names, a tenant's own words) cannot steer the
    terminal."""
    sys.stdout.flush()
    for line in lines(problem):
        click.secho(_shown(line), fg="red" if line.startswith(ERROR) else None, err=True)


def show_warnings(warnings: Iterable[Diagnostic]) -> None:
    """Each on a line of its own, to stderr."""
    for warning in warnings:
        click.secho(visible(warning_line(warning)), fg="yellow", err=True)


def _shown(text: str) -> str:
    return "\n".join(visible(line) for line in text.split("\n"))
