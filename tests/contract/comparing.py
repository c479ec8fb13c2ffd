"""Compares an answer of the embedded tenant with the recorded one.

Keys count with their order. Values count as they are, apart from what cannot be equal: ids must stand for the same
thing throughout a recording, stamps must have the same relations (equal where equal, before where before, 0/3/6/9
digits), tokens and durations must be of the same type. Dependencies and trigger lists are sets (wire.md, section 9).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.contract.instants import parse_rfc3339

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.(\d{3}|\d{6}|\d{9}))?Z")
_STAMP_KEYS = {"created_at", "updated_at", "built_at", "build_time"}
_TYPED_KEYS = {"access_token"}


@dataclass(frozen=True)
class Difference:
    """One difference: its kind, where it is, and both sides."""

    kind: str  # status, keys or value
    place: str
    recorded: Any
    actual: Any

    def __str__(self) -> str:
        return f"{self.kind} {self.place or 'answer'}: recorded {self.recorded!r:.120}, here {self.actual!r:.120}"


@dataclass
class Names:
    """What stands for what in one recording: recorded ids and stamps against those of the embedded tenant."""

    ids: dict[str, str] = field(default_factory=dict)
    stamps: dict[int, int] = field(default_factory=dict)

    def here(self, text: str) -> str:
        """The text of a request with every recorded id replaced."""
        return UUID.sub(lambda match: self.ids.get(match[0], match[0]), text)

    def same_id(self, recorded: str, actual: str) -> bool:
        taken = actual in self.ids.values() and self.ids.get(recorded) != actual
        return not taken and self.ids.setdefault(recorded, actual) == actual

    def same_stamp(self, recorded: str, actual: str) -> bool:
        if not _STAMP.fullmatch(actual):
            return False
        one, other = parse_rfc3339(recorded), parse_rfc3339(actual)
        if one in self.stamps:
            return self.stamps[one] == other
        kept = all((one < known) == (other < mapped) and other != mapped for known, mapped in self.stamps.items())
        self.stamps[one] = other
        return kept


def differences(recorded: Any, actual: Any, names: Names, place: str = "") -> Iterator[Difference]:
    """Every difference between two bodies."""
    if isinstance(recorded, dict) and isinstance(actual, dict):
        yield from _object_differences(recorded, actual, names, place)
    elif isinstance(recorded, list) and isinstance(actual, list):
        yield from _list_differences(recorded, actual, names, place)
    elif not _same(recorded, actual, names, place.rpartition(".")[2].partition("[")[0]):
        yield Difference("value", place, recorded, actual)


def _object_differences(
    recorded: dict[str, Any], actual: dict[str, Any], names: Names, place: str
) -> Iterator[Difference]:
    if list(recorded) != list(actual):
        yield Difference("keys", place, list(recorded), list(actual))
    for key in recorded:
        if key in actual:
            yield from differences(recorded[key], actual[key], names, f"{place}.{key}" if place else key)


def _list_differences(recorded: list[Any], actual: list[Any], names: Names, place: str) -> Iterator[Difference]:
    if place.endswith(("dependencies", "triggers")) and not place.endswith("supported_triggers"):
        recorded, actual = _sorted(recorded), _sorted(actual)
    if len(recorded) != len(actual):
        yield Difference("value", place, f"{len(recorded)} items", f"{len(actual)} items")
        return
    for number, (one, other) in enumerate(zip(recorded, actual, strict=True)):
        yield from differences(one, other, names, f"{place}[{number}]")


def _same(recorded: Any, actual: Any, names: Names, key: str) -> bool:
    if type(recorded) is not type(actual):
        return False
    if key in _TYPED_KEYS or key.endswith("_duration_ms"):
        return True
    if isinstance(recorded, str) and key in _STAMP_KEYS:
        return names.same_stamp(recorded, actual)
    if isinstance(recorded, str) and UUID.fullmatch(recorded):
        return UUID.fullmatch(actual) is not None and names.same_id(recorded, actual)
    return bool(recorded == actual)


def _sorted(values: list[Any]) -> list[Any]:
    return sorted(values, key=lambda value: json.dumps(value, sort_keys=True))
