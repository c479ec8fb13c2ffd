"""From what V8 counted to lines and branches, as c8 (v8-to-istanbul) and Node's own test coverage count them:

- a line has the count of the innermost range that holds all of it; a range that holds a part of it only says nothing
  of the line;
- every range of a function that was called is a branch: the function itself, and each block in it that V8 counted by
  itself. A function that was never called is no branch: its lines tell.

Unlike there, lines that are blank or hold nothing but a comment are not counted: they would flatter the figure.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from reconciler.model.coverage import Branch, FileCoverage, Thresholds

Ranges = Sequence[tuple[int, int, int]]
"""(start, end, count) of a function, then of the blocks in it, outer ones first; in UTF-16 units, as JavaScript counts
characters."""

_COMMENT_OR_TEXT = re.compile(
    r"""(?P<text>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|//[^\n]*|/\*.*?(?:\*/|\Z)""", re.DOTALL
)
"""A comment begins where no text does. A regular expression with quotes or two slashes in it may be taken for either:
the line it is in counts as code all the same, since something stands before it."""


class Places(NamedTuple):
    """Where each line of a text begins and ends, its end not included, in UTF-16 units."""

    begins: tuple[int, ...]
    ends: tuple[int, ...]

    def inside(self, start: int, end: int) -> range:
        """The lines, from 0, that lie wholly in a range."""
        return range(bisect_left(self.begins, start), bisect_right(self.ends, end))

    def line(self, at: int) -> int:
        """The line, from 1, of a place."""
        return bisect_right(self.begins, at)


def file_coverage(owner: str, file: str, code: str, functions: Sequence[Ranges], *, whole: bool = True) -> FileCoverage:
    """What ran of a file. Of code that nothing loaded, without functions, no line did, nor its one way through."""
    places, coded = _places(code), _coded(code)
    counts = [0] * len(places.begins)
    for ranges in functions:
        for start, end, count in ranges:
            for number in places.inside(start, end):
                counts[number] = count
    branches = [
        Branch(line=places.line(start), count=count)
        for ranges in functions
        if ranges[0][2]
        for start, _, count in ranges
    ]
    return FileCoverage(
        owner=owner,
        file=file,
        lines=tuple((number, count) for number, count in enumerate(counts, start=1) if number in coded),
        branches=tuple(branches) or (Branch(line=1, count=0),),
        whole=whole,
    )


def shortfalls(files: Iterable[FileCoverage], asked: Thresholds) -> tuple[str, ...]:
    """A sentence for each file of which less ran than is asked; none where not all of its cases ran."""
    return tuple(
        f"{each.owner}: {percent(hit, found)} % of its {kind} ran, {wanted:g} % are asked."
        for each in files
        if each.whole
        for kind, hit, found, wanted in (
            ("lines", each.lines_hit, len(each.lines), asked.lines),
            ("branches", each.branches_hit, len(each.branches), asked.branches),
        )
        if hit * 100 < wanted * found
    )


def percent(hit: int, found: int) -> str:
    """`87.5`, cut and not rounded: only what is whole is 100. Of nothing, all ran."""
    tenths = hit * 1000 // found if found else 1000
    return f"{tenths / 10:g}"


def _places(code: str) -> Places:
    begins, ends, at = [], [], 0
    for line in code.split("\n"):
        width = len(line.encode("utf-16-le", "surrogatepass")) // 2
        begins.append(at)
        ends.append(at + width - line.endswith("\r"))
        at += width + 1
    return Places(tuple(begins), tuple(ends))


def _coded(code: str) -> frozenset[int]:
    """The numbers of the lines that hold code."""
    bare = _COMMENT_OR_TEXT.sub(lambda found: found[0] if found["text"] else "\n" * found[0].count("\n"), code)
    return frozenset(number for number, line in enumerate(bare.split("\n"), start=1) if line.strip())
