"""The way back: an earlier version runs again, what was rolled back from is held, and git is told how to follow."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.run.attempts import Scene, in_scene
from tests.run.conftest import Home
from tests.run.drifting import Hands

GREET = "actions/greet/code.js"


@pytest.fixture
def home(home: Home) -> Home:
    """A repository whose first commit was applied."""
    assert home.reconciler("apply", "--yes") == 0
    return home


def applied(home: Home, word: str, *paths: str) -> str:
    """A commit that adds a comment to the code of some actions, applied."""
    for path in paths or (GREET,):
        home.change(path, "exports.", f"// {word}\nexports.")
    commit = home.commit(word)
    assert home.reconciler("apply", "--yes") == 0
    return commit


def json_of(home: Home, capsys: pytest.CaptureFixture[str], *args: str) -> Any:
    capsys.readouterr()
    assert home.reconciler(*args, "--format", "json") == 0
    return json.loads(capsys.readouterr().out)


def running(home: Home, capsys: pytest.CaptureFixture[str], action: str = "greet") -> tuple[int, str]:
    """The number and the commit of the version that runs."""
    (live,) = [each for each in json_of(home, capsys, "versions", action) if each["live"]]
    return live["number"], live["commit"]


def refused(home: Home, capsys: pytest.CaptureFixture[str], *args: str) -> str:
    """What is said of a command that does not end well."""
    capsys.readouterr()
    assert home.reconciler(*args) != 0
    return capsys.readouterr().err


def test_a_rollback_holds_the_bad_commit_by_name_and_lets_a_fix_through(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    first = home.git("rev-parse", "HEAD")
    bad = applied(home, "bad")
    assert home.reconciler("rollback", "greet", "--to", first, "--yes") == 0
    assert running(home, capsys) == (3, first)
    for command in (["apply", "--yes"], ["plan", "--detailed-exitcode"]):
        capsys.readouterr()
        assert home.reconciler(*command) == 3
        told = "".join(capsys.readouterr())
        assert f"greet was rolled back from commit {bad[:12]} (version 2)" in told
        assert "rolled-back" in told
    fix = applied(home, "fix")
    assert running(home, capsys) == (4, fix)
    home.git("revert", "--no-edit", "HEAD")
    assert home.reconciler("apply", "--yes") == 0  # the fix ended the hold, of the bad content too
    assert running(home, capsys)[0] == 5


def test_what_was_rolled_back_from_is_deployed_where_it_is_allowed(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = applied(home, "bad")
    assert home.reconciler("rollback", "greet", "--to", "1", "--yes") == 0
    assert home.reconciler("apply", "--yes", "--allow", "rolled-back") == 0
    assert running(home, capsys) == (4, bad)


def test_a_rollback_that_was_taken_back_holds_nothing(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    second = applied(home, "second")
    for number in ("1", "2"):
        assert home.reconciler("rollback", "greet", "--to", number, "--yes") == 0
    assert running(home, capsys) == (4, second)
    home.git("revert", "--no-edit", "HEAD")
    assert home.reconciler("apply", "--yes") == 0


def test_a_saved_plan_of_the_bad_commit_is_refused(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    applied(home, "bad")
    assert home.reconciler("rollback", "greet", "--to", "1", "--yes") == 0
    plan = home.folder.parent / "plan.json"
    assert home.reconciler("plan", "--out", str(plan)) == 0
    assert "rolled-back" in refused(home, capsys, "apply", str(plan), "--yes")


def test_a_rollback_tells_the_revert_that_makes_it_last(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    second, third = applied(home, "second"), applied(home, "third")
    told = json_of(home, capsys, "rollback", "greet", "--to", "HEAD~2", "--yes")
    assert told["reverts"] == {"commits": [third, second], "also": {}, "notes": []}
    home.git("revert", "--no-edit", *told["reverts"]["commits"])
    assert home.reconciler("apply", "--yes") == 0
    assert home.reconciler("plan", "--detailed-exitcode") == 0


def test_a_second_rollback_to_the_same_place_has_nothing_to_do(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    applied(home, "bad")
    assert home.reconciler("rollback", "greet", "--to", "1", "--yes") == 0
    told = json_of(home, capsys, "rollback", "greet", "--to", "1", "--yes")
    assert (told["deployed"], told["notes"]) == ([], ["greet runs that already."])
    assert running(home, capsys)[0] == 3


def test_a_flow_goes_back_whole_and_tells_what_it_leaves(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    first = home.git("rev-parse", "HEAD")
    home.write("actions/extra/action.yaml", "name: extra\ntrigger: post-login\n")
    home.write("actions/extra/code.js", "exports.onExecutePostLogin = async () => {};\n")
    home.change("flows/post-login.yaml", "[guard, greet]", "[extra, greet, guard]")
    second = applied(home, "second", GREET, "actions/guard/code.js")
    told = json_of(home, capsys, "rollback", "--flow", "post-login", "--to", first, "--yes")
    assert [(each["action"], each["number"], each["version"]) for each in told["deployed"]] == [
        ("greet", 3, 1),
        ("guard", 3, 1),
    ]
    assert told["notes"] == [
        f"extra was not in git for this tenant at {first[:12]}. It is left as it is.",
        f"post-login ran guard > greet at {first[:12]}, now extra > greet > guard: bindings stay as they are.",
    ]
    assert told["reverts"] == {
        "commits": [second],
        "also": {second: ["actions/extra", "flows/post-login.yaml"]},
        "notes": [],
    }


def test_an_action_that_a_commit_did_not_touch_goes_back_to_what_ran_then(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    first = home.git("rev-parse", "HEAD")
    second = applied(home, "second", "actions/guard/code.js")
    applied(home, "third")
    told = json_of(home, capsys, "rollback", "--all", "--to", second, "--yes")
    assert [(each["action"], each["commit"]) for each in told["deployed"]] == [("greet", first)]
    assert told["notes"] == ["guard runs that already."]


def test_a_revision_that_git_lost_is_known_by_the_versions_that_name_it(
    home: Home, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    first = home.git("rev-parse", "HEAD")
    bad = applied(home, "bad")
    clone = tmp_path / "shallow"
    subprocess.run(["git", "clone", "-q", "--depth", "1", home.folder.as_uri(), str(clone)], check=True)
    for kept in (".reconciler", "age-key.txt"):
        (clone / kept).symlink_to(home.folder / kept)
    shallow = Home(clone)
    told = json_of(shallow, capsys, "rollback", "greet", "--to", first[:7], "--yes")
    assert told["reverts"]["commits"] == [bad]
    assert "git fetch --unshallow" in told["reverts"]["notes"][0]
    assert "Git does not know the revision 'HEAD~1'" in refused(shallow, capsys, "rollback", "greet", "--to", "HEAD~1")


def test_a_broken_newest_commit_and_a_missing_key_do_not_stand_in_the_way(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    applied(home, "bad")
    home.write("actions/greet/action.yaml", "name: [greet\n")
    home.write(GREET, "this is no JavaScript")
    home.commit("broken")
    (home.folder / "age-key.txt").unlink()
    told = json_of(home, capsys, "rollback", "greet", "--to", "1", "--yes")
    assert [each["number"] for each in told["deployed"]] == [3]
    assert "problem" in told["secrets_unknown"]
    assert running(home, capsys)[0] == 3


def test_secrets_that_came_back_with_the_version_are_told_by_name(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    home.change("actions/greet/action.yaml", "info", "debug")
    home.change("actions/greet/action.yaml", "secrets:\n", "secrets:\n  NEW: {value: new}\n")
    applied(home, "debug")
    assert home.reconciler("rollback", "greet", "--to", "1", "--yes") == 0
    told = capsys.readouterr().out
    assert "greet runs with an earlier value of the secret LEVEL than git has now." in told
    assert "greet runs without the secret NEW, which git wants it to have now." in told
    assert "TOKEN" not in told
    assert "git revert" in told


def test_somebody_elses_action_is_left_alone_and_told(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.change("reconciler.yaml", "acme", "others")
    told = refused(home, capsys, "rollback", "greet", "--to", "1", "--yes")
    assert "greet belongs to the repository acme." in told
    assert "No action of others is bound to post-login." in refused(
        home, capsys, "rollback", "--flow", "post-login", "--to", "HEAD", "--yes"
    )


USAGE = {
    "nothing named": ["--to", "1"],
    "two things named": ["greet", "--all", "--to", "HEAD"],
    "a number for many": ["--all", "--to", "1"],
    "no such flow": ["--flow", "post-logn", "--to", "HEAD"],
    "nobody to ask": ["greet", "--to", "HEAD~1"],
}


def test_what_makes_no_sense_is_told(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    applied(home, "bad")
    for what, args in USAGE.items():
        assert home.reconciler("rollback", *args) == 64, what
    assert "Neither git nor any version knows a commit deadbeef" in refused(
        home, capsys, "rollback", "greet", "--to", "deadbeef"
    )
    assert "greet has no version 0" in refused(home, capsys, "rollback", "greet", "--to", "0")
    assert "The tenant has no action 'great'; did you mean 'greet'?" in refused(
        home, capsys, "rollback", "great", "--to", "1"
    )
    assert running(home, capsys)[0] == 2


def test_versions_show_what_runs_again_and_what_was_rolled_back_from(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    applied(home, "bad")
    assert home.reconciler("rollback", "greet", "--to", "1", "--yes") == 0
    told = json_of(home, capsys, "versions", "greet")
    assert [(each["number"], each["again"], each["rolled_back"], each["live"]) for each in told] == [
        (3, 1, False, True),
        (2, None, True, False),
        (1, None, False, False),
    ]
    assert home.reconciler("versions", "greet") == 0
    shown = capsys.readouterr().out
    assert "live, version 1 again" in shown
    assert "rolled back from" in shown


def test_the_lock_and_commits_that_touch_more_are_told_with_the_revert(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    home.change("actions/guard/code.js", "exports.", "// too\nexports.")
    both = applied(home, "both")
    home.write("docs/notes.md", "nothing that runs\n")
    home.write("actions/greet/cases.yaml", (home.folder / "actions/greet/cases.yaml").read_text() + "\n")
    home.commit("cases and notes")
    only = applied(home, "only")
    told = json_of(home, capsys, "rollback", "greet", "--to", "1", "--yes")
    assert told["reverts"] == {"commits": [only, both], "also": {both: ["actions/guard"]}, "notes": []}


def test_an_action_goes_back_to_the_module_version_that_it_had(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.write("modules/words/module.yaml", "name: words\n")
    home.write("modules/words/code.js", "module.exports = { hello: 'hello' };\n")
    home.change("actions/greet/action.yaml", "secrets:", "modules: {words: latest}\nsecrets:")
    home.change(GREET, "exports.", "const words = require('actions:words');\nexports.")
    assert home.reconciler("lock") == 0
    home.commit("words")
    assert home.reconciler("apply", "--yes") == 0
    home.change("modules/words/code.js", "'hello'", "'goodbye'")
    assert home.reconciler("lock") == 0
    bad = home.commit("other words")
    assert home.reconciler("apply", "--yes") == 0
    told = json_of(home, capsys, "rollback", "greet", "--to", "HEAD~1", "--yes")
    assert ([each["version"] for each in told["deployed"]], told["reverts"]["commits"]) == ([2], [bad])
    assert "rolled-back" in refused(home, capsys, "apply", "--yes")
    home.git("revert", "--no-edit", bad)
    assert home.reconciler("apply", "--yes") == 0
    assert home.reconciler("plan", "--detailed-exitcode") == 0
    assert running(home, capsys)[0] == 4


def test_drift_shows_a_rollback_as_what_it_is(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    applied(home, "bad")
    assert home.reconciler("rollback", "greet", "--to", "1", "--yes") == 0
    assert [finding["kind"] for finding in json_of(home, capsys, "drift")["findings"]] == ["rolled-back"]


def test_what_another_branch_had_applied_is_not_to_be_reverted_here(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    home.git("switch", "-q", "-c", "hotfix")
    elsewhere = applied(home, "hotfix")
    home.git("switch", "-q", "main")
    home.change(GREET, "exports.", "// not applied yet\nexports.")
    home.commit("later")
    told = json_of(home, capsys, "rollback", "greet", "--to", "HEAD~1", "--yes")
    assert told["reverts"] == {
        "commits": [],
        "also": {},
        "notes": [f"Commit {elsewhere[:12]} is not in the history of what is checked out here."],
    }


def test_a_commit_that_only_changed_what_the_tenant_file_says_of_the_action_is_reverted_too(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    tenant = "tenants/local.yaml"
    before = (home.folder / tenant).read_text()
    home.write(tenant, before + "overrides: {actions: {greet: {runtime: node18-actions}}}\n")
    older = home.commit("an older runtime here")
    assert home.reconciler("apply", "--yes", "--allow", "end-of-life") == 0
    told = json_of(home, capsys, "rollback", "greet", "--to", "1", "--yes")
    assert told["reverts"] == {"commits": [older], "also": {older: ["tenants/local.yaml"]}, "notes": []}


def test_a_commit_that_only_changed_a_secret_is_reverted_too(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.change("actions/greet/action.yaml", "info", "debug")
    debug = home.commit("debug")
    assert home.reconciler("apply", "--yes") == 0
    told = json_of(home, capsys, "rollback", "greet", "--to", "1", "--yes")
    assert told["reverts"]["commits"] == [debug]
    (found,) = json_of(home, capsys, "drift")["findings"]
    assert (found["id"], found["state"]) == ("rolled-back:greet", "open")
    home.git("revert", "--no-edit", "HEAD")
    assert home.reconciler("plan", "--detailed-exitcode") == 0
    (found,) = json_of(home, capsys, "drift")["findings"]
    assert found["state"] == "settled"


def test_a_value_that_was_rotated_since_is_told_and_not_to_be_reverted(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [sys.executable, "-m", "reconciler", "secrets", "set", "token", "--repo", str(home.folder)]
    subprocess.run(command, input="another-value", text=True, check=True, capture_output=True)
    home.commit("rotated")
    assert home.reconciler("apply", "--yes") == 0
    told = json_of(home, capsys, "rollback", "greet", "--to", "1", "--yes")
    assert told["reverts"]["commits"] == []
    (note,) = told["reverts"]["notes"]
    assert note.startswith("Git has greet as it runs, but for TOKEN:")
    (found,) = json_of(home, capsys, "drift")["findings"]
    assert found["state"] == "open"


@pytest.mark.parametrize("meant", [["--all"], ["--flow", "post-login"]])
def test_what_somebody_deployed_over_git_is_told_where_many_go_back(
    home: Home, capsys: pytest.CaptureFixture[str], meant: list[str]
) -> None:
    applied(home, "bad", GREET, "actions/guard/code.js")

    async def hotfixed(made: Scene) -> None:
        await Hands(made.other).edit("guard", line=False, deploy=True)

    in_scene(home, "HEAD", hotfixed)
    told = json_of(home, capsys, "rollback", *meant, "--to", "HEAD~1", "--yes")
    assert [each["action"] for each in told["deployed"]] == ["greet"]
    assert "guard runs what acme did not make: it is left as it is. Name it to roll it back." in told["notes"]


def test_a_rollback_past_a_deploy_by_hand_tells_the_revert_of_what_git_made_before_it(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = applied(home, "bad")

    async def hotfixed(made: Scene) -> None:
        await Hands(made.other).edit("greet", line=False, deploy=True)

    in_scene(home, "HEAD", hotfixed)
    told = json_of(home, capsys, "rollback", "greet", "--to", "1", "--yes", "--allow", "take-over")
    assert told["reverts"]["commits"] == [bad]
