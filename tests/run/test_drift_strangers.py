"""What runs without git, and what git made that is gone, is found and attributed."""

from __future__ import annotations

import pytest

from tests.run.attempts import FLOW
from tests.run.conftest import Home
from tests.run.drifting import STRANGER, Hands, drifted, ids, only


@pytest.mark.parametrize(
    ("deploy", "bound", "severity"), [(True, True, "high"), (True, False, "medium"), (False, False, "low")]
)
def test_an_action_that_git_did_not_make_is_found(home: Home, deploy: bool, bound: bool, severity: str) -> None:
    async def played(hands: Hands) -> None:
        await hands.create("legacy", deploy=deploy)
        if bound:
            await hands.bind("guard", "greet", "legacy")

    finding = next(each for each in drifted(home, played).findings if each.kind == "unmanaged-action")
    assert (finding.id, finding.severity, bool(finding.flows)) == ("unmanaged-action:legacy", severity, bound)
    assert [by.user_agent for by in finding.by] == [STRANGER]
    assert (
        finding.ways[0].text == "" and finding.ways[1].text == "reconciler adopt unmanaged-action:legacy --tenant local"
    )


def test_an_action_that_is_gone_is_found_with_who_deleted_it(home: Home) -> None:
    async def played(hands: Hands) -> None:
        await hands.bind("guard")
        await hands.gateway.delete((await hands.action("greet")).id)

    finding = only(drifted(home, played))
    assert (finding.id, finding.severity, finding.flows) == ("missing-action:greet", "high", (FLOW,))
    assert [(by.did, by.user_agent) for by in finding.by] == [("deleted", STRANGER)]
    assert all(line[0] in "-@+" for line in finding.diff)


def test_an_action_that_a_commit_took_out_of_git_is_not_missing(home: Home) -> None:
    home.change("flows/post-login.yaml", "[guard, greet]", "[guard]")
    home.git("rm", "-rq", "actions/greet")
    gone = home.commit("without greet")
    assert drifted(home, applies=["HEAD~1", gone]).findings == ()


def test_an_action_that_was_renamed_by_hand_says_whose_it_is(home: Home) -> None:
    async def played(hands: Hands) -> None:
        greet = await hands.action("greet")
        await hands.gateway.create("greet-copy", greet.draft.content, greet.draft.provenance, {})

    finding = only(drifted(home, played))
    assert finding.id == "unmanaged-action:greet-copy" and "actions/greet of git" in finding.what


def test_what_another_repository_made_is_explained_by_it(home: Home) -> None:
    async def played(hands: Hands) -> None:
        greet = await hands.action("greet")
        assert greet.draft.provenance is not None
        theirs = greet.draft.provenance.model_copy(update={"repo": "other", "path": "actions/theirs"})
        await hands.gateway.create("theirs", greet.draft.content, theirs, {})
        await hands.deploy("theirs")
        await hands.bind("guard", "theirs", "greet")

    assert drifted(home, played).findings == ()


def test_nothing_is_missing_from_a_tenant_that_git_never_touched(home: Home) -> None:
    assert drifted(home, applies=[]).findings == ()


IGNORE = """
drift:
  ignore:
    - {finding: "unmanaged-action:leg*", reason: moves to git in spring, until: 2999-01-01}
    - {finding: "edited:guard", reason: an incident, until: 2001-01-01}
    - {finding: "edited:nobody", reason: gone, until: 2999-01-01}
"""


def test_what_the_tenant_file_ignores_is_shown_and_counts_again_after_its_last_day(home: Home) -> None:
    home.write("tenants/local.yaml", (home.folder / "tenants/local.yaml").read_text() + IGNORE)
    home.commit("ignore")

    async def played(hands: Hands) -> None:
        await hands.create("legacy")
        await hands.bind("guard", "greet", "legacy")
        await hands.edit("guard", deploy=True)

    found = drifted(home, played)
    assert ids(found) == ["edited:guard"]
    assert ids(found, "ignored") == [f"binding-added:{FLOW}:legacy", "unmanaged-action:legacy"]
    assert {finding.ignored_because for finding in found.findings} == {"", "moves to git in spring"}
    assert found.ended == (
        "The entry edited:guard of drift.ignore ended on 2001-01-01 (an incident).",
        "The entry edited:nobody of drift.ignore matches nothing any more: remove it.",
    )
