"""A problem in lines: every detail, what is wrong, and the way out."""

from __future__ import annotations

from reconciler.errors import Diagnostic, InvalidInput, ReconcilerError

ERROR = "error: "


def lines(problem: ReconcilerError) -> list[str]:
    """All of it; what others said in it is as they said it."""
    told = [str(line) for line in problem.diagnostics] if isinstance(problem, InvalidInput) else []
    told += [f"  {detail}" for detail in details(problem)]
    return [*told, f"{ERROR}{problem.message}", *([f"  {problem.remedy}"] if problem.remedy else [])]


def warning_line(warning: Diagnostic) -> str:
    """A warning as a line of its own."""
    place = f"{warning.span}: "
    return f"{place}warning: {str(warning).removeprefix(place)}"


def details(problem: ReconcilerError) -> list[str]:
    """What a problem says besides its sentence, the way out and its places, one line each."""
    undone = [f"put back: {line}" for line in getattr(problem, "undone", ())]
    left = [f"not put back: {line}" for line in getattr(problem, "left", ())]
    return [*getattr(problem, "reasons", ()), *getattr(problem, "moved", ()), *undone, *left]
