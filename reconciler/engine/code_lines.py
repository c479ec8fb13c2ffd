"""The lines of JavaScript: it ends one where editors and parsers of it do, and nowhere else (ECMAScript, 12.3)."""

from __future__ import annotations

import re

from reconciler.model.code import Place

_END = re.compile(r"\r\n?|[\n\u2028\u2029]")


def lines_of(code: str) -> list[str]:
    """The lines without their ends; what follows the last end is a line where there is something."""
    lines = _END.split(code)
    return lines if lines[-1] else lines[:-1]


def place_of(code: str, at: int) -> Place:
    """The line and the column, both from 1, of the sign at that offset."""
    ends = [found.end() for found in _END.finditer(code, 0, at)]
    return Place(len(ends) + 1, at - (ends[-1] if ends else 0) + 1)
