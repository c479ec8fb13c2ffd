"""Whether a call is one that the host lets through: a method of the trigger, with arguments of its types.

The host checks this where the call is made, and throws. Here it is checked once more, since code that found the host's
socket could tell of calls that no api would take.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from reconciler.catalogue.triggers import Param, TriggerFacts
from reconciler.model.execution import Call

NULL_REMOVES = frozenset({"session.setMetadata", "refreshToken.setMetadata"})
"""Their value is a string by its type, and null removes the pair by their effect."""


def sound(facts: TriggerFacts, calls: Iterable[Call]) -> tuple[Call, ...]:
    """Those of the calls that the api of that trigger takes."""
    methods = {method.name: method.params for method in facts.methods}
    return tuple(call for call in calls if call.method in methods and _all_fit(call, methods[call.method]))


def _all_fit(call: Call, params: Sequence[Param]) -> bool:
    if call.method.startswith("cache."):
        return True  # tells what is wrong by its answer, and has no effect on the flow
    given = (*call.args, *(None for _ in params[len(call.args) :]))
    nullable = call.method in NULL_REMOVES
    return all(_fits(param, value) or (nullable and value is None) for param, value in zip(params, given, strict=False))


def _fits(param: Param, value: Any) -> bool:
    if param.type == "any JSON value" or (param.optional and value is None):
        return True
    if not _is(param.type, value):
        return False
    below = value if isinstance(value, Mapping) else {}
    return all(_fits(each, below.get(each.name)) for each in param.properties)


def _is(kind: str, value: Any) -> bool:
    if kind.endswith("array of those"):
        items = value if isinstance(value, list | tuple) else (value,)
        return all(item is None or isinstance(item, str | int | float) for item in items)
    if kind.endswith("[]"):
        return isinstance(value, list | tuple) and all(_is(kind.removesuffix("[]"), item) for item in value)
    return any(_IS[name](value) for name in kind.split(" | "))


_IS = {
    "string": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "object": lambda value: isinstance(value, Mapping),
}
