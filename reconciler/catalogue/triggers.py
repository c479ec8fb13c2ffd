"""The triggers the platform has: handlers, runtimes, api methods and a sample event of each.

`triggers.json` was collected from the platform's documents and recordings; its own `generated_from` names them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from pydantic_core import from_json


class Param(NamedTuple):
    """What a method takes in one place. `type` is as the catalogue writes it: `string`, `object[]`, `any JSON value`, …

    `choices` are the only values where the documents list them all, `named` those that they name in any case;
    `properties` those of an object. `only_for` is the `type` of the object around it that it goes with.
    """

    name: str
    type: str
    optional: bool
    choices: tuple[str, ...] = ()
    properties: tuple[Param, ...] = ()
    named: tuple[str, ...] = ()
    only_for: str = ""


class Property(NamedTuple):
    """One property that an event may have. `optional` is relative to its parent; `open` allows further keys. `stage` is
    the plan or release stage that the documents name, `description` for people."""

    type: str
    optional: bool
    open: bool = False
    choices: tuple[str, ...] = ()
    item_choices: tuple[str, ...] = ()
    description: str = ""
    stage: str = ""


class Method(NamedTuple):
    """One method of `api`. `name` is the path below api, such as `access.deny`; `effect` and `limits` are for people to
    read."""

    name: str
    params: tuple[Param, ...]
    ends_flow: bool
    suspends_flow: bool
    returns: str
    effect: str = ""
    limits: str = ""


class TriggerFacts(NamedTuple):
    """What is known of one trigger.

    `bindable` is False for entity-bound triggers, whose binding another resource keeps; `documented` is False for the
    stubs of which only the id is public. `event` is keyed by the path below event, `[]` for the items of an array;
    `every_property` is a sample event that has each of them once.
    """

    id: str
    documented: bool
    version: str
    deprecated_versions: tuple[str, ...]
    runtimes: tuple[str, ...]
    default_runtime: str
    bindable: bool
    handlers: tuple[str, ...]
    methods: tuple[Method, ...]
    event: Mapping[str, Property]
    sample_event: Mapping[str, Any]
    sample_variants: Mapping[str, Mapping[str, Any]]
    every_property: Mapping[str, Any]
    log_success: tuple[str, ...]
    log_failure: tuple[str, ...]


class _Triggers(Mapping[str, TriggerFacts]):
    """Makes the facts of a trigger when they are asked for: most commands use few of them."""

    def __init__(self, entries: Mapping[str, Mapping[str, Any]]) -> None:
        self._entries = entries
        self._made: dict[str, TriggerFacts] = {}

    def __getitem__(self, name: str) -> TriggerFacts:
        if name not in self._made:
            self._made[name] = _facts(self._entries[name])
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


@cache
def triggers() -> Mapping[str, TriggerFacts]:
    """Every trigger by its id, in the platform's own order."""
    return _Triggers(_entries())


def methods() -> Mapping[str, tuple[Method, ...]]:
    """The methods of every trigger by its id, without what takes longer to make: for those that need all of them."""
    return {name: _methods(entry) for name, entry in _entries().items()}


@cache
def _entries() -> Mapping[str, Mapping[str, Any]]:
    raw = from_json(Path(__file__).with_name("triggers.json").read_bytes())
    return {entry["id"]: entry for entry in raw["triggers"]}


def runtime(trigger: TriggerFacts, name: str) -> str:
    """The id under which that trigger offers a runtime: `node18` is `node18-actions` for most.

    Unknown names come back as they are.
    """
    alias = f"{name}-actions"
    return alias if name not in trigger.runtimes and alias in trigger.runtimes else name


def _facts(entry: Mapping[str, Any]) -> TriggerFacts:
    codes = entry["tenant_log_codes"]
    return TriggerFacts(
        id=entry["id"],
        documented=entry["documented"],
        version=entry["current_version"] or "",
        deprecated_versions=tuple(entry["deprecated_versions"] or ()),
        runtimes=tuple(entry["runtimes"] or ()),
        default_runtime=entry["default_runtime"] or "",
        bindable=entry["binding_policy"] == "trigger-bound",
        handlers=tuple(handler["name"] for handler in entry["handlers"]),
        methods=_methods(entry),
        event={path: _property(each) for path, each in (entry["event"] or {}).items()},
        sample_event=entry["sample_event"] or {},
        sample_variants=entry["sample_event_variants"] or {},
        every_property=entry["sample_event_every_property"] or {},
        log_success=tuple(codes.get("success") or ()),
        log_failure=tuple(codes.get("failure") or ()),
    )


def _methods(entry: Mapping[str, Any]) -> tuple[Method, ...]:
    return tuple(_method(method) for method in entry["api"] or ())


def _method(entry: Mapping[str, Any]) -> Method:
    return Method(
        name=entry["method"],
        params=tuple(_param(each) for each in entry["params"]),
        ends_flow=bool(entry.get("ends_pipeline")),
        suspends_flow=bool(entry.get("suspends_pipeline")),
        returns=entry.get("returns") or "",
        effect=entry["effect"],
        limits=entry["limits"] or "",
    )


def _param(entry: Mapping[str, Any]) -> Param:
    """A list of choices that its own note calls incomplete is none; a reason that older pages call optional is."""
    return Param(
        name=entry["name"],
        type=entry["type"],
        optional=entry["optional"] or entry.get("note", "").startswith("optional"),
        choices=() if "enum_note" in entry else tuple(entry.get("enum") or ()),
        properties=tuple(_param(each) for each in entry.get("properties") or ()),
        named=tuple(entry.get("enum") or ()),
        only_for=entry.get("for", ""),
    )


def _property(entry: Mapping[str, Any]) -> Property:
    return Property(
        type=entry["type"],
        optional=entry["optional"],
        open=bool(entry.get("open")),
        choices=tuple(entry.get("enum") or ()),
        item_choices=tuple(entry.get("item_enum") or ()),
        description=entry["description"],
        stage=entry.get("stage", ""),
    )
