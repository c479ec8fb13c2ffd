"""How often which parts of the code ran, as V8 counts it, summed over the cases of a test run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

Ranges = tuple[tuple[int, int, int], ...]
"""(start, end, count) each, in characters from the code's begin: a function, then the blocks in it that ran another
number of times than what is around them, an outer one before those in it."""


class CodeCoverage(NamedTuple):
    """What ran of one file of code. `action` is the action that ran it, `module` the module whose code it is, empty for
    the action's own. `functions` are those that V8 told of: the first is the file itself. A function in one that never
    ran is not among them."""

    action: str
    module: str
    code: str
    functions: tuple[Ranges, ...]


class Tally:
    """Sums up what cases tell."""

    def __init__(self) -> None:
        self._told: dict[tuple[str, str, str], dict[tuple[int, int], Counter[Ranges]]] = {}

    def add(self, action: str, module: str, code: str, functions: Iterable[Ranges]) -> None:
        """What one case ran of a file."""
        counted = self._told.setdefault((action, module, code), {})
        for ranges in functions:
            counted.setdefault(ranges[0][:2], Counter())[ranges] += 1

    def total(self) -> tuple[CodeCoverage, ...]:
        """All together, in order of action and module."""
        return tuple(
            CodeCoverage(*file, tuple(summed(functions[place]) for place in sorted(functions, key=_order)))
            for file, functions in sorted(self._told.items(), key=lambda item: item[0])
        )


def summed(told: Counter[Ranges]) -> Ranges:
    """One function's ranges out of how often it was told with which; counts are added at each place in the code."""
    root = next(iter(told))[0][:2]
    inside = {block[:2] for ranges in told for block in ranges if root[0] <= block[0] and block[1] <= root[1]}
    nested = _nested(inside - {root})
    kept: list[tuple[int, int, int]] = [(*root, _count(told, _own_places(root, nested)))]
    for place in nested:
        own = _own_places(place, [each for each in nested if each != place])
        if own is None:
            continue
        around = [block for block in kept if block[0] <= place[0] and place[1] <= block[1]]
        count = _count(told, own)
        if count != around[-1][2]:
            kept.append((*place, count))
    return tuple(kept)


def _nested(places: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same places, cut where they overlap without one being within the other; outer ones first."""
    cut: set[tuple[int, int]] = set()
    for start, end in sorted(places, key=_order):
        inside = {other_end for other_start, other_end in cut if other_start < start < other_end < end}
        edges = sorted({start, end} | inside)
        cut |= set(pairwise(edges))
    return sorted(cut, key=_order)


def _own_places(place: tuple[int, int], others: Sequence[tuple[int, int]]) -> int | None:
    """A place in it that is in none of the others within it; None where they cover it."""
    at = place[0]
    for start, end in others:
        if place[0] <= start and end <= place[1] and start <= at < end:
            at = end
    return at if at < place[1] else None


def _count(told: Counter[Ranges], at: int | None) -> int:
    return sum(_at(ranges, at) * times for ranges, times in told.items())


def _at(ranges: Ranges, at: int | None) -> int:
    """How often that place ran: as the innermost range around it says. Without a place, the whole."""
    return next(_around(ranges, at), ranges[0])[2]


def _around(ranges: Ranges, at: int | None) -> Iterator[tuple[int, int, int]]:
    if at is not None:
        yield from sorted((each for each in ranges if each[0] <= at < each[1]), key=lambda each: each[1] - each[0])


def _order(place: tuple[int, int]) -> tuple[int, int]:
    return place[0], -place[1]
