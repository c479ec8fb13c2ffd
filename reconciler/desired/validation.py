"""From a parsed file to a document; each complaint of pydantic becomes one plain sentence with its place."""

from __future__ import annotations

import copy
import difflib
from collections.abc import Iterable, Mapping
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from reconciler.desired.documents import RENAMED
from reconciler.desired.located_yaml import Source
from reconciler.desired.patterns import PATTERNS
from reconciler.desired.plain_yaml import Path
from reconciler.errors import Diagnostic, Span

T = TypeVar("T")
_MAPPING, _LIST, _FRACTION = "a mapping of names to values", "a list", "a number"
_WANTED = {
    "string_type": "text",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": _FRACTION,
    "float_parsing": _FRACTION,
    "dict_type": _MAPPING,
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "tuple_type": _LIST,
    "list_type": _LIST,
}


class Located(NamedTuple, Generic[T]):
    """A document and the file it was read from, with the place of everything in it."""

    document: T
    source: Source

    @property
    def file(self) -> str:
        """The file's path in the repository."""
        return self.source.file

    def span(self, *path: str | int) -> Span:
        """Where a value stands; where its nearest parent stands if it is not written."""
        return self.source.span(*path)

    def key(self, *path: str | int) -> Span:
        """Where the key of a value stands."""
        return self.source.key(*path)


def closest(word: str, known: Iterable[str]) -> str | None:
    """The closest of the known words, or None where none is close."""
    return next(iter(difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)), None)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?` for the closest of the known words, or `.` where none is close."""
    close = closest(word, known)
    return f"; did you mean '{close}'?" if close is not None else "."


def validated(source: Source, adapter: TypeAdapter[T]) -> tuple[Located[T] | None, tuple[Diagnostic, ...]]:
    """The document that a file holds, or None, and every problem with it, those of its syntax included."""
    if source.broken:
        return None, source.diagnostics
    if source.value is None:
        return None, (*source.diagnostics, Diagnostic(Span(source.file, 1, 1), "the file is empty.", "Fill it in."))
    try:
        return Located(adapter.validate_python(source.value), source), source.diagnostics
    except ValidationError as problem:
        document = _without_unknown_fields(source, adapter, problem)
        return document, (*source.diagnostics, *_diagnostics(problem, source, adapter))


def _without_unknown_fields(source: Source, adapter: TypeAdapter[T], problem: ValidationError) -> Located[T] | None:
    """The document where unknown fields are all that is wrong, so that what they hide is found in the same go."""
    errors = problem.errors(include_url=False, include_input=False)
    if any(error["type"] != "extra_forbidden" for error in errors):
        return None
    value = copy.deepcopy(source.value)
    for error in errors:
        *parents, name = _path(error["loc"], value)
        _at(value, tuple(parents)).pop(name, None)
    try:
        return Located(adapter.validate_python(value), source)
    except ValidationError:
        return None


def _diagnostics(problem: ValidationError, source: Source, adapter: TypeAdapter[Any]) -> Iterable[Diagnostic]:
    wanted: dict[Path, list[str]] = {}
    for error in problem.errors(include_url=False):
        path = _path(error["loc"], source.value)
        if error["type"] in _WANTED:
            wanted.setdefault(path, []).append(_WANTED[error["type"]])
        else:
            yield _diagnostic(error, path, source, adapter)
    for path, kinds in wanted.items():
        given = _name_of(_at(source.value, path))
        message = f"{_field(path)} must be {' or '.join(dict.fromkeys(kinds))}, but it is {given}."
        remedy = "Put it in quotes." if kinds == ["text"] and given in _QUOTABLE else ""
        yield Diagnostic(source.span(*path), message, remedy)


def _diagnostic(error: ErrorDetails, path: Path, source: Source, adapter: TypeAdapter[Any]) -> Diagnostic:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown_field(path, source, adapter)
    if kind in ("missing", "union_tag_not_found"):
        name = str(error["loc"][-1]) if kind == "missing" else "type"
        return Diagnostic(source.span(*path), f"field '{name}' is missing.", f"Add `{name}:`.")
    if kind == "union_tag_invalid":
        path = (*path, "type")
    return Diagnostic(source.span(*path), f"{_field(path)} {_sentence(error, context)}", "")


def _unknown_field(path: Path, source: Source, adapter: TypeAdapter[Any]) -> Diagnostic:
    *above, last = path
    name, place = str(last), source.key(*path)
    known = sorted(_allowed(adapter, tuple(above)))
    if name in known:  # those of every member of a union
        return Diagnostic(place, f"the field '{name}' belongs to another `type`.", "Remove it.")
    if RENAMED.get(name) in known:
        return Diagnostic(place, f"the field '{name}' is called '{RENAMED[name]}' now.", f"Write `{RENAMED[name]}:`.")
    under = next((each for each in known if name in _allowed(adapter, (*above, each))), "")
    if under:
        return Diagnostic(place, f"unknown field '{name}'.", f"It belongs under `{under}:`.")
    return Diagnostic(place, f"unknown field '{name}'{did_you_mean(name, known)}", "")


def _sentence(error: ErrorDetails, context: Mapping[str, Any]) -> str:
    kind = error["type"]
    if kind == "literal_error":
        words = str(context["expected"]).replace("True", "true").removeprefix("'', ")  # empty: the field is left out
        return f"must be {words}."
    if kind == "union_tag_invalid":
        return f"must be {str(context['expected_tags']).replace(', ', ' or ')}, not '{context['tag']}'."
    if kind == "string_pattern_mismatch":
        return PATTERNS.get(str(context["pattern"]), "is not in the right form") + "."
    if kind == "string_too_short":
        return "must not be empty."
    if kind == "string_too_long":
        return f"must not be longer than {context['max_length']} characters."
    return error["msg"].replace("Input should", "must").removeprefix("Value error, ") + "."


_QUOTABLE = ("a whole number", "a number", "true or false")


def _path(loc: tuple[int | str, ...], value: Any) -> Path:
    """The part of pydantic's location that is in the file: names of union members are left out, and a missing
    field's own name."""
    path: list[str | int] = []
    for part in loc:
        inside = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
        if part in inside:
            value = value[part]
            path.append(part)
    return tuple(path)


def _at(value: Any, path: Path) -> Any:
    for part in path:
        value = value[part]
    return value


def _field(path: Path) -> str:
    names = [part for part in path if isinstance(part, str)]
    return f"'{names[-1]}'" if names and path[-1] == names[-1] else "this entry" if path else "the document"


def _name_of(value: Any) -> str:
    match value:
        case None:
            return "empty"
        case bool():
            return "true or false"
        case int():
            return "a whole number"
        case float():
            return "a number"
        case str():
            return "text"
        case list():
            return "a list"
    return "a mapping"


def _allowed(adapter: TypeAdapter[Any], path: Path) -> set[str]:
    """The fields that may stand in the mapping at that path: read from the JSON Schema, as pydantic does not tell."""
    schema = adapter.json_schema()
    definitions = schema.get("$defs", {})
    nodes = _expanded([schema], definitions)
    for part in path:
        nodes = _expanded([child for node in nodes for child in _children(node, part)], definitions)
    return {name for node in nodes for name in node.get("properties", {})}


def _children(node: Mapping[str, Any], part: str | int) -> Iterable[Mapping[str, Any]]:
    if isinstance(part, int):
        return [node["items"]] if "items" in node else []
    if part in node.get("properties", {}):
        return [node["properties"][part]]
    extra = node.get("additionalProperties")
    return [extra] if isinstance(extra, dict) else []


def _expanded(nodes: Iterable[Mapping[str, Any]], definitions: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        found.append(node)
        if "$ref" in node:
            waiting.append(definitions[node["$ref"].rpartition("/")[2]])
        waiting += [*node.get("anyOf", ()), *node.get("oneOf", ()), *node.get("allOf", ())]
    return found
