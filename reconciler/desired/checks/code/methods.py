"""What the code asks of api, against the methods of its trigger."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.desired.checks.code.source import Source
from reconciler.desired.validation import did_you_mean
from reconciler.errors import Diagnostic

_ORDINARY = frozenset(
    [
        "constructor",
        "hasOwnProperty",
        "isPrototypeOf",
        "propertyIsEnumerable",
        "then",
        "toJSON",
        "toLocaleString",
        "toString",
        "valueOf",
    ]
)
"""What every object has, or is asked for by the language itself."""


def method_findings(source: Source) -> Iterator[Diagnostic]:
    """Groups and methods that the trigger does not have. Code that asks first whether there is one is left alone."""
    if not source.trigger or not source.trigger.methods:
        return
    methods = {method.name for method in source.trigger.methods}
    groups = {name.partition(".")[0] for name in methods}
    asked = {use.name for use in source.facts.methods if use.guarded}
    for use in source.facts.methods:
        group, _, method = use.name.partition(".")
        if use.name in asked or group in asked - groups or (method or group) in _ORDINARY:
            continue
        known = methods if method and group in groups else groups
        if use.name not in known and (not method or group in groups):
            message = f"trigger '{source.trigger.id}' has no `api.{use.name}`{_nearest(use.name, known)}"
            yield source.finding(
                "R040", use.at, message, "Take one that it has, or write the action for a trigger that has this one."
            )


def _nearest(name: str, known: set[str]) -> str:
    return did_you_mean(f"api.{name}", {f"api.{each}" for each in known})
