"""The declarations as text, and the laws of their parts."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.catalogue.triggers import TriggerFacts, triggers
from reconciler.report.editor.api import CHAINED, RETURNS, render_api
from reconciler.report.editor.event import render_event
from reconciler.report.editor.jsdoc import jsdoc
from reconciler.report.editor.names import handler_type, key, pascal
from reconciler.report.editor.node import render_node, render_without_types
from reconciler.report.editor.owner import render_action, render_trigger
from reconciler.report.editor.workspace import NodeTypes, Owner, workspace

EVERY = pytest.mark.parametrize("trigger", triggers().values(), ids=lambda trigger: trigger.id)
LOGIN = triggers()["post-login"]


def plain(trigger: TriggerFacts) -> str:
    """The declarations without comments."""
    return re.sub(r"/\*\*.*?\*/\n\s*", "", render_trigger(trigger), flags=re.DOTALL)


@EVERY
def test_the_same_trigger_gives_the_same_text(trigger: TriggerFacts) -> None:
    assert render_trigger(trigger) == render_trigger(trigger)
    assert render_trigger(trigger).endswith("}\n") or not trigger.version


@EVERY
def test_every_property_is_declared_with_its_description(trigger: TriggerFacts) -> None:
    text = " ".join(render_event(trigger).replace(" * ", " ").split())
    for path, facts in trigger.event.items():
        name = key(path.rpartition(".")[2])
        assert re.search(rf"{re.escape(name)}{'[?]' if facts.optional else ''}:", text), path
        assert " ".join(facts.description.split()) in text, path


@EVERY
def test_every_method_has_its_parameters_and_a_known_answer(trigger: TriggerFacts) -> None:
    text = render_api(trigger)
    for method in trigger.methods:
        assert method.returns == CHAINED or method.returns in RETURNS, method.returns
        assert f"    {method.name.rpartition('.')[2]}(" in text
        for param in method.params:
            assert f"{key(param.name)}{'?' if param.optional else ''}: " in text


@EVERY
def test_every_handler_has_a_type(trigger: TriggerFacts) -> None:
    for handler in trigger.handlers:
        assert f"type {handler_type(handler)} = (" in render_trigger(trigger)


def test_a_trigger_without_documents_may_have_any_event() -> None:
    text = plain(triggers()["mcp-tool"])
    assert "interface McpToolEvent {\n  secrets: Secrets;\n  [key: string]: any;\n}" in text
    assert "interface McpToolAPI {\n  [key: string]: any;\n}" in text


def test_choices_are_unions_and_open_objects_take_any_key() -> None:
    text = plain(LOGIN)
    assert 'mode: "persistent" | "non-persistent";' in text
    assert re.search(r"interface User \{\n(    .*\n)*    \[key: string\]: any;\n  \}", text)
    assert 'response_type?: ("code" | "token" | "id_token")[];' in text
    assert "metadata: { [key: string]: string };" in text
    assert "setMetadata(key: string, value: string | null)" in text


def test_the_platforms_own_module_names_are_there() -> None:
    assert 'declare module "@auth0/actions/post-login/v3" {\n  export type Event = PostLoginEvent;\n' in plain(LOGIN)


def test_secrets_are_exactly_those_and_quoted_where_they_must() -> None:
    text = render_action({"B": "One.", "a-b": "Two."}, [], False)
    assert re.findall(r"readonly (\S+): string;", text) == ["B", '"a-b"']


def test_nodes_global_event_is_left_out() -> None:
    index = '/// <reference path="fs.d.ts" />\n/// <reference path="web-globals/events.d.ts" />\n'
    text = render_node(index, "../x")
    assert '/// <reference path="../x/fs.d.ts" />' in text
    assert "events.d.ts" not in text
    assert "declare var console" in render_without_types()


def test_paths_are_as_seen_from_each_file() -> None:
    owner = Owner("actions/a", "actions/a/src/code.js", LOGIN, 22, modules={"m": "modules/m/code.js"}, packages="/s/k")
    made = workspace([owner], {22: NodeTypes("", "/s/n/node_modules/@types/node")}, ["actions/a", "modules/m"])
    project = json.loads(made.files[".reconciler/types/actions/a/tsconfig.json"].partition("\n")[2])
    assert project["files"][-1] == "../../../../actions/a/src/code.js"
    assert project["compilerOptions"]["typeRoots"] == ["../../node22"]
    assert project["compilerOptions"]["paths"] == {"actions:m": ["../../../../modules/m/code.js"]}
    assert made.links == {"actions/a/node_modules": "/s/k/node_modules"}
    everything = json.loads(made.files[".reconciler/types/tsconfig.json"].partition("\n")[2])
    assert everything["references"] == [{"path": "./actions/a"}, {"path": "./modules/m"}]


@given(st.lists(st.text(max_size=300), max_size=4))
def test_no_words_end_a_comment_or_begin_a_tag(words: list[str]) -> None:
    text = jsdoc(words, "  ")
    assert text.count("*/") == (1 if text else 0)
    assert not re.search(r"(?<!\\)@", text)
    assert all(line.startswith("  ") for line in text.split("\n") if line)


@given(st.text(min_size=1))
def test_any_name_can_be_a_property(name: str) -> None:
    written = key(name)
    assert written == name or json.loads(written) == name


def test_names_keep_their_capitals() -> None:
    assert pascal("authentication.riskAssessment.NewDevice") == "AuthenticationRiskAssessmentNewDevice"
    assert pascal("custom-email-provider") == "CustomEmailProvider"


def test_the_name_of_a_package_is_text_whatever_is_in_it() -> None:
    assert render_action({}, ['x"; declare const y: any; "'], False).endswith(
        'declare module "x\\"; declare const y: any; \\"";\ndeclare module "x\\"; declare const y: any; \\"/*";\n'
    )
