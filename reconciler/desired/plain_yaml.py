"""YAML text to plain values at once, for files in which nothing is unusual: nearly all. What is wrong with the others,
and where things stand, `located_yaml` finds by the same rules.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

import yaml
from yaml.events import AliasEvent, MappingEndEvent, MappingStartEvent, ScalarEvent, SequenceEndEvent, StreamEndEvent

Path = tuple[str | int, ...]
"""The way from the top of a document to a value: keys and positions."""


class Mark(Protocol):
    """A place as the parser has it; line and column count from 0."""

    @property
    def line(self) -> int: ...

    @property
    def column(self) -> int: ...


class Places(NamedTuple):
    """Where values and keys stand: the parser's own marks, as few of them are ever asked for."""

    values: Mapping[Path, Mark] = MappingProxyType({})
    keys: Mapping[Path, Mark] = MappingProxyType({})


MOST_DEPTH = 100
MOST_VALUES = 200_000

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS: Mapping[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NO_KEYS = frozenset({*_WORDS, "<<"})
_BEGIN_NUMBERS = frozenset("-+0123456789")
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]{1,2})?")


def scalar(text: str) -> Any:
    """What a word without quotes stands for."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _BEGIN_NUMBERS:
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text) and not text.lstrip("+-").isdigit():
        return float(text)
    return text


class Unusual(Exception):
    """The file holds something that is wrong, or that is to be read with more care."""


def plain(text: str) -> tuple[Any, Places]:
    """What a file holds, with the places of what stands at its top (paths of at most one step). Raises Unusual."""
    reader = _Reader(text)
    try:
        return reader.document()
    except yaml.YAMLError as problem:
        raise Unusual from problem
    finally:
        reader.dispose()


class _Reader:
    """Builds the value from the parser's events, which take most of the time: little is done with each."""

    def __init__(self, text: str) -> None:
        try:
            parser = LOADER(text)
        except yaml.YAMLError as problem:
            raise Unusual from problem
        self.dispose = parser.dispose
        self._next = parser.get_event
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._count = 0
        self._values: list[Any] = []
        self._keys: list[Any] = []

    def document(self) -> tuple[Any, Places]:
        """The value of the one document, and its places."""
        self._next()
        if type(self._next()) is StreamEndEvent:
            return None, Places()
        value = self._value(self._next(), 0)
        self._next()
        if type(self._next()) is not StreamEndEvent:
            raise Unusual
        return value, self._places(value)

    def _places(self, value: Any) -> Places:
        steps = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
        below = [(step,) for step in steps]
        return Places(
            values=dict(zip([(), *below], self._values, strict=True)),
            keys=dict(zip(below, self._keys, strict=True)) if self._keys else {},
        )

    def _value(self, event: Any, depth: int) -> Any:
        self._count += 1
        if depth < 2:
            self._values.append(event.start_mark)
        kind = type(event)
        if kind is AliasEvent:
            return self._alias(event.anchor)
        if event.tag or depth == MOST_DEPTH:
            raise Unusual
        before = self._count
        if kind is ScalarEvent:
            value = scalar(event.value) if event.implicit[0] else event.value
        else:
            value = self._mapping(depth + 1) if kind is MappingStartEvent else self._sequence(depth + 1)
        if event.anchor:
            self._anchors[event.anchor] = (value, self._count - before + 1)
        return value

    def _sequence(self, depth: int) -> list[Any]:
        items: list[Any] = []
        following = self._next
        while type(event := following()) is not SequenceEndEvent:
            items.append(self._value(event, depth))
        return items

    def _mapping(self, depth: int) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        following = self._next
        while type(event := following()) is not MappingEndEvent:
            if type(event) is not ScalarEvent or event.tag or event.anchor:
                raise Unusual
            key = event.value
            if key in fields or (event.implicit[0] and (key in _NO_KEYS or key[0] in _BEGIN_NUMBERS)):
                raise Unusual
            if depth == 1:
                self._keys.append(event.start_mark)
            fields[key] = self._value(following(), depth)
        return fields

    def _alias(self, anchor: str) -> Any:
        if anchor not in self._anchors:
            raise Unusual
        value, size = self._anchors[anchor]
        self._count += size
        if self._count > MOST_VALUES:
            raise Unusual
        return value
