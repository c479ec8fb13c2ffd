"""The platform's own OpenAPI, operation by operation: routed, guarded by the documented scopes, and as strict as it
says about queries and bodies."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from reconciler.local.wire.tokens import SCOPES
from tests.local.tenant.opened import Session, opened

UNKNOWN = "0c5b7f3e-9f52-4d0a-8a3b-4f6d3f0f9a11"
SAMPLES: dict[str, Any] = {"string": "text", "integer": 1, "number": 1, "boolean": True}
SAMPLE_PARAMETERS = {"sort": "date:1", "fields": "date", "triggerId": "post-login"}
TRIGGER = "is no documented trigger"
"""The one thing that the service refuses, not the schema: a tenant's own list says which triggers it has, and that of
today has `mcp-tool`, which the enumeration of the OpenAPI does not know."""


@dataclass(frozen=True)
class Documented:
    """One operation as the OpenAPI has it; schemas are JSON Schema without references."""

    name: str
    summary: str
    scopes: tuple[str, ...]
    query: Mapping[str, Any]
    body: Mapping[str, Any] | None

    @property
    def method(self) -> str:
        return self.name.split()[0]

    @property
    def path(self) -> str:
        """Its path, with the id of nothing."""
        path = self.name.split()[1].replace("{triggerId}", "post-login")
        return "/api/v2" + re.sub(r"{\w+}", UNKNOWN, path)

    async def called(self, session: Session, body: Any = None, **query: Any) -> httpx.Response:
        """The answer to that body, or to the least that is accepted."""
        sent = sample(self.body) if body is None and self.body else body
        return await session.send(self.method, self.path, sent, **query)


def _operations() -> list[Documented]:
    document = json.loads((Path(__file__).parent / "openapi.json").read_text())
    return [
        Documented(name, each["summary"], tuple(each["scopes"]), each["query"], each.get("body"))
        for name, each in document["operations"].items()
    ]


OPERATIONS = _operations()
pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_every_documented_operation_is_routed(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        unrouted = [each.name for each in OPERATIONS if _is_unrouted(await each.called(session))]
    assert unrouted == []


async def test_every_operation_demands_its_documented_scopes(tmp_path: Path) -> None:
    demanded = {}
    for scope in SCOPES:
        async with opened(tmp_path, scope=scope) as session:
            for each in OPERATIONS:
                if scope not in each.scopes:
                    demanded[each.name, scope] = (await each.called(session)).json()["message"]
    wanted = {each.name: f"Insufficient scope, expected any of: {', '.join(each.scopes)}" for each in OPERATIONS}
    assert demanded == {key: wanted[key[0]] for key in demanded}
    assert {name for name, _ in demanded} == set(wanted)


async def test_what_is_written_is_logged_by_the_summary_of_its_operation(tmp_path: Path) -> None:
    writing = [each for each in OPERATIONS if each.method != "GET"]
    async with opened(tmp_path) as session:
        for each in writing:
            await each.called(session)
        logged = await session.answer("GET", "/api/v2/logs", sort="date:1")
    assert [entry["description"] for entry in logged] == [each.summary for each in writing]


async def test_no_operation_takes_a_parameter_that_is_not_documented(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        for each in OPERATIONS:
            answer = await each.called(session, unheard="of")
            assert answer.json()["message"] == (
                "Query validation error: 'Additional properties not allowed: unheard'."
            ), each.name


async def test_every_documented_parameter_is_taken_and_its_type_insisted_on(tmp_path: Path) -> None:
    parameters = [(each, name, schema) for each in OPERATIONS for name, schema in each.query.items()]
    refused, taken = [], []
    async with opened(tmp_path) as session:
        for each, name, schema in parameters:
            good = SAMPLE_PARAMETERS.get(name) or str(SAMPLES[schema["type"]]).lower()
            if _query_refused(await each.called(session, **{name: good})):
                refused.append(f"{each.name}: {name}={good}")
            for bad in _bad_values(schema):
                if not _query_refused(await each.called(session, **{name: bad})):
                    taken.append(f"{each.name}: {name}={bad}")
    assert (refused, taken) == ([], [])


async def test_every_body_is_refused_where_its_schema_refuses_it(tmp_path: Path) -> None:
    taken = []
    async with opened(tmp_path) as session:
        for each in OPERATIONS:
            for what, body in _broken_bodies(each):
                answer = await each.called(session, body)
                if what.endswith(TRIGGER):
                    assert answer.status_code in (400, 404)
                elif answer.json().get("errorCode") != "invalid_body":
                    taken.append(f"{each.name} {what}: {answer.status_code} {answer.text[:120]}")
    assert taken == []


def _is_unrouted(answer: httpx.Response) -> bool:
    return answer.status_code == 404 and answer.json()["message"] == "Not Found"


def _query_refused(answer: httpx.Response) -> bool:
    return answer.status_code == 400 and answer.json().get("errorCode") == "invalid_query_string"


def _bad_values(schema: Mapping[str, Any]) -> list[str]:
    bad = {"integer": ["x", "-1"] if "minimum" in schema else ["x"], "boolean": ["1"], "string": []}[schema["type"]]
    return bad + ([str(schema["maximum"] + 1)] if "maximum" in schema else [])


def sample(schema: Mapping[str, Any]) -> Any:
    """The least that fits a schema, with one item in every list and every property that may be there."""
    if "oneOf" in schema:
        return sample(schema["oneOf"][0])
    if "enum" in schema:
        return schema["enum"][0]
    kind = _type(schema)
    if kind == "object":
        return {name: sample(inner) for name, inner in schema.get("properties", {}).items()}
    if kind == "array":
        return [sample(schema["items"])]
    return SAMPLES[kind]


def _type(schema: Mapping[str, Any]) -> str:
    kind = schema.get("type", "object")
    return str(kind if isinstance(kind, str) else next(each for each in kind if each != "null"))


def _broken_bodies(operation: Documented) -> Iterator[tuple[str, Any]]:
    """Every way to break the body in one place."""
    if operation.body is None:
        return
    whole = sample(operation.body)
    for path, schema in _places(operation.body, ()):
        for what, value in _broken(schema, _at(whole, path)):
            yield f"{'.'.join(map(str, path)) or 'body'} {what}", _with(whole, path, value)


def _places(schema: Mapping[str, Any], path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], Mapping[str, Any]]]:
    """Every place of a schema, with the schema there."""
    chosen = schema["oneOf"][0] if "oneOf" in schema else schema
    yield path, chosen
    for name, inner in chosen.get("properties", {}).items():
        yield from _places(inner, (*path, name))
    if "items" in chosen:
        yield from _places(chosen["items"], (*path, 0))


def _broken(schema: Mapping[str, Any], value: Any) -> Iterator[tuple[str, Any]]:
    yield "is of another type", [] if _type(schema) != "array" else {}
    if schema.get("additionalProperties") is False:
        yield "has an unknown property", {**value, "unheard": 1}
    for name in schema.get("required", ()):
        yield f"lacks {name}", {key: inner for key, inner in value.items() if key != name}
    if "minItems" in schema:
        yield "has too few items", []
    if "maxLength" in schema:
        yield f"is longer than {schema['maxLength']}", "x" * (schema["maxLength"] + 1)
    if "enum" in schema:
        yield TRIGGER if "post-login" in schema["enum"] else "is none of its values", "unheard"


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def _with(whole: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    changed = copy.deepcopy(whole)
    _at(changed, path[:-1])[path[-1]] = value
    return changed
