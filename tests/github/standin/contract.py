"""Holds requests and answers against GitHub's own description of its API."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from tests.github.description import USED, description
from tests.github.standin.state import Seen

Json = dict[str, Any]


def operation_of(seen: Seen) -> str:
    """Which of USED a request is; empty where it is none."""
    path = seen.path.removeprefix("/api/v3")
    return next((used for used in USED if seen.method == used.split()[0] and _pattern(used).fullmatch(path)), "")


def broken_rules(seen: Seen) -> list[str]:
    """What of a request, or of its answer, is not as described; every sentence names the operation."""
    operation = operation_of(seen)
    return odd_of_request(seen) + ([f"{operation}: {each}" for each in _of_answer(seen)] if operation else [])


def odd_of_request(seen: Seen) -> list[str]:
    """What of a request is not as described."""
    operation = operation_of(seen)
    if not operation:
        return [f"{seen.method} {seen.path} is no operation"]
    told = _told(operation)
    found = [*_of_query(told, seen), *_of_path(told, operation, seen), *_of_body(told, seen)]
    return [f"{operation}: {each}" for each in found]


def _of_query(told: Json, seen: Seen) -> list[str]:
    known = {each["name"]: each["schema"] for each in _parameters(told) if each["in"] == "query"}
    found = [f"query {name} is unknown" for name in seen.query if name not in known]
    for name, value in seen.query.items():
        schema = known.get(name, {})
        found += _problems(schema, int(value) if schema.get("type") == "integer" else value, f"query {name}")
    return found


def _of_path(told: Json, operation: str, seen: Seen) -> list[str]:
    match = _pattern(operation).fullmatch(seen.path.removeprefix("/api/v3"))
    found = []
    for each in _parameters(told):
        if each["in"] == "path" and match:
            value = match[each["name"]]
            schema = each["schema"]
            found += _problems(schema, int(value) if schema["type"] == "integer" else value, f"path {each['name']}")
    return found


def _of_body(told: Json, seen: Seen) -> list[str]:
    if "requestBody" not in told:
        return ["a body was sent"] if seen.body else []
    schema = told["requestBody"]["content"]["application/json"]["schema"]
    return _problems(_closed(schema), seen.json, "body")


def _of_answer(seen: Seen) -> list[str]:
    answer = _told(operation_of(seen))["responses"].get(str(seen.status))
    if answer is None:
        basic = {"$ref": "#/components/schemas/basic-error"}
        undocumented = seen.status not in (401, 403, 404, 422, 429)
        return [f"{seen.status} is never answered"] if undocumented else _problems(basic, seen.answer, str(seen.status))
    answer = _resolved(answer)
    if "content" not in answer:
        return [f"{seen.status} has a body"] if seen.answer is not None and seen.status == 204 else []
    return _problems(answer["content"]["application/json"]["schema"], seen.answer, str(seen.status))


def _told(operation: str) -> Json:
    method, _, path = operation.partition(" ")
    told: Json = description()["paths"][path][method.lower()]
    return told


def _problems(schema: Json, value: Any, what: str) -> list[str]:
    whole = {**_as_json_schema(schema), "components": _components()}
    errors = Draft202012Validator(whole).iter_errors(value)
    return [f"{what} {'.'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in errors]


def _parameters(told: Json) -> list[Json]:
    return [_resolved(each) for each in told.get("parameters", ())]


def _resolved(value: Json) -> Json:
    if "$ref" not in value:
        return value
    _, _, kind, name = value["$ref"].split("/")
    found: Json = description()["components"][kind][name]
    return found


def _as_json_schema(value: Any) -> Any:
    """OpenAPI 3.0 says `nullable` where JSON Schema has a type of its own."""
    if isinstance(value, list):
        return [_as_json_schema(each) for each in value]
    if not isinstance(value, Mapping):
        return value
    plain = {key: _as_json_schema(each) for key, each in value.items() if key != "nullable" or each is not True}
    return {"anyOf": [plain, {"type": "null"}]} if value.get("nullable") is True else plain


def _closed(value: Any) -> Any:
    """The schema of what we send, without room for what it does not name."""
    if isinstance(value, list):
        return [_closed(each) for each in value]
    if not isinstance(value, Mapping):
        return value
    closed = {key: _closed(each) for key, each in value.items()}
    if value.get("type") == "object" and "properties" in value and "oneOf" not in closed:
        closed.setdefault("additionalProperties", False)
    return closed


@cache
def _components() -> Json:
    converted: Json = _as_json_schema(description()["components"])
    return converted


@cache
def _pattern(operation: str) -> re.Pattern[str]:
    path = operation.partition(" ")[2]
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))
