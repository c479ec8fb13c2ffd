"""From a commit to an action that runs in a login, by the commands a user types."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.run.conftest import TOKEN, Home


def told(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_a_commit_becomes_version_one_and_runs_in_a_login(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    commit = home.git("rev-parse", "HEAD")
    assert home.reconciler("apply", "--yes", "--format", "json") == 0
    assert told(capsys)["deployed"] == [{"action": "greet", "number": 1}, {"action": "guard", "number": 1}]
    assert home.reconciler("versions", "greet", "--format", "json") == 0
    (version,) = told(capsys)
    assert (version["number"], version["commit"], version["subject"], version["live"]) == (1, commit, "first", True)
    assert home.reconciler("login", "--user", "ada@example.com", "--format", "json") == 0
    run = told(capsys)
    assert (run["status"], [each["action"] for each in run["executions"]]) == ("completed", ["guard", "greet"])
    assert run["executions"][1]["console"] == ["info"]
    assert home.reconciler("logs", "--take", "1", "--details", "--format", "json") == 0
    (entry,) = told(capsys)
    assert entry["details"]["actions"]["executions"] == [run["execution_id"]]
    assert [each["action_name"] for each in entry["executions"][0]["results"]] == ["guard", "greet"]


def test_a_denial_stops_the_flow(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert home.reconciler("apply", "--yes") == 0
    capsys.readouterr()
    assert home.reconciler("login", "--user", "eve@example.com", "--format", "json") == 0
    run = told(capsys)
    assert (run["status"], run["reason"]) == ("denied", "not you")
    assert [each["action"] for each in run["executions"]] == ["guard"]


def test_a_second_apply_makes_no_version_and_writes_nothing(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert home.reconciler("apply", "--yes") == 0
    capsys.readouterr()
    home.reconciler("versions", "greet", "--format", "json")
    versions = told(capsys)
    home.reconciler("logs", "--take", "100", "--format", "json")
    logs = told(capsys)
    assert home.reconciler("plan", "--detailed-exitcode") == 0
    assert home.reconciler("apply", "--yes") == 0
    capsys.readouterr()
    home.reconciler("versions", "greet", "--format", "json")
    assert told(capsys) == versions
    home.reconciler("logs", "--take", "100", "--format", "json")
    assert told(capsys) == logs


def test_an_empty_commit_plans_nothing_and_a_comment_is_one_change(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    home.reconciler("apply", "--yes")
    home.commit("nothing", "--allow-empty")
    assert home.reconciler("plan", "--detailed-exitcode") == 0
    home.change("actions/greet/code.js", "exports.", "// hello\nexports.")
    capsys.readouterr()
    assert home.reconciler("plan", "--detailed-exitcode", "--format", "json") == 2
    plan = told(capsys)
    assert ([change["name"] for change in plan["actions"]], plan["flows"]) == (["greet"], [])


def test_a_changed_commit_becomes_version_two_with_its_own_commit(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    home.reconciler("apply", "--yes")
    home.change("actions/greet/code.js", "exports.", "// hello\nexports.")
    second = home.commit("say hello")
    assert home.reconciler("apply", "--yes") == 0
    capsys.readouterr()
    home.reconciler("versions", "greet", "--format", "json")
    versions = told(capsys)
    assert [(each["number"], each["live"]) for each in versions] == [(2, True), (1, False)]
    assert versions[0]["commit"] == second != versions[1]["commit"]


def test_a_saved_plan_is_applied_as_it_is_and_refused_when_the_tenant_moved(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = str(home.folder.parent / "plan.json")
    assert home.reconciler("plan", "--out", saved) == 0
    assert home.reconciler("apply", saved, "--yes") == 0
    capsys.readouterr()
    assert home.reconciler("apply", saved, "--yes") == 5
    assert "The action greet was made by client" in capsys.readouterr().err


def test_a_rotated_secret_is_one_change_without_a_value(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.reconciler("apply", "--yes")
    home.change("actions/greet/action.yaml", "info", "debug")
    home.commit("more output")
    capsys.readouterr()
    assert home.reconciler("plan", "--format", "json") == 0
    (change,) = told(capsys)["actions"]
    assert change["why"]["secrets"] == [{"name": "LEVEL", "what": "rotated"}]
    assert home.reconciler("apply", "--yes") == 0
    capsys.readouterr()
    home.reconciler("login", "--format", "json")
    assert told(capsys)["executions"][1]["console"] == ["debug"]


def test_an_action_that_left_git_is_unbound_and_deleted(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.reconciler("apply", "--yes")
    home.git("rm", "-rq", "actions/guard")
    home.change("flows/post-login.yaml", "[guard, greet]", "[greet]")
    home.commit("guard goes")
    assert home.reconciler("apply", "--yes") == 3
    assert "it runs in post-login now" in capsys.readouterr().err
    assert home.reconciler("apply", "--yes", "--allow", "bound-delete") == 0
    assert home.reconciler("plan", "--detailed-exitcode") == 0
    capsys.readouterr()
    home.reconciler("flows", "--format", "json")
    assert [[binding["action"] for binding in flow["bindings"]] for flow in told(capsys)] == [["greet"]]


def test_a_failing_case_stops_the_apply_before_anything_is_written(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    home.change("actions/greet/cases.yaml", "[hello, ada@example.com]", "[hello, grace@example.com]")
    home.commit("wrong case")
    assert home.reconciler("test") == 4
    assert home.reconciler("apply", "--yes") == 4
    assert "actions/greet/cases.yaml:1" in capsys.readouterr().err
    home.reconciler("logs", "--format", "json")
    assert told(capsys) == []


def test_no_clear_secret_is_written_anywhere_or_shown(home: Home, capfd: pytest.CaptureFixture[str]) -> None:
    saved = home.folder.parent / "plan.json"
    for command in (
        ["plan", "--out", str(saved)],
        ["plan", "--format", "markdown"],
        ["apply", "--yes"],
        ["login"],
        ["logs", "--details"],
        ["logs", "--format", "json"],
        ["invoke", "greet"],
        ["invoke", "greet", "--format", "json"],
        ["test"],
    ):
        assert home.reconciler(*command) == 0
    shown = capfd.readouterr()
    assert TOKEN not in shown.out + shown.err
    kept = [path for path in (saved, *(home.folder / ".reconciler").rglob("*")) if path.is_file()]
    assert len(kept) > 3
    assert not [path for path in kept if TOKEN.encode() in path.read_bytes()]
