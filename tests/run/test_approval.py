"""What was approved is what is applied: a checksum, or a saved plan, and nothing that moved since."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from reconciler.engine import approval
from reconciler.model.plan import PlanDocument
from tests.run.attempts import FLOW, Scene, in_scene
from tests.run.conftest import Home
from tests.run.drifting import GOES_LIVE_SECONDS

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def deployed(home: Home) -> Home:
    """A repository whose first commit runs, and whose second one waits."""
    assert home.reconciler("apply", "--yes") == 0
    home.change("actions/greet/code.js", "exports.", "// hello\nexports.")
    home.commit("say hello")
    return home


def checksum(home: Home, capsys: Capture, *args: str) -> str:
    capsys.readouterr()
    assert home.reconciler("plan", "--format", "json", *args) == 0
    return str(json.loads(capsys.readouterr().out)["checksum"])


def saved(home: Home) -> Path:
    path = home.folder.parent / "plan.json"
    assert home.reconciler("plan", "--out", str(path)) == 0
    return path


def edited(path: Path, change: Callable[[dict[str, Any]], Any]) -> str:
    told = json.loads(path.read_text(encoding="utf-8"))
    change(told)
    path.write_text(json.dumps(told), encoding="utf-8")
    return str(path)


def test_a_plan_shows_its_checksum_in_every_form(deployed: Home, capsys: Capture) -> None:
    shown = checksum(deployed, capsys)
    for form in ("text", "markdown"):
        deployed.reconciler("plan", "--format", form)
        assert shown in capsys.readouterr().out
    assert json.loads(saved(deployed).read_text(encoding="utf-8"))["checksum"] == shown


def test_the_plan_that_was_approved_is_applied_without_asking(deployed: Home, capsys: Capture) -> None:
    assert deployed.reconciler("apply", "--checksum", checksum(deployed, capsys)) == 0
    assert deployed.reconciler("plan", "--detailed-exitcode") == 0


def test_an_approved_apply_that_runs_once_more_has_nothing_to_do(deployed: Home, capsys: Capture) -> None:
    approved = checksum(deployed, capsys)
    assert deployed.reconciler("apply", "--checksum", approved) == 0
    assert deployed.reconciler("apply", "--checksum", approved) == 0
    assert "Nothing to change" in capsys.readouterr().out


def test_a_squash_merge_keeps_the_approval(deployed: Home, capsys: Capture) -> None:
    deployed.git("checkout", "-q", "-b", "feature")
    deployed.write("actions/greet/cases.yaml", "- name: runs\n  expect: {}\n")
    deployed.commit("tests")
    approved = checksum(deployed, capsys)
    deployed.git("checkout", "-q", "main")
    deployed.git("merge", "-q", "--squash", "feature")
    squashed = deployed.commit("one commit")
    assert deployed.reconciler("apply", "--checksum", approved) == 0
    capsys.readouterr()
    deployed.reconciler("versions", "greet", "--format", "json")
    assert json.loads(capsys.readouterr().out)[0]["commit"] == squashed


def test_another_plan_is_shown_and_refused(deployed: Home, capsys: Capture) -> None:
    approved = checksum(deployed, capsys)
    deployed.change("actions/greet/code.js", "// hello", "// good day")
    deployed.commit("say good day")
    assert deployed.reconciler("apply", "--checksum", approved) == 5
    out, err = capsys.readouterr()
    assert "+// good day" in out
    assert "The plan is not the one that was approved" in err and approved in err
    assert checksum(deployed, capsys) in err


@pytest.mark.parametrize("short", ["", "abc", "a" * 63, "A" * 64])
def test_only_a_whole_checksum_is_taken(deployed: Home, capsys: Capture, short: str) -> None:
    assert deployed.reconciler("apply", "--checksum", short) == 64
    assert "64 hex digits" in capsys.readouterr().err


def test_a_saved_plan_can_be_held_against_its_checksum(deployed: Home, capsys: Capture) -> None:
    path, approved = str(saved(deployed)), checksum(deployed, capsys)
    assert deployed.reconciler("apply", path, "--checksum", "0" * 64) == 5
    assert deployed.reconciler("apply", path, "--checksum", approved) == 0


def test_a_saved_plan_that_was_edited_is_refused(deployed: Home, capsys: Capture) -> None:
    def other_code(told: dict[str, Any]) -> None:
        told["actions"][0]["after"]["code"] = "exports.onExecutePostLogin = async () => { evil(); };\n"

    assert deployed.reconciler("apply", edited(saved(deployed), other_code), "--yes") == 1
    assert "changed after it was made" in capsys.readouterr().err


def test_a_plan_that_was_edited_with_its_checksum_is_refused_too(deployed: Home, capsys: Capture) -> None:
    def other_code(told: dict[str, Any]) -> None:
        told["actions"][0]["after"]["code"] = "exports.onExecutePostLogin = async () => { evil(); };\n"
        told["checksum"] = approval.checksum(PlanDocument.model_validate_json(json.dumps(told)))

    assert deployed.reconciler("apply", edited(saved(deployed), other_code), "--yes") == 3
    err = capsys.readouterr().err
    assert "differ in greet" in err and "the plan was changed" in err


def test_what_a_saved_plan_tells_people_is_told_anew(deployed: Home, capsys: Capture) -> None:
    def lies(told: dict[str, Any]) -> None:
        change = told["actions"][0]
        change["why"] = {"reasons": ["a comment"], "before": change["after"], "secrets": []}
        told["unstamped"] = ["guard"]

    path = edited(saved(deployed), lies)
    capsys.readouterr()
    assert deployed.reconciler("apply", path, "--yes") == 0
    told = capsys.readouterr().out
    assert "update greet as version 2 (code)" in told and "+// hello" in told
    assert "a comment" not in told and "adopt guard" not in told


def test_a_plan_that_names_another_commit_is_refused(deployed: Home, capsys: Capture) -> None:
    def other_commit(told: dict[str, Any]) -> None:
        told["commit"] = deployed.git("rev-parse", "HEAD~1")
        told["checksum"] = approval.checksum(PlanDocument.model_validate_json(json.dumps(told)))

    assert deployed.reconciler("apply", edited(saved(deployed), other_commit), "--yes") == 3
    assert "differ" in capsys.readouterr().err


@pytest.mark.parametrize("content", ["", "{", '{"format": 2', "[]", "null", '{"format": 2, "tool": 3}', "\ufeff{}"])
def test_a_plan_that_is_cut_or_none_is_refused(home: Home, capsys: Capture, content: str) -> None:
    path = home.folder.parent / "plan.json"
    path.write_text(content, encoding="utf-8")
    assert home.reconciler("apply", str(path), "--yes") == 1
    err = capsys.readouterr().err
    assert "this plan cannot be used" in err and "Traceback" not in err


def test_a_plan_with_a_field_too_many_or_too_few_is_refused(deployed: Home, capsys: Capture) -> None:
    path = saved(deployed)
    kept = path.read_text(encoding="utf-8")
    for change in (lambda told: told.update(extra=1), lambda told: told.pop("checksum"), lambda told: told.pop("seen")):
        path.write_text(kept, encoding="utf-8")
        assert deployed.reconciler("apply", edited(path, change), "--yes") == 1
        assert "changed after it was made" in capsys.readouterr().err


@pytest.mark.parametrize("field", [{"tool": "reconciler/9.9.9"}, {"format": 1}])
def test_a_plan_of_another_version_is_refused_naming_both(
    deployed: Home, capsys: Capture, field: dict[str, Any]
) -> None:
    path = edited(saved(deployed), lambda told: told.update(field))
    assert deployed.reconciler("apply", path, "--yes") == 1
    err = capsys.readouterr().err
    assert f"it was made by {field.get('tool', 'reconciler/0.1.0')} (plan format {field.get('format', 2)})" in err
    assert "this is reconciler/0.1.0 (plan format 2)" in err


def test_a_plan_of_files_that_are_not_committed_is_not_applied(home: Home, capsys: Capture) -> None:
    home.change("actions/greet/code.js", "exports.", "// not committed\nexports.")
    assert home.reconciler("apply", str(saved(home)), "--yes") == 1
    assert "made from uncommitted changes" in capsys.readouterr().err


async def edits(made: Scene) -> None:
    greet = (await made.other.read_live([FLOW])).action("greet")
    assert greet is not None
    content = greet.draft.content.model_copy(update={"code": "// by hand\n"})
    await made.other.update_draft(greet.id, content, None)


async def deploys(made: Scene) -> None:
    await edits(made)
    greet = (await made.other.read_live([FLOW])).action("greet")
    assert greet is not None
    await made.other.deploy(greet.id)
    await asyncio.sleep(GOES_LIVE_SECONDS)


async def binds(made: Scene) -> None:
    await made.other.bind(FLOW, ())


async def deletes(made: Scene) -> None:
    await binds(made)
    greet = (await made.other.read_live([FLOW])).action("greet")
    assert greet is not None
    await made.other.delete(greet.id)


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (edits, "The action greet was edited by client "),
        (deploys, "The action greet was deployed as version 2 by client "),
        (binds, "The flow post-login was bound differently by client "),
        (deletes, "The action greet is gone by client "),
    ],
)
def test_what_moved_is_told_with_who_moved_it(
    deployed: Home, capsys: Capture, act: Callable[[Scene], Awaitable[None]], told: str
) -> None:
    path = str(saved(deployed))
    in_scene(deployed, "HEAD", act)
    capsys.readouterr()
    assert deployed.reconciler("apply", path, "--yes") == 5
    err = capsys.readouterr().err
    (line,) = [line for line in err.splitlines() if told in line]
    assert "with other at 20" in line
    assert "The tenant moved since this plan was made." in err


def test_an_action_of_ours_that_came_since_makes_a_plan_stale(deployed: Home, capsys: Capture) -> None:
    path = str(saved(deployed))
    deployed.write("actions/late/action.yaml", "name: late\ntrigger: post-login\n")
    deployed.write("actions/late/code.js", "exports.onExecutePostLogin = async () => {};\n")
    deployed.change("actions/greet/code.js", "// hello\n", "")
    deployed.commit("late")
    assert deployed.reconciler("apply", "--yes") == 0
    assert deployed.reconciler("apply", path, "--yes") == 5
    assert "The action late was made by client" in capsys.readouterr().err
