"""Guards as a user meets them: what git, the clock, the tenant file and the command line have to say in them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reconciler.errors import Refused
from reconciler.model.plan import Refusal
from reconciler.run.apply import refuse
from reconciler.run.deploy import Ways, carry_out, prepare
from reconciler.run.tenant_lock import TenantLock
from reconciler.run.workplace import open_workplace
from reconciler.settings import Settings
from tests.run.conftest import TOKEN, Home

LEAK = f"const token = '{TOKEN}';\n"
Told = pytest.CaptureFixture[str]


def shown(home: Home, capsys: Told, *words: str) -> dict[str, Any]:
    """What a plan says of guards, as machines read it."""
    capsys.readouterr()
    assert home.reconciler("plan", "--format", "json", *words) == 0
    said: dict[str, Any] = json.loads(capsys.readouterr().out)["guards"]
    return said


def names(said: list[dict[str, str]]) -> list[str]:
    return [each["guard"] for each in said]


@pytest.fixture
def leaking(home: Home) -> Home:
    """A commit with the value of a secret in its code."""
    home.change("actions/greet/code.js", "exports.", f"{LEAK}exports.")
    home.commit("a token in the code")
    return home


@pytest.fixture
def protected(home: Home) -> Iterator[Home]:
    """A tenant that is applied from main alone, and a topic branch that is checked out."""
    home.write("tenants/local.yaml", (home.folder / "tenants/local.yaml").read_text() + "branch: main\n")
    home.commit("protect main")
    home.git("checkout", "-q", "-b", "topic")
    home.change("actions/guard/code.js", "not you", "not you!")
    home.commit("a change")
    yield home


def test_the_value_of_a_secret_in_code_is_refused_by_its_place_and_never_shown(leaking: Home, capsys: Told) -> None:
    assert leaking.reconciler("apply", "--yes") == 3
    told = capsys.readouterr()
    assert "actions/greet/code.js:1 holds the value of the secret token" in told.err
    assert "--allow token" in told.err
    assert TOKEN not in told.err


def test_a_leak_in_an_action_that_the_plan_does_not_touch_is_none_of_the_plan(leaking: Home, capsys: Told) -> None:
    assert leaking.reconciler("apply", "--yes", "--allow", "token") == 0
    leaking.change("actions/guard/code.js", "not you", "not you!")
    leaking.commit("another action")
    assert leaking.reconciler("plan", "--detailed-exitcode") == 2


def test_what_is_allowed_is_told_in_every_form(leaking: Home, capsys: Told) -> None:
    said = "(--allow on the command line): actions/greet/code.js:1 holds"
    for form, begins in (("text", "allowed: token"), ("markdown", "**token** is allowed")):
        capsys.readouterr()
        assert leaking.reconciler("plan", "--detailed-exitcode", "--allow", "token", "--format", form) == 2
        assert f"{begins} {said}" in capsys.readouterr().out.replace("\\", "")
    told = shown(leaking, capsys, "--allow", "token")
    assert (names(told["refusals"]), names(told["allowed"])) == ([], ["token"])
    assert told["allowed"][0]["reason"] == "--allow on the command line"


def test_a_plan_tells_machines_who_refuses_it(leaking: Home, capsys: Told) -> None:
    assert names(shown(leaking, capsys)["refusals"]) == ["token"]


def test_the_tenant_file_allows_with_a_reason_up_to_its_day(leaking: Home, capsys: Told) -> None:
    allowed = "guards: {{allow: [{{guard: token, reason: moved next week, until: {}}}]}}\n"
    tenant = (leaking.folder / "tenants/local.yaml").read_text()
    leaking.write("tenants/local.yaml", tenant + allowed.format("9999-12-31"))
    assert shown(leaking, capsys)["allowed"][0]["reason"] == "moved next week"
    leaking.write("tenants/local.yaml", tenant + allowed.format("2020-12-31"))
    (refusal,) = shown(leaking, capsys)["refusals"]
    assert refusal["message"].endswith("(It was allowed until 2020-12-31.)")
    assert leaking.reconciler("validate") == 0
    assert "tenants/local.yaml:4:65: warning: the guard 'token' was allowed until 2020-12-31" in capsys.readouterr().err


def test_a_commit_off_the_branch_can_be_planned_and_not_applied(protected: Home, capsys: Told) -> None:
    assert protected.reconciler("plan", "--detailed-exitcode") == 2
    assert "note: branch would refuse an apply: Commit" in capsys.readouterr().out
    assert names(shown(protected, capsys)["notes"]) == ["branch"]
    assert protected.reconciler("apply", "--yes") == 3
    assert "is not on main, from which alone local is applied. Merge it first." in capsys.readouterr().err
    protected.git("checkout", "-q", "main")
    protected.git("merge", "-q", "topic")
    assert protected.reconciler("apply", "--yes") == 0


def test_an_older_commit_of_the_branch_can_be_applied(protected: Home) -> None:
    assert protected.reconciler("apply", "--yes", "--rev", "main") == 0


def test_a_branch_that_git_does_not_know_is_told_with_the_way_out(protected: Home, capsys: Told) -> None:
    protected.change("tenants/local.yaml", "branch: main", "branch: release")
    protected.commit("another branch")
    assert protected.reconciler("apply", "--yes") == 3
    assert "git fetch origin release" in capsys.readouterr().err


def test_files_that_are_not_committed_are_on_no_branch_and_can_be_planned(protected: Home, capsys: Told) -> None:
    protected.change("actions/guard/code.js", "not you!", "not you?")
    assert not any(shown(protected, capsys).values())


def test_a_guard_whose_facts_changed_since_the_plan_is_heard_before_the_first_write(
    protected: Home, tmp_path: Path
) -> None:
    protected.git("checkout", "-q", "main")
    protected.git("merge", "-q", "topic")

    async def played() -> None:
        with open_workplace(Settings(start=protected.folder, environ={})) as place:
            lock = TenantLock(tmp_path / "locks", who="test", wait=0, notify=lambda event: None, clock=place.clock)
            with lock:
                ready = await prepare(place, "local", revision=None, allow=(), lock=lock)
                assert ready.planned.verdict.refusals == ()
                protected.git("checkout", "-q", "topic")
                protected.git("branch", "-q", "-f", "main", "main~1")
                await carry_out(place, ready, Ways(allow=(), patience=30, notify=lambda event: None))

    with pytest.raises(Refused, match="is not on main"):
        asyncio.run(played())
    protected.git("merge", "-q", "--ff-only", "main")
    assert protected.reconciler("plan", "--detailed-exitcode", "--rev", "main") == 2


def test_a_runtime_past_its_end_is_refused(home: Home, capsys: Told) -> None:
    home.write("actions/guard/action.yaml", "name: guard\ntrigger: post-login\nruntime: node18-actions\n")
    home.commit("an old runtime")
    assert home.reconciler("apply", "--yes") == 3
    assert "whose Node has had no fixes since 2025-04-30" in capsys.readouterr().err


def test_what_the_platform_would_refuse_all_the_same_is_told_apart_from_what_may_be_allowed() -> None:
    refusals = [Refusal(guard=name, message=f"{name}.") for name in ("many-deletes", "change-trigger")]
    with pytest.raises(Refused) as told:
        refuse(refusals)
    assert told.value.remedy == (
        "The platform itself refuses change-trigger, allowed or not. If the rest is wanted, say so: "
        "--allow many-deletes"
    )


def test_two_of_three_actions_are_not_deleted_without_a_word(home: Home, capsys: Told) -> None:
    home.write("actions/third/action.yaml", "name: third\ntrigger: post-login\n")
    home.write("actions/third/code.js", "exports.onExecutePostLogin = async () => {};\n")
    home.write("flows/post-login.yaml", "trigger: post-login\nbindings: [greet]\n")
    home.commit("three")
    assert home.reconciler("apply", "--yes") == 0
    home.git("rm", "-rq", "actions/third", "actions/guard")
    home.commit("one is left")
    assert names(shown(home, capsys)["refusals"]) == ["many-deletes"]
    tenant = (home.folder / "tenants/local.yaml").read_text()
    home.write("tenants/local.yaml", tenant + "guards: {deletes: {percent: 70}}\n")
    home.commit("they may go")
    assert home.reconciler("apply", "--yes") == 0
    assert "to local: guard deleted, third deleted." in capsys.readouterr().out


def test_the_help_of_every_command_that_asks_guards_names_them(capsys: Told) -> None:
    for command in ("plan", "apply", "rollback"):
        assert Home(Path()).reconciler(command, "--help") == 0
        told = capsys.readouterr().out
        assert "bound-delete" in told
        assert "An action that runs in a flow now would be deleted." in " ".join(told.split())


def test_an_action_is_not_rolled_back_to_what_was_never_merged(protected: Home, capsys: Told) -> None:
    assert protected.reconciler("apply", "--yes", "--allow", "branch") == 0
    topic = protected.git("rev-parse", "HEAD")
    protected.git("checkout", "-q", "main")
    protected.change("actions/guard/code.js", "not you", "go away")
    protected.commit("another change")
    assert protected.reconciler("apply", "--yes") == 0
    assert protected.reconciler("rollback", "guard", "--to", topic, "--yes") == 3
    assert f"Commit {topic[:12]} is not on main" in capsys.readouterr().err
    assert protected.reconciler("rollback", "guard", "--to", topic, "--yes", "--allow", "branch") == 0


def test_a_clone_that_does_not_know_the_commit_does_not_hold_up_a_way_back(home: Home) -> None:
    assert home.reconciler("apply", "--yes") == 0
    home.write("tenants/local.yaml", (home.folder / "tenants/local.yaml").read_text() + "branch: release\n")
    home.change("actions/guard/code.js", "not you", "go away")
    home.commit("protect a branch that is not here")
    assert home.reconciler("apply", "--yes", "--allow", "branch") == 0
    assert home.reconciler("rollback", "guard", "--to", "1", "--yes") == 0
