"""The lines of code around a place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from reconciler.engine.code_lines import lines_of
from reconciler.report.visible import visible

AROUND = 1
WIDEST = 120


class CodeFile(NamedTuple):
    """A file of code: its path in the repository, and what is in it."""

    path: str
    text: str


def code_frame(text: str, line: int, column: int = 0) -> Iterator[str]:
    """The line with the one before and the one after, numbered; a `>` before it, and a caret below its column (both
    count from 1; no caret for column 0). Nothing where the text has no such line.

    A line that is too long to be read is cut, so that the column is in what is left of it.
    """
    lines = lines_of(text)
    if not 1 <= line <= len(lines):
        return
    first, last = max(1, line - AROUND), min(len(lines), line + AROUND)
    cut = max(0, column - WIDEST * 3 // 4) if len(lines[line - 1]) > WIDEST else 0
    width = len(str(last))
    for number in range(first, last + 1):
        mark = ">" if number == line else " "
        yield f"{mark} {number:>{width}} | {_shown(lines[number - 1], cut)}".rstrip()
        if number == line and column:
            yield f"  {'':>{width}} | {' ' * (column - 1 - cut)}^"


def _shown(line: str, cut: int) -> str:
    # A tab is one column for whoever counts and several for whoever looks.
    return visible(line.replace("\t", " ")[cut : cut + WIDEST])
