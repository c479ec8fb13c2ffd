"""Whether a value is as expected, and where it is not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from enum import Enum
from itertools import zip_longest
from typing import Any, Final, NamedTuple

from reconciler.engine.matchers import LISTS, TYPES, Matcher, found, key_of, matcher_of

_WORD = re.compile(r"[A-Za-z_$][\w$]*", re.ASCII)


class Absent(Enum):
    """Nothing is there: neither a value nor null."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT


class Mismatch(NamedTuple):
    """One place below a value that is not as expected. `path` is as code would write it (`.user.roles[0]`); ABSENT
    stands for nothing, as what was expected or as what there is."""

    path: str
    wanted: Any
    got: Any


def fits(wanted: Any, got: Any, *, partial: bool = False) -> bool:
    """Whether the value is as expected. With `partial` an object may have more keys than are written."""
    return next(mismatches(wanted, got, partial=partial), None) is None


def mismatches(wanted: Any, got: Any, path: str = "", *, partial: bool = False) -> Iterator[Mismatch]:
    """Every place where the value is not as expected; `wanted` may hold matchers.

    Both are as JSON and YAML are parsed, objects dicts. Values are equal as JSON: 1 is 1.0, and neither is true. With
    `partial` an object may have more keys than are written, at any depth; lists must agree in length and order.
    """
    matcher = matcher_of(wanted)
    if matcher:
        if not _matched(matcher, got):
            yield Mismatch(path, wanted, got)
    elif isinstance(wanted, dict) and isinstance(got, dict):
        yield from _of_objects(wanted, got, path, partial)
    elif isinstance(wanted, LISTS) and isinstance(got, LISTS):
        for at, (expected, there) in enumerate(zip_longest(wanted, got, fillvalue=ABSENT)):
            if not _same_text(expected, there):
                yield from mismatches(expected, there, f"{path}[{at}]", partial=partial)
    elif not _equal(wanted, got):
        yield Mismatch(path, wanted, got)


def step(key: str) -> str:
    """One step of a path: `.name`, or in brackets what is no word."""
    return f".{key}" if _WORD.fullmatch(key) else f"[{json.dumps(key, ensure_ascii=False)}]"


def _of_objects(wanted: dict[str, Any], got: dict[str, Any], path: str, partial: bool) -> Iterator[Mismatch]:
    expected = {key_of(key): value for key, value in wanted.items()}
    for key, value in expected.items():
        there = got.get(key, ABSENT)
        if not _same_text(value, there):
            yield from mismatches(value, there, path + step(key), partial=partial)
    for key in () if partial else got:
        if key not in expected:
            yield Mismatch(path + step(key), ABSENT, got[key])


def _same_text(wanted: Any, got: Any) -> bool:
    """What most values are, and what no path need be made for."""
    return isinstance(wanted, str) and wanted == got


def _matched(matcher: Matcher, got: Any) -> bool:
    name, argument = matcher
    if name == "$absent":
        return got is ABSENT
    if got is ABSENT:
        return False
    if name == "$any":
        return argument is True or (argument in TYPES and TYPES[argument](got))
    if name == "$regex":
        return isinstance(argument, str) and isinstance(got, str) and found(argument, got)
    return name == "$contains" and _contains(got, argument)


def _contains(got: Any, part: Any) -> bool:
    """A text has that part; a list has an element that fits, or for each of a list one; an object has those keys."""
    if isinstance(got, str):
        return isinstance(part, str) and part in got
    if isinstance(got, LISTS):
        parts = part if isinstance(part, LISTS) else (part,)
        return all(any(fits(each, item, partial=True) for item in got) for each in parts)
    return isinstance(got, dict) and isinstance(part, dict) and fits(part, got, partial=True)


def _equal(wanted: Any, got: Any) -> bool:
    if wanted is ABSENT or got is ABSENT:
        return wanted is got
    return isinstance(wanted, bool) == isinstance(got, bool) and bool(wanted == got)
