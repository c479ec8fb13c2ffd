"""`reconciler test --coverage`: what of the code ran, and what happens where that is too little."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.run.conftest import Home

NEVER = "\n  if (event.user.blocked) {\n    api.access.deny('x');\n  }\n};\n"
GUARDED = "- name: keeps eve out\n  event: {user: {email: eve@example.com}}\n  expect: {denied: not you}\n"


def rows(out: str) -> dict[str, list[str]]:
    """Owner -> the rest of its row."""
    lines = out.splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("coverage "))
    return {line.split()[0]: line.split()[1:] for line in lines[at + 1 :]}


def test_the_table_says_what_did_not_run(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    head = "exports.onExecutePostLogin = async (event, api) => {\n"
    home.write("actions/greet/code.js", f"{head}  api.idToken.setCustomClaim('hello', event.user.email);{NEVER}")
    assert home.reconciler("test", "--coverage") == 0
    told = rows(capsys.readouterr().out)
    assert told["greet"] == ["66.6", "66.6", "4-5,", "branch", "at", "3"]
    assert told["guard"] == ["0", "0", "1-3"], "an action without cases"
    assert told["all"][0] == "44.4"


def test_counts_are_summed_over_cases_and_written_as_lcov(home: Home, tmp_path: Path) -> None:
    home.write("actions/guard/cases.yaml", GUARDED + "- name: lets others in\n  expect: {denied: false}\n")
    assert home.reconciler("test", "guard", "--lcov", str(tmp_path / "lcov.info")) == 0
    assert (tmp_path / "lcov.info").read_text() == (
        "TN:\nSF:actions/guard/code.js\n"
        "BRDA:1,0,0,2\nBRDA:1,1,0,2\nBRDA:2,2,0,1\nBRF:3\nBRH:3\n"
        "DA:1,2\nDA:2,2\nDA:3,2\nLF:3\nLH:3\nend_of_record\n"
    )


def test_paths_of_lcov_are_relative_to_the_top_of_the_git_repository(home: Home, tmp_path: Path) -> None:
    inner = Home(home.folder / "identity")
    for path in ("reconciler.yaml", "actions/guard/action.yaml", "actions/guard/code.js"):
        inner.write(path, (home.folder / path).read_text())
    inner.write("tenants/local.yaml", "type: local\n")
    inner.write("actions/guard/cases.yaml", GUARDED)
    assert inner.reconciler("test", "--lcov", str(tmp_path / "lcov.info")) == 0
    assert "SF:identity/actions/guard/code.js\n" in (tmp_path / "lcov.info").read_text()


def test_a_module_is_summed_over_the_actions_that_use_it(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.write("modules/names/module.yaml", "name: names\n")
    home.write("modules/names/code.js", "exports.short = (name) => {\n  return name.at(0);\n};\n")
    for action, call in (("greet", "require('actions:names').short('a')"), ("guard", "require('actions:names')")):
        about = f"name: {action}\ntrigger: post-login\nmodules: {{names: latest}}\n"
        home.write(f"actions/{action}/action.yaml", about)
        home.write(f"actions/{action}/code.js", f"exports.onExecutePostLogin = async () => {{\n  {call};\n}};\n")
        home.write(f"actions/{action}/cases.yaml", "- name: runs\n  expect: {api: []}\n")
    assert home.reconciler("lock") == 0
    capsys.readouterr()
    assert home.reconciler("test", "--coverage") == 0
    assert rows(capsys.readouterr().out)["modules/names"] == ["100", "100"]
    assert home.reconciler("test", "guard", "--coverage") == 0
    told = rows(capsys.readouterr().out)
    assert told.keys() == {"guard", "modules/names", "all"} and told["modules/names"][0] == "66.6"


@pytest.mark.parametrize(
    ("asked", "ends", "said"),
    [
        ("{lines: 60}", 4, "guard: 0 % of its lines ran, 60 % are asked.\n"),
        ("{lines: 0, branches: 0}", 0, ""),
    ],
)
def test_less_than_is_asked_ends_with_4_and_names_the_action(
    home: Home, capsys: pytest.CaptureFixture[str], asked: str, ends: int, said: str
) -> None:
    home.write("reconciler.yaml", f"name: acme\ncoverage: {asked}\n")
    assert home.reconciler("test", "--coverage") == ends
    assert capsys.readouterr().err == said
    assert home.reconciler("test") == 0, "without --coverage nothing is counted"


def test_only_some_cases_of_an_action_are_not_held_against_it(home: Home) -> None:
    home.write("reconciler.yaml", "name: acme\ncoverage: {lines: 100}\n")
    home.write("actions/guard/cases.yaml", GUARDED)
    assert home.reconciler("test", "guard", "--coverage") == 0
    home.change("actions/guard/code.js", "\n};\n", NEVER)
    assert home.reconciler("test", "guard", "--coverage") == 4
    assert home.reconciler("test", "guard", "--case", "keeps", "--coverage") == 0


def test_the_array_of_json_is_what_it_was(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert home.reconciler("test", "--coverage", "--format", "json") == 0
    (outcome,) = json.loads(capsys.readouterr().out)
    assert outcome["status"] == "passed"


@pytest.mark.parametrize("option", ["--lcov", "--junit"])
def test_no_file_is_written_while_files_are_watched(home: Home, tmp_path: Path, option: str) -> None:
    assert home.reconciler("test", "--watch", option, str(tmp_path / "file")) == 64


def test_a_stage_of_a_pipeline_counts_where_a_threshold_is_set(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert home.reconciler("ci", "test") == 0
    assert "coverage" not in capsys.readouterr().out
    home.write("reconciler.yaml", "name: acme\ncoverage: {lines: 60}\n")
    assert home.reconciler("ci", "test") == 4
    out = capsys.readouterr().out
    assert "Too little of the code ran." in out
