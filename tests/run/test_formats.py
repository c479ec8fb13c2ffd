"""Problems and failed cases as machines read them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.run.conftest import Home

Told = pytest.CaptureFixture[str]


def printed(capsys: Told) -> Any:
    return json.loads(capsys.readouterr().out)


def test_validate_tells_gitlab_of_every_problem_and_ends_with_1(home: Home, capsys: Told) -> None:
    home.change("actions/greet/action.yaml", "post-login", "pre-login")
    assert home.reconciler("validate", "--format", "gitlab") == 1
    told = capsys.readouterr()
    assert {(each["location"]["path"], each["location"]["lines"]["begin"]) for each in json.loads(told.out)} >= {
        ("actions/greet/action.yaml", 2)
    }
    assert "actions/greet/action.yaml:2:" in told.err


def test_validate_without_problems_tells_gitlab_of_none(home: Home, capsys: Told) -> None:
    assert home.reconciler("validate", "--format", "gitlab") == 0
    assert [each for each in printed(capsys) if each["severity"] == "major"] == []


def test_validate_as_json_names_each_place(home: Home, capsys: Told) -> None:
    assert home.reconciler("validate", "--format", "json") == 0
    assert printed(capsys) == {"actions": 2, "problems": [], "notices": []}
    home.change("actions/greet/action.yaml", "post-login", "pre-login")
    assert home.reconciler("validate", "--format", "json") == 1
    (problem, *_) = printed(capsys)["problems"]
    assert (problem["file"], problem["line"]) == ("actions/greet/action.yaml", 2)
    assert problem["message"] and problem["column"] > 0


def test_paths_are_those_of_the_git_repository(home: Home, capsys: Told) -> None:
    inner = Home(home.folder / "teams" / "identity")
    for path in home.git("ls-files").splitlines():
        inner.write(path, (home.folder / path).read_text(encoding="utf-8"))
    inner.change("actions/greet/action.yaml", "post-login", "pre-login")
    assert inner.reconciler("validate", "--format", "gitlab") == 1
    paths = {each["location"]["path"] for each in printed(capsys)}
    assert "teams/identity/actions/greet/action.yaml" in paths


def test_test_tells_gitlab_of_each_failed_case(home: Home, capsys: Told) -> None:
    home.change("actions/greet/code.js", "'hello'", "'goodbye'")
    assert home.reconciler("test", "--format", "gitlab") == 4
    (entry,) = printed(capsys)
    assert entry["location"] == {"path": "actions/greet/cases.yaml", "lines": {"begin": 1}}
    assert entry["check_name"] == "reconciler-test" and entry["description"].startswith("greet: greets: ")


def test_test_tells_gitlab_of_files_that_cannot_be_read(home: Home, capsys: Told) -> None:
    home.change("actions/greet/action.yaml", "post-login", "pre-login")
    assert home.reconciler("test", "--format", "gitlab") == 1
    assert printed(capsys)
