"""Each kind of drift is taken into the files; after a commit the plan is empty."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.run.attempts import FLOW
from tests.run.conftest import TOKEN, Home
from tests.run.drifting import HOTFIX, Hands, Play, drifted

GREET = "actions/greet/action.yaml"
COMMENTED = "# Says hello.\nname: greet  # as people call it\ntrigger: post-login\nsecrets:\n  TOKEN: token\n"
COMMENTED += "  LEVEL: {value: info}  # not secret\n"
ALWAYS = "exports.onExecutePostLogin = async () => {};\n"


def adopted(home: Home, capsys: pytest.CaptureFixture[str], *findings: str) -> Any:
    """What an adoption tells programs."""
    capsys.readouterr()
    assert home.reconciler("adopt", *findings, "--format", "json") == 0
    return json.loads(capsys.readouterr().out)


def planned(home: Home, capsys: pytest.CaptureFixture[str]) -> Any:
    """The plan of what was committed."""
    home.commit("adopt", "--allow-empty")
    assert home.reconciler("validate") == 0
    capsys.readouterr()
    assert home.reconciler("plan", "--format", "json") == 0
    return json.loads(capsys.readouterr().out)


def changes(plan: Any) -> list[Any]:
    return [*plan["actions"], *plan["flows"], *plan["modules"]]


def text(home: Home, path: str) -> str:
    return (home.folder / path).read_text(encoding="utf-8")


async def edited(hands: Hands) -> None:
    await hands.edit("greet", deploy=True)


async def pasted_over(hands: Hands) -> None:
    await hands.edit("greet", line=False, deploy=True)


async def another_runtime(hands: Hands) -> None:
    await hands.edit("guard", deploy=True, runtime="node18-actions")


async def rolled_back(hands: Hands) -> None:
    await hands.edit("greet", deploy=True)
    await hands.edit("greet", deploy=True, code=ALWAYS)
    await hands.roll_back("greet", 2)


async def secret_added(hands: Hands) -> None:
    await hands.secrets("greet", deploy=True, TOKEN=None, LEVEL=None, EXTRA="from somewhere")


async def secret_removed(hands: Hands) -> None:
    await hands.secrets("greet", deploy=True, TOKEN=None)


async def secret_rotated(hands: Hands) -> None:
    await hands.secrets("greet", deploy=True, TOKEN="another", LEVEL=None)


async def reordered(hands: Hands) -> None:
    await hands.bind("greet", "guard")


async def bound_twice_and_called_otherwise(hands: Hands) -> None:
    await hands.bind("greet", "guard", "greet", shown="Say hello")


async def unbound(hands: Hands) -> None:
    await hands.bind("greet")


async def unmanaged(hands: Hands) -> None:
    await hands.create("legacy")


async def unmanaged_and_bound(hands: Hands) -> None:
    await hands.create("Legacy: 2019")
    await hands.bind("guard", "Legacy: 2019", "greet")


async def gone(hands: Hands) -> None:
    await hands.bind("guard")
    await hands.gateway.delete((await hands.action("greet")).id)


async def everything(hands: Hands) -> None:
    await secret_added(hands)
    await another_runtime(hands)
    await unmanaged_and_bound(hands)


KINDS = [edited, pasted_over, another_runtime, rolled_back, secret_added, secret_removed, secret_rotated, reordered]
KINDS += [bound_twice_and_called_otherwise, unbound, unmanaged, unmanaged_and_bound, gone, everything]


@pytest.mark.parametrize("play", KINDS, ids=lambda play: play.__name__)
def test_what_somebody_did_by_hand_is_adopted_and_then_nothing_is_left_to_change(
    home: Home, capsys: pytest.CaptureFixture[str], play: Play
) -> None:
    assert drifted(home, play).open
    made = adopted(home, capsys)
    assert made["findings"] and made["remaining"] == made["replaced"] == []
    assert changes(planned(home, capsys)) == []
    capsys.readouterr()
    assert home.reconciler("drift", "--detailed-exitcode") == 0, capsys.readouterr().out
    assert adopted(home, capsys)["files"] == []


def test_an_edit_is_written_into_the_file_of_the_code_alone(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.write(GREET, COMMENTED)
    home.commit("comments")
    drifted(home, edited)
    made = adopted(home, capsys)
    assert (made["findings"], made["files"], made["kept"]) == (["edited:greet"], ["actions/greet/code.js"], [])
    assert text(home, "actions/greet/code.js") == HOTFIX
    assert text(home, GREET) == COMMENTED
    assert home.git("status", "--porcelain") == "M actions/greet/code.js"


def test_where_gits_line_is_lost_its_secrets_are_left_to_the_tenant_and_told(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    drifted(home, pasted_over)
    made = adopted(home, capsys)
    assert {(each["name"], each["secret"]) for each in made["kept"]} == {("greet", "TOKEN"), ("greet", "LEVEL")}
    assert planned(home, capsys)["unstamped"] == ["greet"]


def test_a_secret_is_added_among_the_others_with_their_comments(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.write(GREET, COMMENTED)
    home.commit("comments")
    drifted(home, secret_added)
    adopted(home, capsys, "secret-added:greet:EXTRA")
    assert text(home, GREET) == COMMENTED + "  EXTRA: {keep: true}\n"


def test_a_secret_that_somebody_rotated_is_the_tenants_own_from_now_on(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    drifted(home, secret_rotated)
    made = adopted(home, capsys)
    assert [(each["name"], each["secret"]) for each in made["kept"]] == [("greet", "TOKEN")]
    assert "TOKEN: {keep: true}" in text(home, GREET)


def test_a_flow_is_written_in_the_order_that_runs(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.write(f"flows/{FLOW}.yaml", f"trigger: {FLOW}\nbindings:\n  - guard  # first of all\n  - greet\n")
    home.commit("comments")
    drifted(home, reordered)
    adopted(home, capsys)
    assert text(home, f"flows/{FLOW}.yaml") == f"trigger: {FLOW}\nbindings:\n  - greet\n  - guard  # first of all\n"


def test_a_draft_is_adopted_only_where_it_is_named(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    async def played(hands: Hands) -> None:
        await hands.edit("greet")

    drifted(home, played)
    made = adopted(home, capsys)
    assert (made["findings"], made["files"]) == ([], [])
    assert [each["name"] for each in made["left"]] == ["draft-edited:greet"]
    made = adopted(home, capsys, "draft-edited:greet")
    assert text(home, "actions/greet/code.js") == HOTFIX
    assert [each["name"] for each in made["remaining"]] == ["greet"]
    (change,) = planned(home, capsys)["actions"]
    assert change["after"]["code"] == HOTFIX


def test_what_is_gone_leaves_git_with_its_places_in_flows(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    drifted(home, gone)
    made = adopted(home, capsys)
    assert made["removed"] == [f"actions/greet/{file}" for file in ("action.yaml", "cases.yaml", "code.js")]
    assert "bindings: [guard]" in text(home, f"flows/{FLOW}.yaml")
    assert not (home.folder / "actions/greet").exists()


def test_what_is_gone_from_one_of_several_tenants_stays_for_the_others(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    home.write("tenants/other.yaml", text(home, "tenants/local.yaml"))
    home.commit("another tenant")
    drifted(home, gone)
    made = adopted(home, capsys)
    assert (made["removed"], made["files"]) == ([], ["tenants/local.yaml"])
    assert changes(planned(home, capsys)) == []
    assert "enabled: false" in text(home, "tenants/local.yaml")


def test_what_holds_for_other_tenants_too_is_told(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.write("tenants/other.yaml", text(home, "tenants/local.yaml"))
    home.commit("another tenant")
    drifted(home, edited)
    assert adopted(home, capsys)["shared"] == ["other"]


def test_what_is_wrong_with_another_tenant_does_not_stand_in_the_way(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    home.write("tenants/other.yaml", "type: local\n")
    home.commit("another tenant, which has no secrets yet")
    drifted(home, reordered)
    assert adopted(home, capsys)["files"] == [f"flows/{FLOW}.yaml"]


def test_what_git_had_and_never_applied_is_told_where_it_is_replaced(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    first = home.git("rev-parse", "HEAD")
    home.change("actions/greet/code.js", "'hello'", "'pending'")
    home.write("actions/newer/action.yaml", "name: newer\ntrigger: post-login\n")
    home.write("actions/newer/code.js", ALWAYS)
    home.write("flows/post-login.yaml", "trigger: post-login\nbindings: [guard, newer, greet]\n")
    home.commit("waits to be applied")
    drifted(home, edited, reordered, applies=[first])
    made = adopted(home, capsys)
    assert [(each["kind"], each["name"]) for each in made["replaced"]] == [("action", "greet"), ("flow", FLOW)]
    assert "newer" in made["replaced"][1]["why"]


def test_what_was_applied_and_rolled_back_is_not_said_to_have_waited(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    first = home.git("rev-parse", "HEAD")
    home.change("actions/greet/code.js", "'hello'", "'worse'")
    home.commit("worse")

    async def back(hands: Hands) -> None:
        await hands.roll_back("greet", 1)

    drifted(home, back, applies=[first, "HEAD"])
    made = adopted(home, capsys)
    assert (made["findings"], made["replaced"]) == (["rolled-back:greet"], [])


def test_only_what_is_named_is_taken(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    drifted(home, everything)
    made = adopted(home, capsys, "edited:guard")
    assert made["files"] == ["actions/guard/action.yaml"]
    assert "runtime: node18-actions" in text(home, "actions/guard/action.yaml")


def test_an_unknown_finding_is_refused_with_the_nearest(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    drifted(home, edited)
    assert home.reconciler("adopt", "edited:gret") == 64
    said = capsys.readouterr().err
    assert "There is no finding edited:gret in local." in said and "Did you mean edited:greet?" in said


def test_a_file_with_changes_of_its_own_is_not_written(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    drifted(home, edited)
    home.change("actions/greet/code.js", "exports.", "// mine\nexports.")
    before = _files(home.folder)
    assert home.reconciler("adopt") == 1
    assert "what is not committed: actions/greet/code.js" in capsys.readouterr().err
    assert _files(home.folder) == before


def test_a_file_that_git_ignores_is_not_written(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    drifted(home, edited)
    home.git("rm", "-q", "--cached", "actions/greet/code.js")
    home.write(".gitignore", text(home, ".gitignore") + "code.js\n")
    home.commit("ignore code")
    before = _files(home.folder)
    assert home.reconciler("adopt") == 1
    said = capsys.readouterr().err
    assert "what is not committed: actions/greet/code.js" in said and "git add -f actions/greet/code.js" in said
    assert _files(home.folder) == before


def test_code_that_cannot_stand_in_git_is_refused_and_nothing_is_written(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    async def played(hands: Hands) -> None:
        await hands.bind("greet", "guard")
        await hands.edit("greet", deploy=True, code="exports.onExecutePostLogin = async () => {")

    drifted(home, played)
    before = _files(home.folder)
    assert home.reconciler("adopt") == 1
    assert "actions/greet/code.js" in capsys.readouterr().err
    assert _files(home.folder) == before
    assert adopted(home, capsys, f"flow-reordered:{FLOW}")["files"] == [f"flows/{FLOW}.yaml"]


def test_nothing_is_sent_to_the_tenant_and_no_value_is_written(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    drifted(home, everything)
    made = adopted(home, capsys)
    assert "from somewhere" not in json.dumps(made)
    for path in made["files"]:
        assert "from somewhere" not in text(home, path) and TOKEN not in text(home, path)


def test_people_are_told_what_was_written_and_what_comes_next(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    drifted(home, edited)
    capsys.readouterr()
    assert home.reconciler("adopt") == 0
    assert capsys.readouterr().out == (
        "adopted edited:greet\n  wrote actions/greet/code.js\n\n"
        "Next: look at `git diff`, commit, and `reconciler plan --tenant local`.\n"
    )
    home.commit("adopt")
    assert home.reconciler("adopt") == 0
    assert "Nothing was written" in capsys.readouterr().out


def _files(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in files
        if not {".git", ".reconciler"} & set(file.relative_to(folder).parts)
    }
