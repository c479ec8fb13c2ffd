"""What is done to an action of ours by hand is found, classified and attributed."""

from __future__ import annotations

import asyncio
import shutil

import pytest

from reconciler.engine import normalize
from reconciler.model.action import Dependency
from reconciler.run.session import TOOL
from tests.run.attempts import FLOW, attempt
from tests.run.conftest import Home
from tests.run.drifting import HOTFIX, STRANGER, Hands, drifted, ids, only


def second_commit(home: Home) -> str:
    """Changes the code of both actions."""
    home.change("actions/greet/code.js", "exports.", "// second\nexports.")
    home.change("actions/guard/code.js", "exports.", "// second\nexports.")
    return home.commit("second")


def test_nothing_is_found_right_after_an_apply(home: Home) -> None:
    found = drifted(home)
    assert (found.findings, found.unknown, found.ended) == ((), (), ())


def test_what_git_did_not_apply_yet_is_no_drift(home: Home) -> None:
    first = home.commit("nothing", "--allow-empty")
    second_commit(home)
    home.git("rm", "-rq", "actions/guard")
    home.change("flows/post-login.yaml", "[guard, greet]", "[greet]")
    home.commit("third")
    assert drifted(home, applies=[first]).findings == ()


def test_an_edit_that_runs_is_found_with_its_parts_its_diff_and_its_author(home: Home) -> None:
    async def played(hands: Hands) -> None:
        await hands.edit("greet", deploy=True)

    finding = only(drifted(home, played))
    assert (finding.id, finding.severity, finding.parts, finding.flows) == ("edited:greet", "high", ("code",), (FLOW,))
    assert finding.what == "greet was edited outside git (code) and deployed as version 2."
    assert finding.diff[:2] == ("--- base/actions/greet/code.js", "+++ live/actions/greet/code.js")
    assert "+" + HOTFIX.rstrip("\n") in finding.diff
    assert [by.did for by in finding.by] == ["edited", "deployed"]
    assert {by.user_agent for by in finding.by} == {STRANGER} and all(by.client_id and by.ip for by in finding.by)
    assert finding.base == home.git("rev-parse", "HEAD") and finding.since


def test_an_edit_of_what_no_flow_runs_is_less_severe(home: Home) -> None:
    home.change("flows/post-login.yaml", "[guard, greet]", "[greet]")
    home.commit("greet alone")

    async def played(hands: Hands) -> None:
        await hands.edit("guard", deploy=True)

    assert only(drifted(home, played)).severity == "medium"


def test_code_pasted_over_gits_line_is_known_by_the_versions_before(home: Home) -> None:
    async def played(hands: Hands) -> None:
        await hands.edit("greet", line=False, deploy=True)

    finding = only(drifted(home, played))
    assert finding.id == "edited:greet" and "took git's line out of its code" in finding.what
    assert finding.ways[0].text == "reconciler apply --tenant local --allow take-over"


def test_another_runtime_is_named(home: Home) -> None:
    async def played(hands: Hands) -> None:
        await hands.edit("guard", deploy=True, runtime="node18-actions")

    finding = only(drifted(home, played))
    assert (finding.id, finding.parts) == ("edited:guard", ("runtime",))
    assert "-runtime: node22" in finding.diff and "+runtime: node18-actions" in finding.diff


@pytest.mark.registry
def test_another_dependency_is_named(home: Home) -> None:
    async def played(hands: Hands) -> None:
        await hands.edit("guard", deploy=True, dependencies=(Dependency(name="ms", version="2.1.3"),))

    finding = only(drifted(home, played))
    assert (finding.id, finding.parts) == ("edited:guard", ("dependencies",))
    assert "+  ms: 2.1.3" in finding.diff


def test_an_edit_in_the_draft_alone_is_a_draft(home: Home) -> None:
    async def played(hands: Hands) -> None:
        await hands.edit("greet")

    finding = only(drifted(home, played))
    assert (finding.id, finding.severity, finding.parts) == ("draft-edited:greet", "low", ("code",))
    assert finding.diff[1] == "+++ draft/actions/greet/code.js"
    assert [by.user_agent for by in finding.by] == [STRANGER]


def test_a_version_deployed_again_is_settled_where_git_has_it_and_its_secrets_are_untouched(home: Home) -> None:
    async def played(hands: Hands) -> None:
        await hands.deploy("guard")
        await hands.deploy("greet")

    found = drifted(home, played)
    assert (ids(found), ids(found, "settled")) == ([], ["redeployed:greet", "redeployed:guard"])
    assert {by.user_agent for finding in found.findings for by in finding.by} == {STRANGER}


@pytest.mark.parametrize(("agent", "how"), [(STRANGER, "outside git"), (TOOL, "by `reconciler rollback`")])
def test_a_rollback_is_shown_as_what_it_is(home: Home, agent: str, how: str) -> None:
    first = home.git("rev-parse", "HEAD")
    second = second_commit(home)

    async def played(hands: Hands) -> None:
        await hands.roll_back("guard", 1)

    finding = only(drifted(home, played, applies=[first, second], agent=agent))
    assert (finding.id, finding.severity, finding.state) == ("rolled-back:guard", "high", "open")
    assert finding.what == (
        f"guard was rolled back {how}: version 3 is what commit {first[:12]} made as version 1, "
        f"in place of version 2 (commit {second[:12]})."
    )
    assert "+// second" not in finding.diff and "-// second" in finding.diff


def test_a_rollback_that_git_reverted_is_settled(home: Home) -> None:
    first = home.git("rev-parse", "HEAD")
    second = second_commit(home)

    async def played(hands: Hands) -> None:
        await hands.roll_back("guard", 1)

    drifted(home, played, applies=[first, second])
    home.git("revert", "--no-edit", second)
    found = drifted(home, applies=[])
    assert (ids(found), ids(found, "settled")) == ([], ["rolled-back:guard"])


def test_a_draft_that_does_not_build_is_found(home: Home) -> None:
    async def played(hands: Hands) -> None:
        await hands.edit("guard", dependencies=(Dependency(name="ms", version="./none"),))
        while (await hands.action("guard")).draft.status != "failed":
            await asyncio.sleep(0.01)

    found = drifted(home, played)
    assert ids(found) == ["draft-edited:guard", "failed-build:guard"]
    assert found.findings[1].what == "The draft of guard failed to build: it cannot be deployed as it is."


def test_what_a_killed_apply_left_in_a_draft_is_told_apart_from_an_edit(home: Home) -> None:
    first, second = home.git("rev-parse", "HEAD"), second_commit(home)
    assert attempt(home, first).failure is None

    async def played(hands: Hands) -> None:
        """Stages the second commit's content as an apply does."""
        there = await hands.action("guard")
        assert there.draft.provenance is not None
        content = there.draft.content.model_copy(update={"code": "// second\n" + there.draft.content.code})
        signed = there.draft.provenance.model_copy(
            update={"commit": second, "number": 2, "digest": normalize.digest(content)}
        )
        await hands.gateway.update_draft(there.id, content, signed)

    finding = only(drifted(home, played, applies=[]))
    assert (finding.id, finding.severity) == ("undeployed-draft:guard", "low")
    assert second[:12] in finding.what


def test_an_action_that_was_created_and_never_deployed_is_found(home: Home) -> None:
    async def played(hands: Hands) -> None:
        like = await hands.action("guard")
        assert like.draft.provenance is not None
        signed = like.draft.provenance.model_copy(update={"path": "actions/extra"})
        await hands.gateway.create("extra", like.draft.content, signed, {})

    finding = only(drifted(home, played))
    assert (finding.id, finding.severity, finding.flows) == ("undeployed-draft:extra", "low", ())


def test_a_commit_that_git_does_not_have_still_tells_that_something_was_edited(home: Home) -> None:
    first, second = home.git("rev-parse", "HEAD"), second_commit(home)

    async def played(hands: Hands) -> None:
        await hands.edit("greet", deploy=True)

    assert drifted(home, played, applies=[first, second], at=second).findings
    shallow = Home(home.folder.parent / "shallow")
    home.git("commit", "-q", "--allow-empty", "-m", "third")
    home.git("clone", "-q", "--depth=1", f"file://{home.folder}", str(shallow.folder))
    shutil.copytree(home.folder / ".reconciler", shallow.folder / ".reconciler")
    found = drifted(shallow, applies=[])
    finding = only(found)
    assert (finding.id, finding.parts) == ("edited:greet", ("code",))
    assert "-// second" in finding.diff, "the tenant's own version tells what git deployed"
