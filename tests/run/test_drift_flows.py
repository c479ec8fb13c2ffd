"""What is done to a flow by hand is found, told apart from what waits to be applied, and attributed."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable

from reconciler.settings import now
from tests.local.tenant.opened import ACTIONS, Session, opened
from tests.run.attempts import FLOW
from tests.run.conftest import Home
from tests.run.drifting import STRANGER, Hands, drifted, ids, only


async def turned_round(hands: Hands) -> None:
    await hands.bind("greet", "guard")


async def half(hands: Hands) -> None:
    await hands.bind("guard")


def test_another_order_is_found(home: Home) -> None:
    finding = only(drifted(home, turned_round))
    assert (finding.id, finding.severity, finding.flows) == (f"flow-reordered:{FLOW}", "high", (FLOW,))
    assert [by.user_agent for by in finding.by] == [STRANGER]
    assert sorted(finding.diff[3:]) == [" - greet", "+- guard", "-- guard"] and finding.since


def test_a_binding_that_somebody_took_out_is_found(home: Home) -> None:
    finding = only(drifted(home, half))
    assert finding.id == f"binding-removed:{FLOW}:greet"
    assert finding.what == "greet was taken out of the flow post-login."
    assert "-- greet" in finding.diff


def test_a_binding_that_went_with_its_action_is_not_laid_at_the_door_of_who_bound_it(home: Home) -> None:
    async def made_again(session: Session) -> None:
        listed = (await session.answer("GET", ACTIONS))["actions"]
        there = next(each for each in listed if each["name"] == "greet")
        await session.answer("DELETE", f"{ACTIONS}/{there['id']}", force="true")
        await session.create("greet", code=there["code"])

    drifted(home)
    asyncio.run(in_tenant(home, made_again))
    found = drifted(home, applies=[])
    removed = next(finding for finding in found.findings if finding.kind == "binding-removed")
    assert [(by.did, by.ours) for by in removed.by] == [("deleted", False)]
    assert removed.since == removed.by[0].at


async def in_tenant(home: Home, deeds: Callable[[Session], Awaitable[None]]) -> None:
    async with opened(home.folder / ".reconciler" / "tenants" / "local", clock=now) as session:
        await deeds(session)


def test_an_emptied_flow_is_found_for_each_of_its_bindings(home: Home) -> None:
    async def played(hands: Hands) -> None:
        await hands.bind()

    found = drifted(home, played)
    assert ids(found) == [f"binding-removed:{FLOW}:greet", f"binding-removed:{FLOW}:guard"]
    assert {by.user_agent for finding in found.findings for by in finding.by} == {STRANGER}


def test_an_action_of_ours_that_runs_once_more_is_found(home: Home) -> None:
    async def played(hands: Hands) -> None:
        await hands.bind("guard", "greet", "guard")

    assert only(drifted(home, played)).id == f"binding-added:{FLOW}:guard"


def test_a_name_that_somebody_gave_a_binding_is_found(home: Home) -> None:
    async def played(hands: Hands) -> None:
        await hands.bind("guard", "greet", shown="The guard")

    finding = only(drifted(home, played))
    assert (finding.id, finding.severity) == (f"binding-renamed:{FLOW}:guard", "low")


def test_a_foreign_binding_is_found_beside_its_action(home: Home) -> None:
    async def played(hands: Hands) -> None:
        await hands.create("legacy")
        await hands.bind("guard", "legacy", "greet")

    found = drifted(home, played)
    assert ids(found) == [f"binding-added:{FLOW}:legacy", "unmanaged-action:legacy"]
    assert "unmanaged: remove" in found.findings[0].ways[0].note


def test_a_flow_that_waits_to_be_applied_is_no_drift(home: Home) -> None:
    first = home.git("rev-parse", "HEAD")
    home.change("flows/post-login.yaml", "[guard, greet]", "[greet, guard]")
    home.commit("turn round")
    assert drifted(home, applies=[first]).findings == ()


def test_a_flow_of_a_commit_that_changed_nothing_else_is_no_drift_though_git_went_on(home: Home) -> None:
    home.change("flows/post-login.yaml", "[guard, greet]", "[greet, guard]")
    second = home.commit("turn round")
    home.change("flows/post-login.yaml", "[greet, guard]", "[greet]")
    home.commit("greet alone")
    assert drifted(home, applies=["HEAD~2", second]).findings == ()
    found = drifted(home, half, applies=[])
    assert ids(found) == [f"binding-removed:{FLOW}:greet"]


def test_a_flow_that_somebody_put_back_to_what_git_had_before_is_told(home: Home) -> None:
    first = home.git("rev-parse", "HEAD")
    home.change("flows/post-login.yaml", "[guard, greet]", "[greet, guard]")
    home.commit("turn round")

    async def put_back(hands: Hands) -> None:
        await hands.bind("guard", "greet")

    found = drifted(home, put_back, applies=[first, "HEAD"])
    assert found.findings == ()
    (said,) = found.unknown
    assert said.startswith("The flow post-login is as git had it once") and STRANGER in said


def test_where_git_lacks_the_commit_the_log_tells_drift_from_what_waits(home: Home) -> None:
    home.change("actions/greet/code.js", "exports.", "// second\nexports.")
    second = home.commit("second")
    drifted(home, applies=[second])
    home.change("flows/post-login.yaml", "[guard, greet]", "[greet, guard]")
    home.commit("turn round")
    shallow = Home(home.folder.parent / "shallow")
    home.git("clone", "-q", "--depth=1", f"file://{home.folder}", str(shallow.folder))
    shutil.copytree(home.folder / ".reconciler", shallow.folder / ".reconciler")
    waits = drifted(shallow, applies=[])
    assert waits.findings == ()
    assert waits.unknown and "post-login" in waits.unknown[0]
