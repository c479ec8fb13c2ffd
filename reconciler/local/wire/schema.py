"""What a request must look like before the gateway lets it through, and its words where it does not.

The shapes are those of the platform's OpenAPI (2026-06-25). The words are z-schema's, which the platform shows as
`Payload validation error: 'Missing required property: name'.` (wire.md, section 0). Only the first problem is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from reconciler.local.refusal import Refusal, invalid_body, invalid_query


@dataclass(frozen=True)
class Shape:
    """A part of JSON Schema: enough for the bodies of this API. `one_of` marks an item that the platform checks as a
    whole and whose inner problem it does not tell. `max_length` 0 is no limit; another comes with the
    OpenAPI's pattern that allows all but NUL."""

    type: str
    description: str = ""
    properties: Mapping[str, Shape] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    closed: bool = False
    items: Shape | None = None
    min_items: int = 0
    max_length: int = 0
    enum: frozenset[str] = frozenset()
    one_of: bool = False


@dataclass(frozen=True)
class Parameter:
    """A query parameter: string, integer or boolean. What is beyond `maximum` is refused; what is beyond `most` is cut,
    where a refusal was not seen. A string must fit the `pattern` as a whole."""

    type: str
    description: str
    maximum: int | None = None
    most: int | None = None
    pattern: str = ""


_NO_NUL = r"^[^\u0000]*$"


def checked_body(body: Any, shape: Shape) -> dict[str, Any]:
    """The body, where it fits; Refusal 400 `invalid_body` where it does not."""
    found = _problem(body, shape, "")
    if found:
        raise invalid_body(found)
    result: dict[str, Any] = body
    return result


def checked_query(given: Mapping[str, str], known: Mapping[str, Parameter]) -> dict[str, Any]:
    """The query with its values parsed; Refusal 400 `invalid_query_string` for an unknown name or a wrong value."""
    unknown = next((name for name in given if name not in known), None)
    if unknown is not None:
        raise invalid_query(f"'Additional properties not allowed: {unknown}'")
    return {name: _parsed(name, text, known[name]) for name, text in given.items()}


def _parsed(name: str, text: str, parameter: Parameter) -> Any:
    if parameter.type == "string":
        if parameter.pattern and not re.fullmatch(parameter.pattern, text):
            raise _query_problem(f"String does not match pattern ^{parameter.pattern}$: {text}", name, parameter)
        return text
    if parameter.type == "boolean":
        if text not in ("true", "false"):
            raise _query_problem("Expected type boolean but found type string", name, parameter)
        return text == "true"
    if not text.removeprefix("-").isascii() or not text.removeprefix("-").isdigit() or len(text) > 9:
        raise _query_problem("Expected type integer but found type string", name, parameter)
    number = int(text)
    if number < 0:
        raise _query_problem(f"Value {number} is less than minimum 0", name, parameter)
    if parameter.maximum is not None and number > parameter.maximum:
        raise _query_problem(f"Value {number} is greater than maximum {parameter.maximum}", name, parameter)
    return number if parameter.most is None else min(number, parameter.most)


def _query_problem(why: str, name: str, parameter: Parameter) -> Refusal:
    return invalid_query(f"'{why}' on property {name} ({parameter.description})")


def _problem(value: Any, shape: Shape, path: str) -> str:
    """The first problem with its place, or nothing."""
    if shape.one_of:
        whole = Shape(**{**vars(shape), "one_of": False})
        return _placed("Data does not match any schemas from 'oneOf'", "", path) if _problem(value, whole, path) else ""
    actual = _type(value)
    if actual != shape.type:
        return _placed(f"Expected type {shape.type} but found type {actual}", shape.description, path)
    return _CHECKS[shape.type](value, shape, path)


def _object_problem(value: Mapping[str, Any], shape: Shape, path: str) -> str:
    missing = next((name for name in shape.required if name not in value), None)
    if missing is not None:
        return _placed(f"Missing required property: {missing}", shape.description, path)
    unknown = next((name for name in value if name not in shape.properties), None)
    if shape.closed and unknown is not None:
        return _placed(f"Additional properties not allowed: {unknown}", shape.description, path)
    inner = (
        _problem(value[name], part, f"{path}.{name}" if path else name)
        for name, part in shape.properties.items()
        if name in value
    )
    return next((found for found in inner if found), "")


def _array_problem(value: list[Any], shape: Shape, path: str) -> str:
    if len(value) < shape.min_items:
        return _placed(f"Array is too short ({len(value)}), minimum {shape.min_items}", shape.description, path)
    if shape.items is None:
        return ""
    inner = (_problem(item, shape.items, f"{path}[{place}]") for place, item in enumerate(value))
    return next((found for found in inner if found), "")


def _string_problem(value: str, shape: Shape, path: str) -> str:
    if shape.max_length and len(value) > shape.max_length:
        why = f"String is too long ({len(value)} chars), maximum {shape.max_length}"
        return _placed(why, shape.description, path)
    if shape.max_length and "\0" in value:
        # z-schema shows the text as well, which may be a secret value
        return _placed(f"String does not match pattern {_NO_NUL}", shape.description, path)
    if shape.enum and value not in shape.enum:
        return _placed(f"No enum match for: {value}", shape.description, path)
    return ""


def _no_problem(value: Any, shape: Shape, path: str) -> str:
    return ""


_CHECKS: dict[str, Callable[[Any, Shape, str], str]] = {
    "object": _object_problem,
    "array": _array_problem,
    "string": _string_problem,
    "boolean": _no_problem,
    "integer": _no_problem,
}


def _placed(why: str, description: str, path: str) -> str:
    where = f" on property {path}" if path else ""
    note = f" ({description.removesuffix('.')})" if description and path else ""
    return f"'{why}'{where}{note}"


def _type(value: Any) -> str:
    if value is None:
        return "null"
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return names[type(value)]
