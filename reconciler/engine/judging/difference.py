"""What differs between an expected value and what there is, line by line: `- ` expected, `+ ` got, and a little of what
is the same around it. A matcher stands there as it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from reconciler.engine.judging.aligning import Pair, paired
from reconciler.engine.judging.shown import cut, inline, key_shown
from reconciler.engine.matchers import key_of, matcher_of
from reconciler.engine.matching import ABSENT, Mismatch, fits

MOST_LINES = 60
SHORT = 60
"""Characters up to which a value stands on one line, whatever is in it."""
AROUND = 2
"""How much of what is the same is shown before and after a difference."""

_SAME, _WANTED, _GOT = "  ", "- ", "+ "
_BEFORE, _BEHIND = 40, 80
"""Signs of a long text that are shown before and after the first one that differs."""


class Drawn(NamedTuple):
    """Lines that belong together, and whether there is a difference among them."""

    lines: tuple[str, ...]
    differs: bool


def difference(wanted: Any, got: Any, *, partial: bool = False) -> tuple[str, ...]:
    """The lines for two values; none where they fit. With `partial` an object may have more keys than are expected."""
    return limited((drawn("", wanted, got, partial=partial),))


def limited(blocks: Sequence[Drawn]) -> tuple[str, ...]:
    """The lines of things in a row, without what is the same far from any difference; none where nothing differs."""
    if not any(block.differs for block in blocks):
        return ()
    lines = list(_near(blocks, ""))
    left = len(lines) - MOST_LINES
    return (*lines[:MOST_LINES], f"  … {left} more lines") if left > 1 else tuple(lines)


def differences(mismatches: Sequence[Mismatch]) -> tuple[str, ...]:
    """The lines for places that are not as expected, each with its path; none where a sentence says it all."""
    if len(mismatches) == 1 and max(len(inline(each)) for each in mismatches[0][1:]) <= SHORT:
        return ()
    return limited([drawn(f"{each.path}: ", each.wanted, each.got, partial=True) for each in mismatches])


def drawn(label: str, wanted: Any, got: Any, *, partial: bool, depth: int = 0, end: str = "") -> Drawn:
    """One value; `label` stands before it and `end` behind, `depth` is how far it is indented."""
    if fits(wanted, got, partial=partial):
        return same(f"{label}{cut(inline(wanted))}{end}", depth) if got is not ABSENT else Drawn((), False)
    wanted = ABSENT if wanted == {"$absent": True} else wanted
    if not matcher_of(wanted) and max(len(inline(wanted)), len(inline(got))) > SHORT:
        if isinstance(wanted, Mapping) and isinstance(got, Mapping):
            return opened(f"{label}{{", _fields(wanted, got, partial, depth + 1), f"}}{end}", depth)
        if isinstance(wanted, list | tuple) and isinstance(got, list | tuple):
            return opened(f"{label}[", _items(wanted, got, partial, depth + 1), f"]{end}", depth)
        if isinstance(wanted, str) and isinstance(got, str):
            return Drawn(tuple(_texts(label, wanted, got, end, depth)), True)
    return Drawn((*_whole(_WANTED, label, wanted, end, depth), *_whole(_GOT, label, got, end, depth)), True)


def same(text: str, depth: int = 0) -> Drawn:
    """One line that is as expected, or need not be."""
    return Drawn((_line(_SAME, text, depth),), False)


def missing(text: str) -> Drawn:
    """One line that is expected and not there."""
    return Drawn((_line(_WANTED, text, 0),), True)


def unexpected(text: str) -> Drawn:
    """One line that is there and not expected."""
    return Drawn((_line(_GOT, text, 0),), True)


def opened(head: str, inner: Sequence[Drawn], tail: str, depth: int = 0) -> Drawn:
    """Something with a line at its begin and one at its end."""
    lines = (_line(_SAME, head, depth), *_near(inner, "  " * (depth + 1)), _line(_SAME, tail, depth))
    return Drawn(lines, any(one.differs for one in inner))


def _near(blocks: Sequence[Drawn], indent: str) -> Iterator[str]:
    """What differs and what is next to it; dots for the rest."""
    changed = [at for at, block in enumerate(blocks) if block.differs]
    near = {at + step for at in changed for step in range(-AROUND, AROUND + 1)}
    dotted = False
    for at, block in enumerate(blocks):
        if at in near:
            yield from block.lines
        elif block.lines and not dotted:
            yield f"{_SAME}{indent}…"
        dotted = at not in near and (dotted or bool(block.lines))


def _fields(wanted: Mapping[str, Any], got: Mapping[str, Any], partial: bool, depth: int) -> list[Drawn]:
    expected = {key_of(key): value for key, value in wanted.items()}

    def field(key: str) -> Drawn:
        there = got.get(key, ABSENT)
        label = f"{key_shown(key)}: "
        return drawn(label, expected.get(key, ABSENT), there, partial=partial, depth=depth, end=",")

    return [field(key) for key in sorted(expected if partial else {**expected, **got})]


def _items(wanted: Sequence[Any], got: Sequence[Any], partial: bool, depth: int) -> list[Drawn]:
    def alike(one: Any, other: Any) -> bool:
        return fits(one, other, partial=partial)

    def item(pair: Pair) -> Drawn:
        expected = ABSENT if pair.wanted is None else wanted[pair.wanted]
        there = ABSENT if pair.got is None else got[pair.got]
        return drawn("", expected, there, partial=partial, depth=depth, end=",")

    return [item(pair) for pair in paired(wanted, got, alike)]


def _whole(mark: str, label: str, value: Any, end: str, depth: int) -> Iterator[str]:
    """A value on as many lines as it needs; nothing where there is none."""
    if value is ABSENT:
        return
    if len(inline(value)) <= SHORT or matcher_of(value) or not isinstance(value, Mapping | list | tuple):
        yield _line(mark, f"{label}{cut(inline(value))}{end}", depth)
        return
    entries = value.items() if isinstance(value, Mapping) else (("", item) for item in value)
    brackets = "{}" if isinstance(value, Mapping) else "[]"
    yield _line(mark, f"{label}{brackets[0]}", depth)
    for key, item in sorted(entries, key=lambda entry: str(entry[0])):
        yield from _whole(mark, f"{key_shown(key)}: " if key else "", item, ",", depth + 1)
    yield _line(mark, f"{brackets[1]}{end}", depth)


def _texts(label: str, wanted: str, got: str, end: str, depth: int) -> Iterator[str]:
    """Two texts: by their lines where they have several, else what is around the first sign that differs."""
    if "\n" in wanted or "\n" in got:
        yield _line(_SAME, f"{label}|", depth)
        yield from _near(_text_lines(wanted.split("\n"), got.split("\n"), depth + 1), "  " * (depth + 1))
        return
    first = next((at for at, (a, b) in enumerate(zip(wanted, got, strict=False)) if a != b), min(len(wanted), len(got)))
    for mark, text in ((_WANTED, wanted), (_GOT, got)):
        yield _line(mark, f"{label}{inline(_window(text, first))}{end}", depth)


def _window(text: str, first: int) -> str:
    start, stop = max(0, first - _BEFORE), first + _BEHIND
    return f"{'…' if start else ''}{text[start:stop]}{'…' if stop < len(text) else ''}"


def _text_lines(wanted: list[str], got: list[str], depth: int) -> list[Drawn]:
    blocks: list[Drawn] = []
    for tag, i, i_end, j, j_end in SequenceMatcher(None, wanted, got, autojunk=False).get_opcodes():
        if tag == "equal":
            blocks += (same(cut(line), depth) for line in wanted[i:i_end])
        else:
            old = (_line(_WANTED, cut(line), depth) for line in wanted[i:i_end])
            new = (_line(_GOT, cut(line), depth) for line in got[j:j_end])
            blocks.append(Drawn((*old, *new), True))
    return blocks


def _line(mark: str, text: str, depth: int) -> str:
    return f"{mark}{'  ' * depth}{text}"
