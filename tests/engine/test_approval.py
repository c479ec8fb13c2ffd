"""What an approval covers: everything that an apply does, and nothing that says the same in other words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from reconciler.engine import approval, planner
from reconciler.model.plan import Plan, PlanDocument, Refusal, Verdict
from reconciler.model.tenant import Desired, Live
from tests.engine.generated import desireds, lives
from tests.engine.model_tenant import carried_out
from tests.engine.worlds import action, desired, flow, live_action, live_flow

GIT = desired(action("alpha", "// new"), action("beta"), flows=[flow("alpha", "beta")])
ACTIONS = (live_action("alpha", repo="acme"), live_action("gone", repo="acme"))
TENANT = Live(actions=ACTIONS, flows=(live_flow("alpha"),))


def plan(wanted: Desired = GIT, live: Live = TENANT, tool: str = "test") -> Plan:
    return planner.plan(wanted, live, tool=tool)


def test_a_checksum_is_64_hex_digits_and_the_same_every_time() -> None:
    assert len(bytes.fromhex(approval.checksum(plan()))) == 32
    assert approval.checksum(plan()) == approval.checksum(plan())


@pytest.mark.parametrize("commit", ["d" * 40, ""])
def test_another_commit_of_the_same_content_keeps_it(commit: str) -> None:
    squashed = GIT.model_copy(update={"commit": commit})
    assert approval.checksum(plan(squashed)) == approval.checksum(plan())
    assert not approval.alike(plan(squashed), plan())


def test_another_commit_keeps_it_where_a_draft_is_put_back() -> None:
    first = planner.plan(desired(action("alpha")), Live(), tool="test")
    (made,) = carried_out(first, Live()).actions
    live = Live(actions=(made.model_copy(update={"draft": live_action("alpha", "// edited by hand").draft}),))
    plans = [plan(desired(action("alpha")).model_copy(update={"commit": each * 40}), live) for each in "cd"]
    assert [change.deploy for each in plans for change in each.actions] == [False, False]
    assert len({approval.checksum(each) for each in plans}) == 1


def test_a_version_signed_with_another_commit_than_the_plan_changes_it() -> None:
    made = plan()
    told = made.actions[0].provenance
    assert told is not None
    forged = made.actions[0].model_copy(update={"provenance": told.model_copy(update={"commit": "e" * 40})})
    plans = made, made.model_copy(update={"actions": (forged, *made.actions[1:])})
    assert approval.checksum(plans[0]) != approval.checksum(plans[1])


def test_another_tool_keeps_it() -> None:
    assert approval.checksum(plan(tool="another")) == approval.checksum(plan())


def test_what_is_for_people_only_keeps_it() -> None:
    made = plan()
    bare = [change.model_copy(update={"why": type(change.why)()}) for change in made.actions]
    assert approval.checksum(made.model_copy(update={"actions": tuple(bare)})) == approval.checksum(made)


@pytest.mark.parametrize(
    "changed",
    [
        {"format": 99},
        {"repo": "other"},
        {"tenant": "prod"},
        {"actions": plan().actions[1:]},
        {"flows": ()},
        {"seen": plan().seen[1:]},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_whatever_is_done_or_was_seen_changes_it(changed: dict[str, Any]) -> None:
    assert approval.checksum(plan().model_copy(update=changed)) != approval.checksum(plan())


@pytest.mark.parametrize(
    "wanted",
    [
        desired(action("alpha", "// newer"), action("beta"), flows=[flow("alpha", "beta")]),
        desired(action("alpha", "// new"), action("beta"), flows=[flow("beta", "alpha")]),
        desired(action("alpha", "// new"), flows=[flow("alpha")]),
    ],
)
def test_other_content_changes_it(wanted: Desired) -> None:
    assert approval.checksum(plan(wanted)) != approval.checksum(plan())


def test_a_tenant_that_moved_changes_it() -> None:
    moved = TENANT.model_copy(update={"flows": (live_flow("alpha", "gone"),)})
    assert approval.checksum(plan(live=moved)) != approval.checksum(plan())


@given(desireds(), lives())
def test_a_saved_plan_is_the_same_when_it_comes_back(wanted: Desired, live: Live) -> None:
    made = plan(wanted, live)
    saved = approval.document(made, Verdict(refusals=(Refusal(guard="take-over", message="no"),)))
    back = PlanDocument.model_validate_json(saved.model_dump_json())
    assert back == saved and back.checksum == approval.checksum(made)
