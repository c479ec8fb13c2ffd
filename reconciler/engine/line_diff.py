"""What differs between two texts, line by line, as a unified diff.

Lines that stand once in either text hold the two together (patience diff), so that only what lies between them is
compared in full: large files with many changes take no time that grows with the square of both, and a change is shown
as people made it. Where no line stands once, it is what `difflib` says.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import Match, SequenceMatcher
from typing import NamedTuple


def unified(before: Sequence[str], after: Sequence[str], old: str, new: str, context: int = 3) -> tuple[str, ...]:
    """The diff without line ends; empty when nothing differs. `old` and `new` name the two sides, `context` is how many
    lines are shown around each change."""
    matcher = _Matcher(before, after)
    lines = [line for group in matcher.get_grouped_opcodes(context) for line in _hunk(group, before, after)]
    return (f"--- {old}", f"+++ {new}", *lines) if lines else ()


_Change = tuple[str, int, int, int, int]
"""As difflib tells it: what happens (`equal`, `replace`, ...), and from where to where, before and after."""


class _Pair(NamedTuple):
    """Where the same line stands in both texts."""

    before: int
    after: int


class _Matcher(SequenceMatcher[str]):
    """Finds the blocks that match between the lines that hold the texts together."""

    def __init__(self, before: Sequence[str], after: Sequence[str]) -> None:
        super().__init__(None, (), ())
        self.a, self.b = before, after

    def get_matching_blocks(self) -> list[Match]:
        blocks: list[Match] = []
        start = _Pair(0, 0)
        for anchor in (*_anchors(self.a, self.b), _Pair(len(self.a), len(self.b))):
            for block in _between(self.a, self.b, start, anchor):
                _append(blocks, block)
            if anchor.before < len(self.a):
                _append(blocks, Match(anchor.before, anchor.after, 1))
            start = _Pair(anchor.before + 1, anchor.after + 1)
        return [*blocks, Match(len(self.a), len(self.b), 0)]


def _anchors(before: Sequence[str], after: Sequence[str]) -> list[_Pair]:
    """The longest row of lines that stand once in both texts, in the order of both."""
    once = {line for line, count in Counter(after).items() if count == 1}
    once &= {line for line, count in Counter(before).items() if count == 1}
    places = {line: at for at, line in enumerate(after) if line in once}
    return _increasing([_Pair(at, places[line]) for at, line in enumerate(before) if line in once])


def _increasing(pairs: Sequence[_Pair]) -> list[_Pair]:
    """The longest of the rows in which both places grow; `pairs` are in the order of the first."""
    ends: list[int] = []
    heads: list[int] = []
    earlier: list[int] = []
    for at, pair in enumerate(pairs):
        length = bisect_left(ends, pair.after)
        earlier.append(heads[length - 1] if length else -1)
        ends[length : length + 1] = [pair.after]
        heads[length : length + 1] = [at]
    row, at = [], heads[-1] if heads else -1
    while at >= 0:
        row.append(pairs[at])
        at = earlier[at]
    return row[::-1]


def _between(before: Sequence[str], after: Sequence[str], start: _Pair, end: _Pair) -> Iterator[Match]:
    if start.before < end.before and start.after < end.after:
        found = SequenceMatcher(None, before[start.before : end.before], after[start.after : end.after])
        for block in found.get_matching_blocks()[:-1]:
            yield Match(start.before + block.a, start.after + block.b, block.size)


def _append(blocks: list[Match], block: Match) -> None:
    """Adds the block, grown together with the one right before it."""
    last = blocks[-1] if blocks else None
    if last and (last.a + last.size, last.b + last.size) == (block.a, block.b):
        blocks[-1] = Match(last.a, last.b, last.size + block.size)
    else:
        blocks.append(block)


def _hunk(
    group: Sequence[tuple[str, int, int, int, int]], before: Sequence[str], after: Sequence[str]
) -> Iterator[str]:
    (_, a, _, b, _), (_, _, a_end, _, b_end) = group[0], group[-1]
    yield f"@@ -{_range(a, a_end)} +{_range(b, b_end)} @@"
    for tag, i, i_end, j, j_end in group:
        if tag == "equal":
            yield from (f" {line}" for line in before[i:i_end])
        else:
            yield from (f"-{line}" for line in before[i:i_end])
            yield from (f"+{line}" for line in after[j:j_end])


def _range(start: int, stop: int) -> str:
    """Lines as a hunk names them: the first, from 1, and how many; of none, the one before them."""
    count = stop - start
    if count == 1:
        return f"{start + 1}"
    return f"{start + 1 if count else start},{count}"
