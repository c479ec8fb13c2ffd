"""A configuration of auth0-deploy-cli, in the shape of its own examples, becomes a repository: a directory as well as
a YAML file."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.desired.a0deploy.files import load_raw
from reconciler.desired.a0deploy.markers import hidden, quoted, shown
from reconciler.desired.a0deploy.reading import read_configuration
from reconciler.engine.naming import safe
from reconciler.errors import InvalidInput
from tests.run.conftest import Home

CONFIGURATIONS = Path(__file__).parent / "a0deploy"
FORMS = {"directory": CONFIGURATIONS / "directory", "yaml": CONFIGURATIONS / "yaml" / "tenant.yaml"}


def imported(home: Home, capsys: pytest.CaptureFixture[str], path: Path, *options: str) -> Any:
    capsys.readouterr()
    told = ("--from-a0deploy", str(path), "--name", "acme", "--format", "json")
    assert home.reconciler("import", *told, *options) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("form", FORMS)
def test_both_forms_become_the_same_repository(empty: Home, capsys: pytest.CaptureFixture[str], form: str) -> None:
    made = imported(empty, capsys, FORMS[form], "--tenant", "local", "--local")
    assert (made["actions"], made["modules"], made["flows"]) == (
        ["Enrich: token", "notify"],
        ["auth-helper"],
        ["post-login"],
    )
    assert (empty.folder / "flows/post-login.yaml").read_text().splitlines()[1:] == [
        "trigger: post-login",
        "bindings:",
        "  - {action: notify, display_name: Tell Slack}",
        "  - 'Enrich: token'",
    ]
    assert (empty.folder / f"actions/{safe('Enrich: token')}/action.yaml").read_text().splitlines()[1:] == [
        "name: 'Enrich: token'",
        "trigger: post-login",
        "runtime: node22",
        "secrets:",
        "  API_KEY: {keep: true}",
        "  LEVEL: {keep: true}",
        "modules:",
        "  auth-helper: 1",
    ]
    empty.commit("import")
    assert empty.reconciler("validate") == 0


@pytest.mark.parametrize("form", FORMS)
def test_what_git_has_otherwise_or_not_at_all_is_told(
    empty: Home, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    made = imported(empty, capsys, FORMS[form])
    assert {(each["kind"], each["name"]) for each in made["left"]} == {
        ("action", "shelved"),
        ("action", "market"),
        ("binding", "market"),
    }
    changed = [each["why"] for each in made["changed"] if each["name"] == "notify"]
    assert len(changed) == 3
    assert "it was written for v1 of post-login; git deploys for v3." in changed
    assert any("node12 ended on" in why for why in changed)
    assert any("@@NOTIFY_SECRETS@@" in why for why in changed)
    code = f"actions/{safe('Enrich: token')}/code.js"
    assert made["markers"] == [{"file": code, "line": 2, "word": "##ENV##"}]
    assert "##ENV##" in (empty.folder / code).read_text()
    assert {(each["name"], each["secret"]) for each in made["secrets"]} == {
        ("Enrich: token", "API_KEY"),
        ("Enrich: token", "LEVEL"),
        ("auth-helper", "JWT_SECRET"),
    }


def test_no_tenant_is_needed(empty: Home, capsys: pytest.CaptureFixture[str]) -> None:
    made = imported(empty, capsys, FORMS["yaml"])
    assert not [path for path in made["files"] if path.startswith("tenants/")]
    assert empty.reconciler("import", "--from-a0deploy", str(FORMS["yaml"]), "--name", "acme") == 64
    assert "has a reconciler.yaml already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("path", "text", "says"),
    [
        ("actions/enrich.json", '{"name": }', "actions/enrich.json:1:10: this is not valid JSON"),
        ("actions/enrich.json", "[]", "actions/enrich.json: this is not a mapping."),
        ("triggers/triggers.json", "nothing", "triggers.json:1:1: this is not valid JSON"),
    ],
)
def test_a_broken_file_is_told_with_its_place(
    empty: Home, capsys: pytest.CaptureFixture[str], path: str, text: str, says: str
) -> None:
    shutil.copytree(FORMS["directory"], empty.folder / "config")
    empty.write(f"config/{path}", text)
    assert empty.reconciler("import", "--from-a0deploy", str(empty.folder / "config"), "--name", "acme") == 1
    assert says in capsys.readouterr().err
    assert not (empty.folder / "reconciler.yaml").exists()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: [", "this is not valid YAML"),
        ("actions: {name: x}", "'actions' is not a list of mappings."),
        ("clients: []", "the configuration holds no actions."),
        ("- a", "this is not a mapping."),
        ("a: !!python/object:os.system x", "this is not valid YAML"),
    ],
)
def test_a_broken_yaml_file_is_told(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "tenant.yaml").write_text(text)
    with pytest.raises(InvalidInput) as told:
        load_raw(tmp_path / "tenant.yaml")
    assert says in str(told.value.diagnostics[0])


def test_code_outside_the_configuration_is_not_read(empty: Home, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(FORMS["directory"], empty.folder / "config")
    empty.write("secret.js", "exports.onExecutePostLogin = async () => {};")
    file = "config/actions/notify.json"
    empty.change(file, "directory/actions/notify/code.js", "../secret.js")
    made = imported(empty, capsys, empty.folder / "config")
    assert "its code file ../secret.js is not there." in {each["why"] for each in made["left"]}


def written(folder: Path, *, triggers: object = None, module: str = "helper", **action: object) -> Path:
    """A configuration with one action and one module."""
    post_login = [{"id": "post-login", "version": "v3"}]
    files: dict[str, object] = {
        "actions/greet.json": {"name": "greet", "code": "./greet.js", "supported_triggers": post_login, **action},
        "action-modules/helper.json": {"name": module, "code": "./helper.js"},
        "triggers/triggers.json": triggers or {},
    }
    for path, value in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(json.dumps(value))
    (folder / "greet.js").write_text("exports.onExecutePostLogin = async () => {};\n")
    (folder / "helper.js").write_text("exports.a = 1;\n")
    return folder


@pytest.mark.parametrize("listed", ["@@BINDINGS@@", [{"action_name": "greet"}, "@@ONE@@"]])
def test_a_flow_that_cannot_be_read_whole_is_left_alone_and_told(tmp_path: Path, listed: object) -> None:
    read = read_configuration(written(tmp_path, triggers={"post-login": listed}))
    assert read.desired.flows == ()
    (left,) = read.left
    assert (left.kind, left.name) == ("flow", "post-login") and "stand behind @@" in left.why


@pytest.mark.parametrize("part", ["dependencies", "modules"])
def test_an_action_that_cannot_be_read_whole_is_left_alone_and_told(tmp_path: Path, part: str) -> None:
    action = {part: "##PARTS##"}
    read = read_configuration(written(tmp_path, **action))
    assert read.desired.actions == ()
    assert [each.why for each in read.left] == [
        f"its {part} stand behind ##PARTS##, which only auth0-deploy-cli can replace."
    ]


def test_a_module_of_a_name_that_no_tenant_takes_is_left_alone(tmp_path: Path) -> None:
    read = read_configuration(written(tmp_path, module="../Helper"))
    assert read.desired.modules == () and [each.name for each in read.left] == ["../Helper"]


@pytest.mark.parametrize("code", ["exports.x = 'hunter2';\n" * 400, "a\0b", "x" * 5000])
def test_code_in_place_of_its_file_is_told_and_not_shown(tmp_path: Path, code: str) -> None:
    read = read_configuration(written(tmp_path, code=code))
    assert read.desired.actions == () and len(read.left[0].why) < 200


@pytest.mark.parametrize("secrets", ["hunter2", ["hunter2"], {"TOKEN": "hunter2"}])
def test_secrets_that_are_no_list_are_told_and_no_value_of_them(tmp_path: Path, secrets: object) -> None:
    read = read_configuration(written(tmp_path, secrets=secrets))
    assert [each.name for each in read.changed] == ["greet"]
    assert "hunter2" not in f"{read}"


def test_versions_are_taken_as_they_are_written(tmp_path: Path) -> None:
    text = "actions:\n  - name: a\n    dependencies: [{name: x, version: 1.10}, {name: y, version: 2026-01-01}]\n"
    (tmp_path / "tenant.yml").write_text(text)
    (action,) = load_raw(tmp_path / "tenant.yml").actions
    assert [each["version"] for each in action["dependencies"]] == ["1.10", "2026-01-01"]


@given(st.lists(st.sampled_from(["##A##", "@@B@@", "x", " ", "#", '"', ":", "##"]), max_size=8).map("".join))
def test_markers_come_back_as_they_were(text: str) -> None:
    assert shown({hidden(text): [hidden(text)]}) == {text: [text]}
    assert json.loads(quoted(json.dumps({"a": text}))) == {"a": text}


def test_a_bare_marker_in_json_is_text() -> None:
    assert json.loads(quoted('{"a": @@LIST@@, "b": ##N##, "c": "x ##D## \\" @@E@@"}')) == {
        "a": "@@LIST@@",
        "b": "##N##",
        "c": 'x ##D## " @@E@@',
    }
