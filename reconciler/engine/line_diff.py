"""What differs between two texts, line by line, as a unified diff.

Lines that stand once in either text hold the two together (patience diff), so that only what lies between them is
compared by `difflib`: large files with many changes take no time that grows with the square of both, and a change is
shown as people made it.
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
        end = Match(len(self.a), len(self.b), 0)
        start = _Pair(0, 0)
        for held in (*_held(self.a, self.b), end):
            for block in (*_between(self.a, self.b, start, held), held):
                _append(blocks, block)
            start = _Pair(held.a + held.size, held.b + held.size)
        return [*blocks, end]


def _held(before: Sequence[str], after: Sequence[str]) -> list[Match]:
    """The blocks of lines that hold the two texts together."""
    blocks: list[Match] = []
    for pair in _anchors(before, after):
        _append(blocks, Match(pair.before, pair.after, 1))
    return blocks


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


def _between(before: Sequence[str], after: Sequence[str], start: _Pair, end: Match) -> Iterator[Match]:
    """The blocks that match between two places: what both begin with, what difflib finds, what both end with."""
    old, new = before[start.before : end.a], after[start.after : end.b]
    first = _alike(old, new)
    last = _alike(old[: first - len(old) - 1 : -1], new[: first - len(new) - 1 : -1])
    yield Match(start.before, start.after, first)
    old, new = old[first : len(old) - last], new[first : len(new) - last]
    if old and new and len(old) + len(new) > 2:  # one line against another one was looked at already
        for block in SequenceMatcher(None, old, new).get_matching_blocks():
            yield Match(start.before + first + block.a, start.after + first + block.b, block.size)
    yield Match(end.a - last, end.b - last, last)


def _alike(old: Sequence[str], new: Sequence[str]) -> int:
    """How many lines both begin with."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((at for at, (left, right) in pairs if left != right), min(len(old), len(new)))


def _append(blocks: list[Match], block: Match) -> None:
    """Adds the block, grown together with the one right before it."""
    last = blocks[-1] if blocks else None
    if not block.size:
        return
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
