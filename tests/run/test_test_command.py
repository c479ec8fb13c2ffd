"""`reconciler test`: which cases it runs, and what it tells of them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import junitparser
import pytest

from reconciler.run import last_failed
from tests.run.conftest import Home

CODE = "exports.onExecutePostLogin = async (event, api) => {{ {body} }};\n"
DENIES = """\
- name: lets Ada in
  expect: {denied: false}
- name: keeps Eve out
  event: {user: {email: eve@example.com}}
  expect: {denied: not you}
"""
HANGS = """\
- name: hangs
  event: {user: {email: x}}
  expect: {denied: false}
- name: ends
  expect: {denied: false}
"""

Told = pytest.CaptureFixture[str]


@pytest.fixture
def guarded(home: Home) -> Home:
    """The repository with cases of both actions, committed."""
    home.write("actions/guard/cases.yaml", DENIES)
    home.commit("cases")
    return home


def ran(home: Home, told: Told, *args: str) -> list[str]:
    """The names of the cases that run."""
    home.reconciler("test", "--format", "json", *args)
    return [outcome["case"] for outcome in json.loads(told.readouterr().out)]


def shown(home: Home, told: Told, *args: str, code: int = 0) -> str:
    assert home.reconciler("test", *args) == code
    return told.readouterr().out


def action(home: Home, name: str, body: str, cases: str) -> None:
    home.write(f"actions/{name}/action.yaml", f"name: {name}\ntrigger: post-login\n")
    home.write(f"actions/{name}/code.js", CODE.format(body=body))
    home.write(f"actions/{name}/cases.yaml", cases)


def test_passed_cases_are_one_line_for_each_action(guarded: Home, capsys: Told) -> None:
    lines = shown(guarded, capsys).splitlines()
    assert [line.rsplit("  ", 1)[0] for line in lines[:2]] == ["passed  greet  1 case", "passed  guard  2 cases"]
    assert lines[2].startswith("3 passed, 0 failed in 2 actions, ")


def test_verbose_is_a_line_for_each_case(guarded: Home, capsys: Told) -> None:
    out = shown(guarded, capsys, "--verbose")
    assert [line.rsplit("  ", 1)[0] for line in out.splitlines()[:3]] == [
        "passed  greet: greets",
        "passed  guard: lets Ada in",
        "passed  guard: keeps Eve out",
    ]


def test_a_failed_case_shows_place_difference_and_console(guarded: Home, capsys: Told) -> None:
    calls = "console.log('hi'); api.user.setAppMetadata('a', 1); api.user.setAppMetadata('b', 2);"
    wanted = "{method: user.setAppMetadata, args: [a, 1]}, {method: user.setAppMetadata, args: [b, 3]}"
    action(guarded, "marks", calls, f"- name: marks\n  expect: {{api: [{wanted}]}}\n")
    out = shown(guarded, capsys, "marks", code=4)
    assert "failed  marks: marks  actions/marks/cases.yaml:1\n" in out
    assert '    - api.user.setAppMetadata("b", 3)\n    + api.user.setAppMetadata("b", 2)\n' in out
    assert "  console  hi\n" in out
    assert "failed  marks  1 of 1 cases" in out
    assert "0 passed, 1 failed in 1 action, " in out


def test_what_was_thrown_shows_the_code_and_the_stack(guarded: Home, capsys: Told) -> None:
    guarded.write("actions/guard/code.js", CODE.format(body="\n  const user = event.nobody;\n  user.name;\n"))
    out = shown(guarded, capsys, "guard", "--case", "lets", code=4)
    assert "    actions/guard/code.js:3:8\n" in out
    assert "    > 3 |   user.name;\n        |        ^\n" in out
    assert "\n  stack\n    TypeError: " in out


def test_nothing_of_the_stack_is_shown_where_nothing_was_thrown(guarded: Home, capsys: Told) -> None:
    guarded.change("actions/greet/code.js", "'hello'", "'hallo'")
    assert "stack" not in shown(guarded, capsys, code=4)


def test_code_that_writes_to_the_terminal_cannot_steer_it(guarded: Home, capsys: Told) -> None:
    body = "console.log('\\x1b[2Jgone'); api.access.deny('no')"
    action(guarded, "rude", body, "- name: x\n  expect: {denied: false}\n")
    out = shown(guarded, capsys, "rude", code=4)
    assert "\x1b" not in out
    assert "\\x1b[2Jgone" in out


def test_cases_are_chosen_by_a_part_of_their_name(guarded: Home, capsys: Told) -> None:
    assert ran(guarded, capsys, "--case", "ADA") == ["lets Ada in"]
    assert ran(guarded, capsys, "--case", "ada", "--case", "greet") == ["greets", "lets Ada in"]
    assert ran(guarded, capsys, "guard") == ["lets Ada in", "keeps Eve out"]


@pytest.mark.parametrize("path", ["actions/guard", "actions/guard/", "actions/guard/cases.yaml"])
def test_an_action_may_be_named_by_its_path(guarded: Home, capsys: Told, path: str) -> None:
    assert ran(guarded, capsys, path) == ["lets Ada in", "keeps Eve out"]


def test_what_was_left_out_is_counted(guarded: Home, capsys: Told) -> None:
    assert "(2 cases left out)" in shown(guarded, capsys, "--case", "ada")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["nobody"], "There is no action nobody in git."),
        (["gaurd"], "There is no action gaurd in git; did you mean 'guard'?"),
        (["flows/post-login", "flows/never.cases.yaml"], "There is no flow never in git."),
        (["--case", "nothing like it"], "No case has 'nothing like it' in its name."),
        (["--limit", "0"], "0"),
        (["--limit", "soon"], "soon"),
        (["--watch", "--rev", "HEAD"], "on disk"),
        (["--watch", "--format", "json"], "on disk"),
    ],
)
def test_what_makes_no_sense_is_told(guarded: Home, capsys: Told, args: list[str], said: str) -> None:
    assert guarded.reconciler("test", *args) == 64
    assert said in capsys.readouterr().err


def test_nothing_has_changed_since_the_commit_itself(guarded: Home, capsys: Told) -> None:
    said = "no case was to be run (3 cases left out): none is of what changed since HEAD."
    assert said in shown(guarded, capsys, "--changed-since", "HEAD")


def test_what_is_named_and_has_no_cases_is_told_where_they_are_written(guarded: Home, capsys: Told) -> None:
    said = "(3 cases left out): what is named has none. Write some in actions/NAME/cases.yaml"
    assert said in shown(guarded, capsys, "flows/post-login")


@pytest.mark.parametrize(
    ("path", "text", "cases"),
    [
        ("actions/guard/code.js", CODE.format(body="if (event.user.email[0] === 'e') api.access.deny('not you')"), 2),
        ("actions/guard/cases.yaml", DENIES + "- name: third\n  expect: {denied: false}\n", 3),
        ("actions/guard/notes.md", "new and not committed\n", 2),
        ("flows/post-login.yaml", "trigger: post-login\nbindings: [greet, guard]\n", 3),
        ("flows/post-login.yaml", "trigger: post-login\nbindings: [guard]\n", 2),
        ("reconciler.yaml", "name: acme\n# a remark\n", 3),
        ("tenants/local.yaml", "type: local\nsecrets: secrets/local.sops.yaml\n", 3),
        ("tenants/other.yaml", "type: local\nsecrets: secrets/local.sops.yaml\n", 0),
        ("README.md", "words\n", 0),
    ],
)
def test_only_what_changed_since_a_revision_runs(guarded: Home, capsys: Told, path: str, text: str, cases: int) -> None:
    guarded.write(path, text)
    assert len(ran(guarded, capsys, "--changed-since", "main")) == cases


def test_what_changed_on_the_other_branch_meanwhile_does_not_count(guarded: Home, capsys: Told) -> None:
    guarded.git("checkout", "-q", "-b", "work")
    guarded.write("actions/guard/notes.md", "mine\n")
    guarded.commit("mine")
    guarded.git("checkout", "-q", "main")
    guarded.write("actions/greet/notes.md", "theirs\n")
    guarded.commit("theirs")
    guarded.git("checkout", "-q", "work")
    assert ran(guarded, capsys, "--changed-since", "main") == ["lets Ada in", "keeps Eve out"]
    assert ran(guarded, capsys, "--changed-since", "main", "--rev", "main") == []


def test_a_file_that_a_case_names_touches_its_action(guarded: Home, capsys: Told) -> None:
    guarded.write("events/ada.json", '{"user": {"email": "ada@example.com"}}')
    named = "- name: of a file\n  event_file: ../../events/ada.json\n  expect: {denied: false}\n"
    guarded.write("actions/guard/cases.yaml", named)
    guarded.commit("an event")
    guarded.write("events/ada.json", '{"user": {"email": "bob@example.com"}}')
    assert ran(guarded, capsys, "--changed-since", "HEAD") == ["of a file"]


def test_a_module_touches_the_actions_that_use_it(guarded: Home, capsys: Told) -> None:
    guarded.write("modules/helper/module.yaml", "name: helper\n")
    guarded.write("modules/helper/code.js", "exports.who = () => 'you';\n")
    guarded.write("actions/guard/action.yaml", "name: guard\ntrigger: post-login\nmodules: {helper: latest}\n")
    guarded.change("actions/guard/code.js", "'not you'", "'not ' + require('actions:helper').who()")
    assert guarded.reconciler("lock") == 0
    guarded.commit("a module")
    capsys.readouterr()
    guarded.change("modules/helper/code.js", "'you'", "'y' + 'ou'")
    assert guarded.reconciler("lock") == 0
    capsys.readouterr()
    assert ran(guarded, capsys, "--changed-since", "HEAD") == ["lets Ada in", "keeps Eve out"]


def test_a_revision_that_git_does_not_know_is_told(guarded: Home, capsys: Told) -> None:
    assert guarded.reconciler("test", "--changed-since", "never") == 1
    assert "Git does not know the revision 'never'." in capsys.readouterr().err


def test_histories_without_a_common_commit_are_told(guarded: Home, capsys: Told) -> None:
    guarded.git("checkout", "-q", "--orphan", "alone")
    guarded.commit("alone")
    assert guarded.reconciler("test", "--changed-since", "main") == 1
    assert "'main' has no commit in common with what is checked out here." in capsys.readouterr().err


def test_only_those_that_failed_last_time_run_again(guarded: Home, capsys: Told) -> None:
    guarded.change("actions/guard/code.js", "not you", "you")
    assert len(ran(guarded, capsys)) == 3
    assert ran(guarded, capsys, "--failed") == ["keeps Eve out"]
    guarded.change("actions/guard/code.js", "you", "not you")
    assert ran(guarded, capsys, "greet") == ["greets"]
    assert ran(guarded, capsys, "--failed") == ["keeps Eve out"]
    assert ran(guarded, capsys, "--failed") == []


def test_what_remembers_the_failed_ones_may_be_broken(guarded: Home, capsys: Told) -> None:
    guarded.write(f".reconciler/{last_failed.FILE}", "{not json")
    assert ran(guarded, capsys, "--failed") == []
    assert len(ran(guarded, capsys)) == 3


def test_a_case_that_hangs_ends_at_its_limit_and_the_rest_go_on(guarded: Home, capsys: Told) -> None:
    action(guarded, "hangs", "while (event.user.email[0] === 'x');", HANGS)
    out = shown(guarded, capsys, "--limit", "0.3", "--verbose", code=4)
    assert "did not end within 0.3 seconds" in out
    assert "passed  hangs: ends" in out
    assert "3 passed" not in out
    assert "4 passed, 1 failed" in out


def test_junit_is_written_also_where_cases_fail(guarded: Home, capsys: Told, tmp_path: Path) -> None:
    guarded.change("actions/greet/code.js", "'hello'", "'hallo'")
    file = tmp_path / "out" / "junit.xml"
    assert guarded.reconciler("test", "--junit", str(file)) == 4
    read = junitparser.JUnitXml.fromfile(str(file))
    assert [(suite.name, suite.tests, suite.failures) for suite in read] == [("greet", 1, 1), ("guard", 2, 0)]
    assert [each.name for each in file.parent.iterdir()] == ["junit.xml"]


def test_a_place_that_cannot_be_written_is_told(guarded: Home, capsys: Told) -> None:
    assert guarded.reconciler("test", "--junit", "/proc/junit.xml") == 1
    assert "error: /proc" in capsys.readouterr().err


def test_outcomes_as_json_hold_what_the_code_did(guarded: Home, capsys: Told) -> None:
    assert guarded.reconciler("test", "greet", "--format", "json") == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["action"], told["case"], told["status"], told["line"]) == ("greet", "greets", "passed", 1)
    assert told["execution"]["console"] == ["info"]


def test_without_cases_it_says_how_to_begin(home: Home, capsys: Told) -> None:
    (home.folder / "actions/greet/cases.yaml").unlink()
    out = shown(home, capsys)
    assert "No case is written yet." in out
    assert "reconciler new action NAME" in out


@pytest.mark.parametrize(
    "tenant", ["type: local\n", "type: local\nsecrets: secrets/none.sops.yaml\n"], ids=["no file", "a file to come"]
)
def test_cases_run_before_their_secrets_are_set(guarded: Home, capsys: Told, tenant: str) -> None:
    guarded.change("actions/greet/action.yaml", "TOKEN: token", "TOKEN: token_to_be_set")
    assert ran(guarded, capsys, "greet") == ["greets"]
    assert guarded.reconciler("validate") == 1
    guarded.write("tenants/local.yaml", tenant)
    assert ran(guarded, capsys, "greet") == ["greets"]
    assert guarded.reconciler("plan") == 1


def test_what_is_on_disk_runs_not_what_is_committed(guarded: Home, capsys: Told) -> None:
    guarded.change("actions/guard/code.js", "not you", "you")
    assert guarded.reconciler("test") == 4
    assert guarded.reconciler("test", "--rev", "HEAD") == 0


def test_ctrl_c_ends_it_and_its_node_processes(guarded: Home) -> None:
    action(guarded, "hangs", "while (true);", HANGS)
    command = [sys.executable, "-m", "reconciler", "test", "--repo", str(guarded.folder), "--verbose"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout
    while "passed  guard: keeps Eve out" not in process.stdout.readline():  # by then it is in the hanging ones
        assert process.poll() is None
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=10)
    assert (process.returncode, err.strip()) == (1, "Stopped.")
    assert children
    assert not [child for child in children if Path(f"/proc/{child}").exists()]
