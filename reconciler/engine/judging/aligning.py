"""Which of the things that happened stand for which of those that were expected."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TypeVar

W = TypeVar("W")
G = TypeVar("G")

MOST_COMPARED = 40_000
"""Pairs that are looked at; longer rows are compared one by one, in order."""


class Pair(NamedTuple):
    """The place of something expected and of what stands for it, from 0; None where there is no such thing."""

    wanted: int | None
    got: int | None
    fits: bool = False


def paired(
    wanted: Sequence[W], got: Sequence[G], fits: Callable[[W, G], bool], alike: Callable[[W, G], bool] | None = None
) -> tuple[Pair, ...]:
    """Every place of either row once, in order: as many as can be fit, and what lies between them is paired where it is
    alike (a call with another argument is that call gone wrong), or in order where there is as much on both sides."""
    pairs: list[Pair] = []
    start = Pair(-1, -1)
    for held in (*_longest(wanted, got, fits), Pair(len(wanted), len(got))):
        assert start.wanted is not None and start.got is not None
        between = (range(start.wanted + 1, held.wanted or 0), range(start.got + 1, held.got or 0))
        pairs += _between(*between, _alike(wanted, got, alike))
        pairs.append(held)
        start = held
    return tuple(pairs[:-1])


def _alike(wanted: Sequence[W], got: Sequence[G], alike: Callable[[W, G], bool] | None) -> Callable[[int, int], bool]:
    return lambda i, j: alike is None or alike(wanted[i], got[j])


def _between(wanted: range, got: range, alike: Callable[[int, int], bool]) -> Iterator[Pair]:
    """Pairs of what is alike, each the first behind the one before it, and what lies between those."""
    start, behind = wanted.start, got.start
    for place in wanted if len(wanted) * len(got) <= MOST_COMPARED else ():
        same = next((at for at in range(behind, got.stop) if alike(place, at)), None)
        if same is not None:
            yield from _in_order(range(start, place), range(behind, same))
            yield Pair(place, same)
            start, behind = place + 1, same + 1
    yield from _in_order(range(start, wanted.stop), range(behind, got.stop))


def _in_order(wanted: range, got: range) -> Iterator[Pair]:
    if len(wanted) == len(got):
        yield from (Pair(*places) for places in zip(wanted, got, strict=True))
    else:
        yield from (Pair(place, None) for place in wanted)
        yield from (Pair(None, at) for at in got)


def _longest(wanted: Sequence[W], got: Sequence[G], fits: Callable[[W, G], bool]) -> list[Pair]:
    """The longest row of pairs that fit, both sides in order."""
    if len(wanted) * len(got) > MOST_COMPARED:
        return [Pair(at, at, True) for at, pair in enumerate(zip(wanted, got, strict=False)) if fits(*pair)]
    right = [[fits(one, other) for other in got] for one in wanted]
    longest = [[0] * (len(got) + 1) for _ in range(len(wanted) + 1)]
    for i in reversed(range(len(wanted))):
        for j in reversed(range(len(got))):
            either = max(longest[i + 1][j], longest[i][j + 1])
            longest[i][j] = max(either, longest[i + 1][j + 1] + 1) if right[i][j] else either
    pairs, i, j = [], 0, 0
    while i < len(wanted) and j < len(got):
        if right[i][j] and longest[i][j] == longest[i + 1][j + 1] + 1:
            pairs.append(Pair(i, j, True))
            i, j = i + 1, j + 1
        elif longest[i + 1][j] >= longest[i][j + 1]:
            i += 1
        else:
            j += 1
    return pairs
