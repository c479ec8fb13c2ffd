"""`invoke` and `test`: what they run, and what they tell of it."""

from __future__ import annotations

import json

import pytest

from reconciler.catalogue import limits
from tests.run.conftest import Home

CODE = "exports.onExecutePostLogin = async (event, api) => {{ {body} }};\n"


def test_invoke_shows_all_that_was_printed(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.write("actions/guard/code.js", CODE.format(body="for (let i = 0; i < 40; i++) console.log('line', i)"))
    assert home.reconciler("invoke", "guard", "--format", "json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["console"] == [f"line {n}" for n in range(40)]
    assert sum(map(len, told["console"])) > limits.CONSOLE_CHARACTERS


def test_an_action_for_another_node_is_told_which_one_really_ran_it(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    home.change("actions/greet/action.yaml", "secrets:", "runtime: node18-actions\nsecrets:")
    home.commit("old runtime")
    note = "node18-actions runs here on Node 22."
    for command in (["invoke", "greet"], ["test"], ["apply", "--yes", "--allow", "end-of-life"], ["login"]):
        capsys.readouterr()
        assert home.reconciler(*command) == 0
        assert capsys.readouterr().out.count(note) == (0 if command[0] == "apply" else 1), command


def test_an_action_for_the_node_that_runs_it_is_told_nothing(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert home.reconciler("invoke", "greet") == 0
    assert "runs here on" not in capsys.readouterr().out


def test_outcomes_come_in_order_however_long_each_takes(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    cases = "- name: one\n  expect: {denied: false}\n- name: two\n  expect: {denied: false}\n"
    for at, name in enumerate(("aa", "bb", "cc", "dd")):
        home.write(f"actions/{name}/action.yaml", f"name: {name}\ntrigger: post-login\n")
        wait = f"await new Promise(r => setTimeout(r, {(4 - at) * 40}))"
        home.write(f"actions/{name}/code.js", CODE.format(body=wait))
        home.write(f"actions/{name}/cases.yaml", cases)
    assert home.reconciler("test", "--format", "json") == 0
    told = [(outcome["action"], outcome["case"]) for outcome in json.loads(capsys.readouterr().out)]
    assert told == [(name, case) for name in ("aa", "bb", "cc", "dd") for case in ("one", "two")] + [
        ("greet", "greets")
    ]


def test_a_case_cannot_harm_those_of_another_action(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.write("actions/guard/code.js", CODE.format(body="process.exit(0)"))
    home.write("actions/guard/cases.yaml", "- name: exits\n  expect: {denied: false}\n")
    assert home.reconciler("test") == 4
    out = capsys.readouterr().out
    assert "passed  greet  1 case" in out
    assert "ActionCrash: the code called process.exit(0)." in out
