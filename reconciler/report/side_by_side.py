"""A unified diff as rows with the old side and the new one beside each other, and what differs within a line marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal

LIKE_ENOUGH = 0.4
"""How alike two lines must be (of 1) for the marks within them to say something."""

LONGEST_MARKED = 2_000
"""Characters of a line beyond which nothing within it is marked: comparing takes the square of the length."""

_WORDS = re.compile(r"\w+|\s+|[^\w\s]")
_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


@dataclass(frozen=True)
class Piece:
    """A part of a line; `differs` where the other side does not have it."""

    text: str
    differs: bool = False


@dataclass(frozen=True)
class Side:
    """One line on one side, with its number in the file."""

    number: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Row:
    """Two lines beside each other; a side is None where it has no line."""

    kind: Literal["same", "changed"]
    old: Side | None
    new: Side | None


@dataclass(frozen=True)
class Hunk:
    """A stretch of rows that follow one another in both files."""

    rows: tuple[Row, ...]


@dataclass(frozen=True)
class FileDiff:
    """The hunks of one file, with what each side is called."""

    old: str
    new: str
    hunks: tuple[Hunk, ...]


def files(diff: Sequence[str]) -> tuple[FileDiff, ...]:
    """The files of a unified diff, without line ends."""
    return tuple(_files(_Lines(diff)))


class _Lines:
    """A diff while it is read. Only the counts of a hunk's head tell where it ends: a line that is taken out may look
    like the head of a file."""

    def __init__(self, diff: Sequence[str]) -> None:
        self._lines = list(reversed(diff))

    def __bool__(self) -> bool:
        return bool(self._lines)

    def next(self) -> str:
        return self._lines.pop()

    def begins(self, prefix: str) -> bool:
        return bool(self._lines) and self._lines[-1].startswith(prefix)


def _files(lines: _Lines) -> Iterator[FileDiff]:
    while lines:
        old, new = lines.next().removeprefix("--- "), lines.next().removeprefix("+++ ")
        hunks = []
        while lines.begins("@@ "):
            hunks.append(_hunk(lines))
        yield FileDiff(old, new, tuple(hunks))


def _hunk(lines: _Lines) -> Hunk:
    head = _HUNK.match(lines.next())
    assert head is not None, "a unified diff as difflib writes it"
    old, before, new, after = (int(part) if part is not None else 1 for part in head.groups())
    last_old, last_new = old + before, new + after
    rows: list[Row] = []
    while old < last_old or new < last_new:
        if lines.begins(" "):
            text = lines.next()[1:]
            rows.append(Row("same", Side(old, (Piece(text),)), Side(new, (Piece(text),))))
            old, new = old + 1, new + 1
            continue
        gone, come = _run(lines, "-"), _run(lines, "+")
        rows += _changed(gone, come, old, new)
        old, new = old + len(gone), new + len(come)
    return Hunk(tuple(rows))


def _run(lines: _Lines, sign: str) -> list[str]:
    run = []
    while lines.begins(sign):
        run.append(lines.next()[1:])
    return run


def _changed(gone: Sequence[str], come: Sequence[str], old: int, new: int) -> Iterator[Row]:
    for at, (before, after) in enumerate(zip_longest(gone, come)):
        left, right = _marked(before, after)
        yield Row(
            "changed",
            None if before is None else Side(old + at, left),
            None if after is None else Side(new + at, right),
        )


def _marked(before: str | None, after: str | None) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    if before is None or after is None or max(len(before), len(after)) > LONGEST_MARKED:
        return (Piece(before or ""),), (Piece(after or ""),)
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < LIKE_ENOUGH:
        return (Piece(before),), (Piece(after),)
    steps = matcher.get_opcodes()
    left = tuple(Piece("".join(old[i:j]), tag != "equal") for tag, i, j, _, _ in steps if i < j)
    right = tuple(Piece("".join(new[i:j]), tag != "equal") for tag, _, _, i, j in steps if i < j)
    return left, right
