"""What is done to the secrets of an action by hand is found; no value is ever needed for it."""

from __future__ import annotations

import pytest

from tests.run.attempts import FLOW
from tests.run.conftest import TOKEN, Home
from tests.run.drifting import STRANGER, Hands, drifted, ids, only


@pytest.mark.parametrize(("deploy", "severity"), [(True, "high"), (False, "medium")])
def test_a_secret_that_git_does_not_name_is_found(home: Home, deploy: bool, severity: str) -> None:
    async def played(hands: Hands) -> None:
        await hands.secrets("greet", deploy=deploy, TOKEN=None, LEVEL=None, EXTRA="from somewhere")

    found = drifted(home, played)
    finding = next(each for each in found.findings if each.kind == "secret-added")
    assert (finding.id, finding.severity) == ("secret-added:greet:EXTRA", severity)
    assert [by.did for by in finding.by] == (["edited", "deployed"] if deploy else ["edited"])
    assert {by.user_agent for by in finding.by} == {STRANGER}
    assert finding.ways[0].text == "reconciler apply --tenant local --allow lose-secret"
    assert "from somewhere" not in found.model_dump_json()


@pytest.mark.parametrize("deploy", [True, False])
def test_a_secret_that_somebody_took_away_is_found(home: Home, deploy: bool) -> None:
    async def played(hands: Hands) -> None:
        await hands.secrets("greet", deploy=deploy, TOKEN=None)

    found = drifted(home, played)
    assert "secret-removed:greet:LEVEL" in ids(found)
    assert "secret-removed:greet:TOKEN" not in ids(found)


@pytest.mark.parametrize("deploy", [True, False])
def test_a_value_that_somebody_wrote_is_found_even_if_it_is_the_same(home: Home, deploy: bool) -> None:
    async def played(hands: Hands) -> None:
        await hands.secrets("greet", deploy=deploy, TOKEN=TOKEN, LEVEL=None)

    found = drifted(home, played)
    rotated = [finding for finding in found.findings if finding.kind == "secret-rotated"]
    assert [finding.id for finding in rotated] == ["secret-rotated:greet:TOKEN"]
    assert rotated[0].flows == (FLOW,) and rotated[0].since
    assert ids(found) == (["secret-rotated:greet:TOKEN", "redeployed:greet"] if deploy else [rotated[0].id])


def keeping(home: Home) -> str:
    """The commit from which on git keeps LEVEL: it is a secret then, which the code may not print."""
    home.change("actions/greet/action.yaml", "{value: info}", "{keep: true}")
    home.change("actions/greet/code.js", "console.log(event.secrets.LEVEL ?? undefined)", "void event.secrets.LEVEL")
    return home.commit("keep LEVEL")


def test_a_secret_that_git_keeps_is_the_tenants_own(home: Home) -> None:
    kept = keeping(home)

    async def played(hands: Hands) -> None:
        await hands.secrets("greet", TOKEN=None, LEVEL="debug")

    assert drifted(home, applies=["HEAD~1", kept]).findings == ()
    assert drifted(home, played, applies=[]).findings == ()


def test_a_kept_secret_that_is_gone_cannot_be_brought_back(home: Home) -> None:
    kept = keeping(home)

    async def played(hands: Hands) -> None:
        await hands.secrets("greet", TOKEN=None)

    finding = only(drifted(home, played, applies=["HEAD~1", kept]))
    assert finding.id == "secret-removed:greet:LEVEL"
    assert finding.ways[0].text == "" and "set it in the tenant" in finding.ways[0].note
