from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import BaseModel

from reconciler.desired import documents, tenant_documents
from reconciler.desired.located_yaml import parse
from reconciler.desired.schema import render_schema, schemas, write_schemas
from reconciler.desired.validation import did_you_mean, validated
from reconciler.model.flow import Binding
from reconciler.model.lock import Lock

SCHEMAS = Path(__file__).parents[2] / "schemas"


def test_an_action_needs_a_name_and_a_trigger_only() -> None:
    located, problems = validated(parse(b"name: a\ntrigger: post-login\n", "actions/a/action.yaml"), documents.ACTION)
    assert not problems
    assert located
    assert (located.document.code, located.document.runtime) == ("code.js", "")


def test_a_secret_comes_from_a_key_a_value_or_the_dashboard() -> None:
    text = b"name: a\ntrigger: t\nsecrets: {A: a_key, B: {value: b}, C: {keep: true}}\n"
    located, _ = validated(parse(text, "x"), documents.ACTION)
    assert located
    kinds = [type(spec) for spec in located.document.secrets.values()]
    assert kinds == [str, documents.PlainSecret, documents.KeptSecret]


def test_bindings_are_names_or_names_with_a_display_name() -> None:
    text = b"trigger: post-login\nbindings: [a, {action: b, display_name: B}, {action: c}]\n"
    located, _ = validated(parse(text, "x"), documents.FLOW)
    assert located
    assert located.document.ordered() == (
        Binding(action="a"),
        Binding(action="b", display_name="B"),
        Binding(action="c"),
    )
    assert located.span("bindings", 1, "action").column == 24


def test_credentials_are_names_of_variables_with_the_usual_defaults() -> None:
    located, _ = validated(parse(b"type: auth0\ndomain: localhost:8443\n", "x"), tenant_documents.TENANT)
    assert located
    assert isinstance(located.document, tenant_documents.Auth0Tenant)
    assert located.document.credentials.model_dump() == {
        "client_id": "AUTH0_CLIENT_ID",
        "client_secret": "AUTH0_CLIENT_SECRET",
        "private_key": "AUTH0_CLIENT_PRIVATE_KEY",
        "access_token": "AUTH0_ACCESS_TOKEN",
    }


def test_unknown_fields_do_not_hide_the_rest_of_a_document() -> None:
    located, problems = validated(parse(b"name: a\ntrigger: t\nextra: {deep: 1}\n", "x"), documents.ACTION)
    assert located
    assert located.document.name == "a"
    assert [problem.message for problem in problems] == ["unknown field 'extra'."]


@pytest.mark.parametrize(("word", "said"), [("runtme", "; did you mean 'runtime'?"), ("zzz", ".")])
def test_a_close_word_is_suggested(word: str, said: str) -> None:
    assert did_you_mean(word, ["runtime", "trigger"]) == said


@pytest.mark.parametrize("name", schemas())
def test_the_schema_files_are_fresh(name: str) -> None:
    assert (SCHEMAS / name).read_text() == render_schema(schemas()[name])


@pytest.mark.parametrize("name", schemas())
def test_every_field_of_a_document_is_described_in_its_schema(name: str) -> None:
    schema = schemas()[name]
    assert schema["$schema"].endswith("2020-12/schema")
    assert schema["title"]
    assert schema["description"]
    if not name.endswith("cases.schema.json"):
        fields = [*schema.get("properties", {}).values()]
        for definition in schema.get("$defs", {}).values():
            fields += definition.get("properties", {}).values()
        assert all("description" in field for field in fields)


def test_models_of_outputs_are_added_by_name(tmp_path: Path) -> None:
    extra: dict[str, type[BaseModel]] = {"plan": Lock}
    written = write_schemas(tmp_path / "schemas", extra)
    assert {file.name for file in written} == {*schemas(), "plan.schema.json"}
    assert json.loads((tmp_path / "schemas/plan.schema.json").read_text())["title"] == "plan"
