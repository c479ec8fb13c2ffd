"""How a problem is told: every detail, what is wrong, and the way out."""

from __future__ import annotations

import sys

import click

from reconciler.errors import InvalidInput, ReconcilerError
from reconciler.report.visible import visible


def show_problem(problem: ReconcilerError) -> None:
    """To stderr, after all that went to stdout before. What others said (names, a tenant's own words) cannot steer the
    terminal."""
    sys.stdout.flush()
    for line in told(problem):
        click.secho(_shown(line), fg="red" if line.startswith("error: ") else None, err=True)


def told(problem: ReconcilerError) -> list[str]:
    """Every detail, what is wrong, and the way out, as lines."""
    lines = [str(line) for line in problem.diagnostics] if isinstance(problem, InvalidInput) else []
    lines += [f"  {detail}" for detail in details(problem)]
    return [*lines, f"error: {problem.message}", *([f"  {problem.remedy}"] if problem.remedy else [])]


def details(problem: ReconcilerError) -> list[str]:
    """What a problem says besides its sentence and the way out, one line each."""
    undone = [f"put back: {line}" for line in getattr(problem, "undone", ())]
    left = [f"not put back: {line}" for line in getattr(problem, "left", ())]
    return [*getattr(problem, "reasons", ()), *getattr(problem, "moved", ()), *undone, *left]


def _shown(text: str) -> str:
    return "\n".join(visible(line) for line in text.split("\n"))
