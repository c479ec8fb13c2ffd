"""A tenant that people made by hand becomes a repository, which plans nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from reconciler.cli import status
from reconciler.engine.naming import safe
from reconciler.settings import now
from tests.local.tenant.opened import ACTIONS, CODE, SHARED, Session, opened
from tests.run.conftest import Home

EXCHANGE = [{"id": "custom-token-exchange", "version": "v1"}]
OLD = [{"id": "post-login", "version": "v2"}]
SIGN_UP = [{"id": "pre-user-registration", "version": "v2"}]
SIGN_UP_FLOW = "/api/v2/actions/triggers/pre-user-registration/bindings"


def by_hand(home: Home, deeds: Callable[[Session], Awaitable[None]]) -> None:
    """Does something in the tenant through the Management API."""

    async def done() -> None:
        async with opened(home.folder / ".reconciler" / "tenants" / "local", clock=now) as session:
            await deeds(session)

    asyncio.run(done())


async def a_login(session: Session) -> None:
    """Three actions with names that people give, one with secrets, bound with names of their own."""
    await session.deployed("Enrich: token", code="exports.onExecutePostLogin = async () => {}; // ü\r\n\r\n")
    await session.deployed("notify", secrets=[{"name": "TOKEN", "value": "hush"}, {"name": "URL", "value": "hush"}])
    await session.deployed("Notify", runtime="node18-actions")
    await settled(session)
    bindings = [
        {"ref": {"type": "action_name", "value": "notify"}, "display_name": "Tell them"},
        {"ref": {"type": "action_name", "value": "Enrich: token"}, "display_name": "Enrich: token"},
        {"ref": {"type": "action_name", "value": "Notify"}},
        {"ref": {"type": "action_name", "value": "notify"}},
    ]
    await session.answer("PATCH", "/api/v2/actions/triggers/post-login/bindings", {"bindings": bindings})


async def settled(session: Session, *never: str) -> None:
    """Waits for the moment that passes after a deploy; `never` names actions that are not deployed."""
    while not all(
        (each.get("deployed_version") or {}).get("deployed") or each["name"] in never
        for each in (await session.answer("GET", ACTIONS))["actions"]
    ):
        await asyncio.sleep(0.02)


def imported(home: Home, capsys: pytest.CaptureFixture[str], *options: str) -> Any:
    """What an import of the tenant `local` tells programs."""
    capsys.readouterr()
    assert home.reconciler("import", "--tenant", "local", "--format", "json", *options) == 0
    return json.loads(capsys.readouterr().out)


BEGIN = ("--name", "acme", "--local")


def plan(home: Home, capsys: pytest.CaptureFixture[str]) -> Any:
    capsys.readouterr()
    assert home.reconciler("plan", "--format", "json") == 0
    return json.loads(capsys.readouterr().out)


def test_a_tenant_made_by_hand_becomes_a_repository_that_plans_nothing(
    empty: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    by_hand(empty, a_login)
    made = imported(empty, capsys, *BEGIN)
    assert made["actions"] == ["Enrich: token", "Notify", "notify"]
    assert made["flows"] == ["post-login"]
    assert made["left"] == made["changed"] == []
    assert [(each["name"], each["secret"]) for each in made["secrets"]] == [("notify", "TOKEN"), ("notify", "URL")]
    empty.commit("import")
    assert empty.reconciler("validate") == 0
    planned = plan(empty, capsys)
    assert planned["actions"] == planned["flows"] == planned["modules"] == []
    assert planned["unstamped"] == ["Enrich: token", "Notify", "notify"]
    assert empty.reconciler("plan", "--detailed-exitcode") == 0
    assert "= adopt notify (as git has it; no commit recorded)" in capsys.readouterr().out


def test_the_files_are_as_a_person_would_write_them(empty: Home, capsys: pytest.CaptureFixture[str]) -> None:
    by_hand(empty, a_login)
    made = imported(empty, capsys, *BEGIN)
    folder = safe("Enrich: token")
    assert [path for path in made["files"] if not path.startswith("schemas/")] == sorted(
        [
            *(f"actions/{name}/{file}" for name in (folder, "Notify", safe("notify")) for file in FILES),
            "flows/post-login.yaml",
            "reconciler.yaml",
            "tenants/local.yaml",
        ]
    )
    assert (empty.folder / f"actions/{safe('notify')}/action.yaml").read_text() == (
        "# yaml-language-server: $schema=../../schemas/action.schema.json\n"
        "name: notify\ntrigger: post-login\nruntime: node22\nsecrets:\n  TOKEN: {keep: true}\n  URL: {keep: true}\n"
    )
    assert (empty.folder / "flows/post-login.yaml").read_text() == (
        "# yaml-language-server: $schema=../schemas/flow.schema.json\n"
        "trigger: post-login\nbindings:\n  - {action: notify, display_name: Tell them}\n"
        "  - 'Enrich: token'\n  - Notify\n  - notify\n"
    )
    assert (empty.folder / f"actions/{folder}/code.js").read_bytes() == (
        "exports.onExecutePostLogin = async () => {}; // ü\n".encode()
    )
    assert (empty.folder / "schemas/action.schema.json").is_file()


OLD_NODE = ("--allow", "end-of-life")
FILES = ("action.yaml", "code.js")


async def what_is_left_alone(session: Session) -> None:
    await session.create("never deployed")
    edited = await session.deployed("edited")
    await session.answer("PATCH", f"{ACTIONS}/{edited['id']}", {"code": "// not yet"})
    await session.deployed("exchange", supported_triggers=EXCHANGE)
    await session.deployed("older", supported_triggers=OLD, runtime="node22")
    await session.deployed("broken", code="exports.onExecutePostLogin = async () => {")
    await session.deployed("other event", code="exports.onExecuteCredentialsExchange = async () => {};")
    await session.built()
    await settled(session, "never deployed")
    await session.bind("older", "edited", "broken")


def test_what_git_cannot_hold_is_left_alone_and_told(empty: Home, capsys: pytest.CaptureFixture[str]) -> None:
    by_hand(empty, what_is_left_alone)
    made = imported(empty, capsys, *BEGIN)
    assert made["actions"] == ["edited"]
    left = {(each["kind"], each["name"]): each["why"] for each in made["left"]}
    assert left.keys() == {
        ("action", "never deployed"),
        ("action", "exchange"),
        ("action", "older"),
        ("action", "broken"),
        ("action", "other event"),
        ("draft", "edited"),
        ("binding", "older"),
    }
    assert "never deployed" in left["action", "never deployed"]
    assert "v2 of post-login" in left["action", "older"]
    assert left["action", "broken"].startswith("`validate` refuses it: the code does not parse")
    empty.commit("import")
    planned = plan(empty, capsys)
    assert (planned["actions"], planned["flows"], planned["unstamped"]) == ([], [], ["edited"])


async def with_a_module(session: Session) -> None:
    helper = await session.published("auth-helper", secrets=[{"name": "KEY", "value": "hush"}])
    await session.module("unpublished")
    await session.deployed("greet", modules=[helper])
    await session.deployed("count", supported_triggers=SIGN_UP, code=CODE.replace("PostLogin", "PreUserRegistration"))
    await settled(session)
    await session.bind("greet")


def test_modules_come_along(empty: Home, capsys: pytest.CaptureFixture[str]) -> None:
    by_hand(empty, with_a_module)
    made = imported(empty, capsys, *BEGIN)
    assert (made["modules"], made["actions"], made["flows"]) == (["auth-helper"], ["count", "greet"], ["post-login"])
    assert [(each["kind"], each["name"]) for each in made["left"]] == [("module", "unpublished")]
    assert [(each["kind"], each["name"], each["secret"]) for each in made["secrets"]] == [
        ("module", "auth-helper", "KEY")
    ]
    assert (empty.folder / "modules/auth-helper/code.js").read_text() == SHARED + "\n"
    assert "modules:\n  auth-helper: 1\n" in (empty.folder / "actions/greet/action.yaml").read_text()
    empty.commit("import")
    planned = plan(empty, capsys)
    assert planned["actions"] == planned["flows"] == planned["modules"] == []


def test_an_action_whose_module_is_left_alone_is_left_alone_too(
    empty: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    by_hand(empty, with_a_module)
    made = imported(empty, capsys, *BEGIN, "--except", "auth-helper")
    assert (made["modules"], made["actions"], made["flows"]) == ([], ["count"], [])
    assert "it uses auth-helper, which is left alone." in {each["why"] for each in made["left"]}


def test_importing_deploys_nothing_and_writes_no_value(empty: Home, capsys: pytest.CaptureFixture[str]) -> None:
    by_hand(empty, a_login)
    before = _logged(empty)
    imported(empty, capsys, *BEGIN)
    assert _logged(empty) == before
    for file in empty.folder.rglob("*"):
        if file.is_file() and ".reconciler" not in file.parts and ".git" not in file.parts:
            assert "hush" not in file.read_text()


def _logged(home: Home) -> list[Any]:
    found: list[Any] = []

    async def read(session: Session) -> None:
        found.extend(await session.answer("GET", "/api/v2/logs", per_page=100))

    by_hand(home, read)
    return [each["log_id"] for each in found]


def test_nothing_is_overwritten(empty: Home, capsys: pytest.CaptureFixture[str]) -> None:
    by_hand(empty, a_login)
    imported(empty, capsys, *BEGIN)
    empty.write("flows/post-login.yaml", "trigger: post-login\nbindings: []\n")
    before = _files(empty.folder)
    assert empty.reconciler("import", "--tenant", "local") == 1
    said = capsys.readouterr().err
    assert "flows/post-login.yaml: the file is there already." in said
    assert "actions/Notify/code.js: the file is there already." in said
    assert _files(empty.folder) == before


def test_a_file_that_cannot_be_written_leaves_the_folder_as_it_was(
    empty: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    by_hand(empty, a_login)
    empty.write("tenants", "a file where a folder is needed")
    before = _files(empty.folder)
    assert empty.reconciler("import", "--tenant", "local", *BEGIN) == 64
    assert "tenants is not a folder, and tenants/local.yaml is to be in it." in capsys.readouterr().err
    assert _files(empty.folder) == before


def _files(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in files
        if not {".git", ".reconciler"} & set(file.relative_to(folder).parts)
    }


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ((), "There is no reconciler.yaml here."),
        (("--name", "acme"), "There is no tenants/local.yaml."),
        (("--name", "acme", "--local", "--domain", "acme.eu.auth0.com"), "not both"),
        (("--name", "acme", "--local", "--except", "typo"), "has no action or module typo"),
    ],
)
def test_an_import_that_cannot_begin_says_what_it_needs(
    empty: Home, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], says: str
) -> None:
    assert empty.reconciler("import", "--tenant", "local", *options) == 64
    assert says in capsys.readouterr().err


def test_a_wrong_domain_or_name_is_told_as_in_any_file(empty: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        empty.reconciler("import", "--tenant", "prod", "--name", "a b", "--domain", "https://acme.eu.auth0.com/") == 1
    )
    said = capsys.readouterr().err
    assert "must be a domain without https://" in said
    assert "must be of letters" in said


def test_a_folder_outside_git_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["import", "--repo", str(tmp_path), "--tenant", "local", *BEGIN]) == 1
    assert "is not in a git repository" in capsys.readouterr().err


def test_a_repository_that_has_its_files_already_gives_them_no_second_time(
    empty: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    empty.write("reconciler.yaml", "name: acme\n")
    empty.write("tenants/local.yaml", "type: local\n")
    by_hand(empty, a_login)
    made = imported(empty, capsys)
    assert not {"reconciler.yaml", "tenants/local.yaml"} & set(made["files"])
    assert empty.reconciler("import", "--tenant", "local", "--name", "other") == 64
    assert empty.reconciler("import", "--tenant", "local", "--local") == 64


def test_people_are_told_what_is_missing_and_what_to_do(empty: Home, capsys: pytest.CaptureFixture[str]) -> None:
    by_hand(empty, a_login)
    capsys.readouterr()
    assert empty.reconciler("import", "--tenant", "local", *BEGIN) == 0
    said = capsys.readouterr().out
    assert said.startswith("Imported 3 actions and 1 flow from local into ")
    assert "  action notify: TOKEN\n" in said
    assert "reconciler secrets set KEY --tenant local" in said


def test_the_commit_is_recorded_where_that_is_wanted_by_one_deploy_of_each(
    empty: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    by_hand(empty, a_login)
    imported(empty, capsys, *BEGIN)
    commit = empty.commit("import")
    assert empty.reconciler("apply", "--yes") == 0
    assert plan(empty, capsys)["unstamped"] == ["Enrich: token", "Notify", "notify"]
    assert empty.reconciler("plan", "--stamp", *OLD_NODE, "--detailed-exitcode") == 2
    assert "(to record the commit)" in capsys.readouterr().out
    assert empty.reconciler("apply", "--stamp", *OLD_NODE, "--yes") == 0
    capsys.readouterr()
    planned = plan(empty, capsys)
    assert (planned["actions"], planned["unstamped"]) == ([], [])
    for name in ("Enrich: token", "Notify", "notify"):
        assert empty.reconciler("versions", name) == 0
        assert commit[:7] in capsys.readouterr().out
    assert empty.reconciler("apply", "--stamp", "--yes") == 0
    assert "no new version" in (said := capsys.readouterr().out) or "Nothing to change" in said


def test_a_saved_plan_that_records_commits_is_applied_as_it_was_approved(
    empty: Home, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    by_hand(empty, a_login)
    imported(empty, capsys, *BEGIN)
    empty.commit("import")
    saved = str(tmp_path / "plan.json")
    assert empty.reconciler("plan", "--stamp", "--out", saved, *OLD_NODE) == 0
    assert empty.reconciler("apply", saved, "--yes", *OLD_NODE) == 0
    assert plan(empty, capsys)["unstamped"] == []


async def what_runs_with_mistakes(session: Session) -> None:
    code = "exports.onExecutePostLogin = async (event, api) => {\n  api.access.denyy(event.secrets.GONE);\n};\n"
    await session.deployed("mistaken", code=code)


def test_code_that_runs_with_mistakes_is_written_and_then_found(
    empty: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    by_hand(empty, what_runs_with_mistakes)
    made = imported(empty, capsys, *BEGIN)
    assert (made["actions"], made["left"]) == (["mistaken"], [])
    assert empty.reconciler("validate") == 1
    told = capsys.readouterr().err
    assert "actions/mistaken/code.js:2:14: R040" in told and "actions/mistaken/code.js:2:34: R020" in told
