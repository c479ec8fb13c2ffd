"""Modules of a repository, on their whole way into a tenant and out of it."""

from __future__ import annotations

import asyncio
import json
import re

import pytest

from reconciler.engine import normalize
from reconciler.engine.guards.facts import Facts
from reconciler.model.action import ModuleUse
from reconciler.model.module import LiveModule
from reconciler.model.tenant import Live
from tests.run.attempts import FLOW, Attempt, Scene, applied, attempt, in_scene
from tests.run.conftest import TOKEN, Home

HELPER = "exports.shout = (text) => `${text}${actions.secrets.SIGN ?? ''}`;\n"
LOUDER = "exports.shout = (text) => `${text.toUpperCase()}${actions.secrets.SIGN ?? ''}`;\n"
GREET = """const { shout } = require("actions:helper");
exports.onExecutePostLogin = async (event, api) => {
  api.idToken.setCustomClaim('hello', shout(event.user.email));
};
"""
CASE = """- name: greets
  event: {user: {email: ada@example.com}}
  module_secrets: {helper: {KEY: test-key}}
  expect: {api: [{method: idToken.setCustomClaim, args: [hello, ada@example.com!]}]}
"""
ACTION = "name: greet\ntrigger: post-login\nmodules: {helper: latest}\n"
MODULE = "name: helper\nsecrets:\n  KEY: token\n  SIGN: {value: '!'}\n"


@pytest.fixture
def shared(home: Home) -> Home:
    """A repository with a module that one of its two actions uses."""
    home.write("modules/helper/module.yaml", MODULE)
    home.write("modules/helper/code.js", HELPER)
    home.write("actions/greet/action.yaml", ACTION)
    home.write("actions/greet/code.js", GREET)
    home.write("actions/greet/cases.yaml", CASE)
    assert home.reconciler("lock") == 0
    home.commit("with a module")
    return home


def helper(live: Live) -> LiveModule:
    found = live.module("helper")
    assert found is not None
    return found


def numbers(live: Live) -> tuple[list[int], dict[str, list[int]]]:
    """The versions of the module, and the one that each live action uses."""
    uses = {each.name: [use.number for use in each.version.content.modules] for each in live.actions if each.version}
    return [version.number for version in helper(live).versions], {name: used for name, used in uses.items() if used}


def _short(write: str) -> str:
    """A write without ids: `POST modules/*/versions`."""
    return re.sub(r"[0-9a-f-]{36}|post-login", "*", write.replace("/api/v2/actions/", "")).replace(
        "actions/actions", "actions"
    )


def louder(home: Home) -> str:
    home.write("modules/helper/code.js", LOUDER)
    home.change("actions/greet/cases.yaml", "ada@example.com!", "ADA@EXAMPLE.COM!")
    assert home.reconciler("lock") == 0
    return home.commit("louder")


def test_a_module_is_published_and_runs_in_a_login(shared: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert shared.reconciler("apply", "--yes") == 0
    told = capsys.readouterr()
    assert "+ create module helper as version 1 (not in the tenant)" in told.out
    assert "published module helper version 1" in told.err
    assert "to local: module helper version 1, greet version 1, guard version 1." in told.out
    assert shared.reconciler("plan", "--detailed-exitcode") == 0
    capsys.readouterr()
    assert shared.reconciler("login", "--format", "json") == 0
    run = json.loads(capsys.readouterr().out)
    assert run["executions"][1]["calls"][0]["args"][1].endswith("!")


def test_what_was_published_is_told_to_machines(shared: Home, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert shared.reconciler("apply", "--yes", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["published"] == [{"module": "helper", "number": 1}]


def test_the_writes_come_in_the_order_modules_actions_bindings(shared: Home) -> None:
    made = attempt(shared, "HEAD")
    assert made.failure is None
    assert [_short(write) for write in made.writes] == [
        "POST modules",
        "POST modules/*/versions",
        "POST actions",
        "POST actions",
        "POST actions/*/deploy",
        "POST actions/*/deploy",
        "PATCH triggers/*/bindings",
    ]
    assert attempt(shared, "HEAD").writes == []


def test_a_changed_module_is_published_and_the_actions_that_use_the_latest_follow(shared: Home) -> None:
    attempt(shared, "HEAD")
    made = attempt(shared, louder(shared))
    assert made.failure is None
    assert numbers(made.after) == ([2, 1], {"greet": [2]})
    assert helper(made.after).versions[0].provenance == helper(made.after).draft.provenance
    assert attempt(shared, "HEAD").writes == []


def test_a_commit_that_touches_no_module_publishes_nothing(shared: Home) -> None:
    attempt(shared, "HEAD")
    shared.change("actions/greet/code.js", "hello", "greeting")
    shared.change("actions/greet/cases.yaml", "[hello", "[greeting")
    made = attempt(shared, shared.commit("other claim"))
    assert numbers(made.after) == ([1], {"greet": [1]})
    assert not any("modules" in write for write in made.writes)


def test_going_back_in_git_uses_the_older_version_once_more(shared: Home) -> None:
    first = shared.git("rev-parse", "HEAD")
    attempt(shared, first)
    attempt(shared, louder(shared))
    made = attempt(shared, first)
    assert made.failure is None
    assert numbers(made.after) == ([2, 1], {"greet": [1]})
    assert [_short(write) for write in made.writes][:1] == ["POST modules/*/rollback"]
    assert attempt(shared, first).writes == []


def test_a_number_pins_an_action_to_a_version(shared: Home) -> None:
    attempt(shared, "HEAD")
    shared.change("actions/greet/action.yaml", "latest", "1")
    made = attempt(shared, louder(shared))
    assert numbers(made.after) == ([2, 1], {"greet": [1]})
    shared.change("actions/greet/action.yaml", "1", "2")
    assert numbers(attempt(shared, shared.commit("pin 2")).after) == ([2, 1], {"greet": [2]})


def test_a_number_that_is_not_there_is_refused_by_name(shared: Home, capsys: pytest.CaptureFixture[str]) -> None:
    shared.change("actions/greet/action.yaml", "latest", "7")
    assert shared.reconciler("lock") == 0
    shared.commit("pin 7")
    assert shared.reconciler("apply", "--yes") == 3
    told = capsys.readouterr()
    assert "refused by missing-module: greet uses version 7 of the module helper" in told.out
    assert "reconciler versions modules/helper" in told.err and "--allow" not in told.err


def test_a_rotated_secret_of_a_module_is_a_new_version(shared: Home) -> None:
    attempt(shared, "HEAD")
    shared.change("modules/helper/module.yaml", "'!'", "'?'")
    made = attempt(shared, shared.commit("ask"))
    assert numbers(made.after) == ([2, 1], {"greet": [2]})
    assert attempt(shared, "HEAD").writes == []


def test_each_tenant_has_numbers_of_its_own(shared: Home) -> None:
    shared.write("tenants/other.yaml", "type: local\nsecrets: secrets/local.sops.yaml\nage_key_file: age-key.txt\n")
    attempt(shared, shared.commit("another tenant"))
    attempt(shared, louder(shared))
    assert shared.reconciler("apply", "--yes", "--tenant", "other") == 0
    assert shared.reconciler("plan", "--detailed-exitcode", "--tenant", "other") == 0
    assert shared.reconciler("plan", "--detailed-exitcode", "--tenant", "local") == 0


def test_a_module_that_left_git_is_deleted_after_the_actions_that_used_it(shared: Home) -> None:
    attempt(shared, "HEAD")
    shared.git("rm", "-rq", "modules", "actions/greet")
    shared.change("flows/post-login.yaml", "[guard, greet]", "[guard]")
    assert shared.reconciler("lock") == 0
    made = in_scene(shared, shared.commit("without it"), _with_deletes)
    assert made.failure is None
    assert [_short(write) for write in made.writes] == [
        "PATCH triggers/*/bindings",
        "DELETE actions/*",
        "DELETE modules/*",
    ]
    assert made.after.modules == ()


def test_an_edited_draft_is_put_back_without_a_new_version(shared: Home) -> None:
    attempt(shared, "HEAD")
    made = in_scene(shared, "HEAD", _edited_by_hand)
    assert made.failure is None
    assert [_short(write) for write in made.writes] == ["POST modules/*/rollback"]
    assert helper(made.after).draft.content.code == HELPER


def test_a_module_made_by_hand_is_not_touched_without_a_word(shared: Home, capsys: pytest.CaptureFixture[str]) -> None:
    in_scene(shared, "HEAD", _made_by_hand)
    assert shared.reconciler("apply", "--yes") == 3
    assert "refused by take-over: The module helper was not made by git" in capsys.readouterr().out
    assert shared.reconciler("apply", "--yes", "--allow", "take-over", "--allow", "lose-secret") == 0
    assert shared.reconciler("plan", "--detailed-exitcode") == 0


def test_an_action_cannot_require_what_it_does_not_name(shared: Home, capsys: pytest.CaptureFixture[str]) -> None:
    shared.write("actions/greet/action.yaml", "name: greet\ntrigger: post-login\n")
    shared.write("modules/helper/code.js", "const { one } = require('actions:other');\nexports.two = one;\n")
    shared.write("actions/greet/cases.yaml", "[]\n")
    assert shared.reconciler("lock") == 0
    assert shared.reconciler("validate") == 1
    told = capsys.readouterr().err
    assert "actions/greet/code.js:1:27: R035 the code requires module 'helper', which actions/greet/" in told
    assert (
        "modules/helper/code.js:1:25: R036 the code requires module 'other': a module cannot use another one." in told
    )


def test_a_module_that_does_not_parse_is_told(shared: Home, capsys: pytest.CaptureFixture[str]) -> None:
    shared.write("modules/helper/code.js", "exports.one = ;\n")
    assert shared.reconciler("validate") == 1
    assert "modules/helper/code.js:1:15: R001 the code does not parse" in capsys.readouterr().err


def test_cases_run_with_the_module_that_git_has(shared: Home, capsys: pytest.CaptureFixture[str]) -> None:
    shared.write("modules/helper/code.js", LOUDER)
    assert shared.reconciler("lock") == 0
    assert shared.reconciler("test", "greet") == 4
    assert "ADA@EXAMPLE.COM!" in capsys.readouterr().out


def test_a_version_that_somebody_published_and_pinned_by_hand_is_put_back(shared: Home) -> None:
    attempt(shared, "HEAD")
    made = in_scene(shared, "HEAD", _published_and_pinned)
    assert made.failure is None
    assert numbers(made.before) == ([2, 1], {"greet": [2]})
    assert numbers(made.after) == ([3, 2, 1], {"greet": [3]})
    assert helper(made.after).draft.content.code == HELPER
    assert attempt(shared, "HEAD").writes == []


def test_kept_secrets_of_a_module_stay_what_they_are(shared: Home) -> None:
    in_scene(shared, "HEAD", _made_by_hand)
    shared.write("modules/helper/module.yaml", "name: helper\nsecrets:\n  OLD: {keep: true}\n")
    shared.write("modules/helper/code.js", "exports.shout = (text) => text + actions.secrets.OLD;\n")
    shared.write("actions/greet/cases.yaml", "[]\n")
    assert shared.reconciler("lock") == 0
    shared.commit("keep it")
    assert shared.reconciler("apply", "--yes", "--allow", "take-over") == 0
    made = attempt(shared, "HEAD")
    assert made.writes == []
    assert [stamp.name for stamp in helper(made.after).versions[0].secrets] == ["OLD"]


def test_a_kept_secret_that_the_tenant_does_not_have_is_refused(
    shared: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    shared.write("modules/helper/module.yaml", "name: helper\nsecrets:\n  OLD: {keep: true}\n")
    shared.write("actions/greet/cases.yaml", "[]\n")
    shared.commit("keep what is not there")
    assert shared.reconciler("apply", "--yes") == 3
    assert "refused by missing-secret: helper keeps the secret OLD" in capsys.readouterr().out


def test_the_versions_of_a_module_show_who_runs_with_them(shared: Home, capsys: pytest.CaptureFixture[str]) -> None:
    attempt(shared, "HEAD")
    attempt(shared, louder(shared))
    assert shared.reconciler("versions", "modules/helper") == 0
    told = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [(row[0], row[2], row[-1] == "greet") for row in told[-2:]] == [("2", "louder", True), ("1", "with", False)]
    assert shared.reconciler("versions", "helper") == 1
    assert "It is a module: `reconciler versions modules/helper`." in capsys.readouterr().err
    assert shared.reconciler("versions", "modules/nobody") == 1


def test_invoke_has_the_secrets_of_modules_and_does_not_show_them(
    shared: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    shared.change(
        "actions/greet/code.js",
        "api.idToken",
        "console.log(shout('x'), require('actions:helper').key());\n  api.idToken",
    )
    shared.write("modules/helper/code.js", HELPER + "exports.key = () => actions.secrets.KEY;\n")
    assert shared.reconciler("lock") == 0
    assert shared.reconciler("invoke", "greet") == 0
    told = capsys.readouterr().out
    assert "x" in told and TOKEN not in told


async def _with_deletes(made: Scene) -> Attempt:
    return await applied(made, facts=Facts(allowed={"bound-delete": "meant", "many-deletes": "meant"}))


async def _edited_by_hand(made: Scene) -> Attempt:
    there = helper(await made.other.read_live([FLOW]))
    content = there.draft.content.model_copy(update={"code": "exports.hotfix = 1;\n"})
    await made.other.modules.update(there.id, content, there.draft.provenance)
    return await applied(made)


async def _made_by_hand(made: Scene) -> None:
    content = normalize.module_content(code="exports.shout = (text) => text;", dependencies=())
    module_id = await made.other.modules.create("helper", content, None, {"OLD": "by-hand"})
    await made.other.modules.publish("helper", module_id)


async def _published_and_pinned(made: Scene) -> Attempt:
    there = helper(await made.other.read_live([FLOW]))
    await made.other.modules.update(there.id, normalize.module_content(code=LOUDER, dependencies=()), None)
    await made.other.modules.publish("helper", there.id)
    greet = (await made.other.read_live([FLOW])).action("greet")
    assert greet is not None
    uses = (ModuleUse(name="helper", number=2),)
    content = greet.draft.content.model_copy(update={"modules": uses})
    await made.other.update_draft(greet.id, content, greet.draft.provenance)
    await made.other.deploy(greet.id)
    while numbers(await made.other.read_live([FLOW]))[1] != {"greet": [2]}:
        await asyncio.sleep(0.02)
    return await applied(made)
