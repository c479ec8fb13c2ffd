"""Whether an event has the shape that the platform documents for its trigger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.catalogue.triggers import Property

Table = Mapping[str, Property]

ITEMS = "[]"
GIVEN_BY_PLATFORM = frozenset({"secrets"})
"""Laid in when the action runs, so events are written without them."""


def misshapen(table: Table, event: Mapping[str, Any]) -> tuple[str, ...]:
    """The paths where the event has something else than the documented object or array; null counts as nothing there.

    What an action does with such an event says nothing, so it is not worth firing one.
    """
    return tuple(_misshapen(table, "", event))


def problems(table: Table, event: Mapping[str, Any]) -> tuple[str, ...]:
    """What does not fit, one sentence each, in the order of the event; empty where the event validates.

    A property that is not documented, one of another type or not among the documented values, and one that is missing
    though its parent has it always. Items of an array may have further keys: what is known of them comes from older
    pages, and some say that the keys vary.
    """
    return (*_object(table, "", event, open_=False),)


def unknown(table: Table, event: Mapping[str, Any]) -> tuple[str, ...]:
    """The paths of properties that the event of that trigger never has: most likely misspelt."""
    return tuple(dict.fromkeys(_unknown(table, "", event)))


def _object(table: Table, path: str, value: Mapping[str, Any], *, open_: bool) -> Iterator[str]:
    children = _children(table, path)
    for name, child in children.items():
        if name not in value and not child.optional and name not in GIVEN_BY_PLATFORM:
            yield f"{_at(path, name)} is missing."
    for name, item in value.items():
        below = _at(path, name)
        if name in children:
            yield from _value(table, below, children[name], item)
        elif not open_ and children:
            yield f"{below} is not documented."


def _value(table: Table, path: str, known: Property, value: Any) -> Iterator[str]:
    if not _fits(known.type, value):
        yield f"{path} must be {known.type}."
        return
    if known.choices and value not in known.choices:
        yield f"{path} must be one of {', '.join(known.choices)}."
    items = value if isinstance(value, list) else ()
    if known.item_choices and any(item not in known.item_choices for item in items):
        yield f"{path} must hold only {', '.join(known.item_choices)}."
    if isinstance(value, Mapping):
        yield from _object(table, path, value, open_=known.open)
    for item in items:
        if isinstance(item, Mapping):
            yield from _object(table, path + ITEMS, item, open_=True)


def _misshapen(table: Table, path: str, value: Mapping[str, Any]) -> Iterator[str]:
    for name, known in _children(table, path).items():
        item, below = value.get(name), _at(path, name)
        if item is None or (not known.type.startswith("object") and not known.type.endswith(ITEMS)):
            continue
        if not _fits(known.type, item):
            yield f"{below} must be {known.type}."
        elif isinstance(item, Mapping):
            yield from _misshapen(table, below, item)


def _unknown(table: Table, path: str, value: Mapping[str, Any]) -> Iterator[str]:
    children = _children(table, path)
    closed = not path or not (path in table and table[path].open)
    for name, item in value.items():
        below = _at(path, name)
        if name in children:
            if isinstance(item, Mapping):
                yield from _unknown(table, below, item)
        elif closed and children:
            yield below


def _children(table: Table, path: str) -> dict[str, Property]:
    start = f"{path}." if path else ""
    names = ((name.removeprefix(start), each) for name, each in table.items() if name.startswith(start))
    return {name: each for name, each in names if "." not in name and ITEMS not in name}


def _fits(kind: str, value: Any) -> bool:
    if kind.endswith(ITEMS):
        return isinstance(value, list) and all(_fits(kind.removesuffix(ITEMS), item) for item in value)
    if kind == "object<string,string>":
        return isinstance(value, Mapping) and all(isinstance(item, str) for item in value.values())
    return _IS[kind](value)


_IS = {
    "string": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "object": lambda value: isinstance(value, Mapping),
}


def _at(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
