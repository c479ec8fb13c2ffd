"""Findings in code, as the commands tell them."""

from __future__ import annotations

import json

import pytest

from tests.run.conftest import Home

Told = pytest.CaptureFixture[str]
WARNING = "exports.onExecutePostLogin = async () => {\n  await fetch('https://crm.example.com');\n};\n"
ERROR = "exports.onExecutePostLogin = async (event, api) => {\n  api.access.denyy('no');\n};\n"
AT = "actions/guard/code.js:2:9: warning: R051 "


def test_a_warning_is_shown_and_refuses_nothing(home: Home, capsys: Told) -> None:
    home.write("actions/guard/code.js", WARNING)
    assert home.reconciler("validate") == 0
    told = capsys.readouterr()
    assert AT in told.err
    assert told.out == "2 actions checked, no errors, 1 warning.\n"
    assert home.reconciler("plan") == 0
    assert capsys.readouterr().err.count(AT) == 1


def test_strict_refuses_for_warnings_too(home: Home, capsys: Told) -> None:
    assert home.reconciler("validate", "--strict") == 0
    home.write("actions/guard/code.js", WARNING)
    assert home.reconciler("validate", "--strict") == 1
    assert "actions/guard/code.js:2:9: R051 " in capsys.readouterr().err


def test_an_error_refuses_and_warnings_are_shown_beside_it(home: Home, capsys: Told) -> None:
    home.write("actions/guard/code.js", ERROR)
    home.change("actions/greet/code.js", "void Object.keys(event.secrets);", "")
    assert home.reconciler("validate") == 1
    told = capsys.readouterr().err
    assert "actions/guard/code.js:2:14: R040 " in told and "actions/greet/action.yaml:4:3: warning: R021 " in told
    assert [home.reconciler(command) for command in ("plan", "test")] == [1, 1]
    home.commit()
    assert home.reconciler("apply", "--yes") == 1


def test_a_comment_leaves_a_finding_alone(home: Home, capsys: Told) -> None:
    home.write("actions/guard/code.js", WARNING.replace(";\n}", "; // reconciler-ignore R051: answers at once\n}"))
    assert home.reconciler("validate", "--strict") == 0
    assert "R05" not in capsys.readouterr().err


def test_code_and_severity_are_for_machines_too(home: Home, capsys: Told) -> None:
    home.write("actions/guard/code.js", WARNING)
    home.write("actions/greet/code.js", ERROR)
    assert home.reconciler("validate", "--format", "json") == 1
    found = json.loads(capsys.readouterr().out)
    assert [(each["code"], each["severity"], each["line"]) for each in found["problems"]] == [("R040", "error", 2)]
    assert {(each["code"], each["severity"]) for each in found["notices"]} == {("R021", "warning"), ("R051", "warning")}
    assert home.reconciler("validate", "--format", "gitlab") == 1
    told = json.loads(capsys.readouterr().out)
    assert {(each["check_name"], each["severity"]) for each in told} == {
        ("R021", "minor"),
        ("R040", "major"),
        ("R051", "minor"),
    }
    assert len({each["fingerprint"] for each in told}) == len(told)


def test_several_tenants_are_told_of_a_warning_once(home: Home, capsys: Told) -> None:
    home.write("actions/guard/code.js", WARNING)
    home.write("tenants/other.yaml", (home.folder / "tenants" / "local.yaml").read_text(encoding="utf-8"))
    assert home.reconciler("plan", "--tenant", "local,other") == 0
    assert capsys.readouterr().err.count(AT) == 1


def test_the_form_of_a_token_is_for_the_guard_of_a_plan(home: Home, capsys: Told) -> None:
    token = "ghp_" + "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1eF3hJ5"
    home.write("actions/guard/code.js", f"exports.onExecutePostLogin = async () => '{token}';\n")
    assert home.reconciler("validate") == 1
    told = capsys.readouterr().err
    assert "actions/guard/code.js:1:43: R023 this looks like a GitHub token." in told and token not in told
    assert home.reconciler("plan", "--detailed-exitcode") == 3
    assert home.reconciler("plan", "--detailed-exitcode", "--allow", "token") == 2


def test_facts_of_code_that_came_with_the_repository_are_not_believed(home: Home, capsys: Told) -> None:
    home.write(".reconciler/code-facts.json", "{}")
    assert home.reconciler("validate") == 0
    home.git("add", "--force", ".reconciler")
    assert home.reconciler("validate") == 1
    assert "`git rm -r --cached .reconciler`" in capsys.readouterr().err
    home.git("rm", "-r", "-q", "--cached", ".reconciler")
    assert home.reconciler("validate") == 0
