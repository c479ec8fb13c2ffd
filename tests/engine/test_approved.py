"""What counts as the approval of a plan, and what does not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine.approved import approved, merged_as, named_in
from reconciler.model.approved import Approved, NothingApproved, Shown
from reconciler.model.github import CheckRun, CommitStatus
from reconciler.model.pipeline import PullRequest

BOT = "github-actions[bot]"
HEAD, MERGE = "1" * 40, "2" * 40
SUM, OTHER = "a" * 64, "b" * 64
BEFORE, MERGED, AFTER = "2026-11-23T10:00:00Z", "2026-11-23T11:00:00Z", "2026-11-23T12:00:00Z"
PULL = PullRequest(number=7, head=HEAD, base="main", merged=MERGE, merged_at=MERGED, merged_by="grace")


def check(**changed: Any) -> CheckRun:
    usual = CheckRun(
        id=1,
        name="reconciler / plan (prod)",
        sha=HEAD,
        conclusion="success",
        external_id=SUM,
        app="github-actions",
        title="Plan: 1 to change.",
        completed_at=BEFORE,
    )
    return usual.model_copy(update=changed)


def status(**changed: Any) -> CommitStatus:
    usual = CommitStatus(
        context="reconciler / plan (prod)",
        state="success",
        description=f"Plan: 1 to change. {SUM}",
        creator=BOT,
        created_at=BEFORE,
    )
    return usual.model_copy(update=changed)


def of_head(*checks: CheckRun) -> Shown:
    return Shown(pull=PULL, checks=((), checks))


def why(shown: Shown, writer: str = BOT) -> str:
    found = approved(shown, writer)
    assert isinstance(found, NothingApproved)
    return found.why


def checksum(shown: Shown, writer: str = BOT) -> str:
    found = approved(shown, writer)
    assert isinstance(found, Approved), found
    return found.checksum


def test_the_plan_that_the_pull_request_showed_last_is_the_one_that_its_merge_approved() -> None:
    found = approved(of_head(check(), check(external_id=OTHER)), BOT)
    assert found == Approved(checksum=SUM, pull=PULL, by="grace", title="Plan: 1 to change.")


def test_what_a_merge_queue_showed_of_the_very_commit_comes_first() -> None:
    assert checksum(Shown(pull=PULL, checks=((check(external_id=OTHER, sha=MERGE),), (check(),)))) == OTHER


@pytest.mark.parametrize("conclusion", ["success", "neutral"])
def test_a_plan_that_succeeded_counts(conclusion: str) -> None:
    assert checksum(of_head(check(conclusion=conclusion))) == SUM


@pytest.mark.parametrize("conclusion", ["failure", "cancelled", "timed_out", "action_required", "skipped", "stale", ""])
def test_a_plan_that_failed_last_is_no_approval_whatever_was_shown_before(conclusion: str) -> None:
    assert "The plan of #7 failed" in why(of_head(check(conclusion=conclusion), check()))


def test_a_check_of_another_app_counts_for_nothing() -> None:
    assert "was not written by github-actions[bot], but by helpful-bot" in why(of_head(check(app="helpful-bot")))
    assert checksum(of_head(check(app="helpful-bot", external_id=OTHER), check())) == SUM


def test_a_token_of_an_app_takes_only_what_that_app_wrote() -> None:
    forged, ours = check(external_id=OTHER), check(app="acme-deployer")
    assert checksum(of_head(forged, ours), "acme-deployer[bot]") == SUM
    assert "but by github-actions" in why(of_head(forged), "acme-deployer[bot]")


def test_the_token_of_a_person_takes_no_check_of_any_app_but_a_status_of_that_person() -> None:
    assert "was not written by ada" in why(of_head(check(app="ada"), check(app="")), "ada")
    assert checksum(Shown(pull=PULL, statuses=((), (status(creator="ada"),))), "ada") == SUM


def test_a_plan_that_was_made_after_the_merge_was_seen_by_nobody_who_merged() -> None:
    assert "made after the merge" in why(of_head(check(completed_at=AFTER)))
    assert checksum(of_head(check(completed_at=AFTER, external_id=OTHER), check())) == SUM
    assert checksum(of_head(check(completed_at=MERGED))) == SUM


@pytest.mark.parametrize("when", ["", "yesterday"])
def test_a_plan_whose_time_is_not_known_is_not_taken_for_an_earlier_one(when: str) -> None:
    assert "made after the merge" in why(of_head(check(completed_at=when)))


@pytest.mark.parametrize("text", ["", "base", SUM[:63], SUM.upper(), f"{SUM} {OTHER}", SUM + "a"])
def test_a_plan_without_one_whole_checksum_was_not_made_against_the_tenant(text: str) -> None:
    assert "#7 showed no plan that could be approved" in why(of_head(check(external_id=text)))


def test_where_checks_are_not_to_be_had_the_status_tells_the_checksum() -> None:
    assert checksum(Shown(pull=PULL, statuses=((), (status(),)))) == SUM
    assert checksum(Shown(pull=PULL, statuses=((status(description=OTHER),), (status(),)))) == OTHER


@pytest.mark.parametrize("changed", [{"creator": "mallory"}, {"state": "failure"}, {"created_at": AFTER}])
def test_a_status_of_somebody_else_or_a_failed_or_a_late_one_is_none(changed: dict[str, Any]) -> None:
    assert why(Shown(pull=PULL, statuses=((), (status(**changed),))))


def test_where_no_plan_was_shown_that_is_said() -> None:
    assert why(of_head()) == "No plan was made for #7."


def test_only_a_merge_into_the_branch_that_is_deployed_counts() -> None:
    own = PULL.model_copy(update={"base": "branch-of-mallory"})
    tried = PULL.model_copy(update={"merged": "", "merged_at": ""})
    other = PULL.model_copy(update={"merged": HEAD})
    assert merged_as([own, tried, other], MERGE, "main") is None
    assert merged_as([own, PULL, tried], MERGE, "main") == PULL
    assert merged_as([tried], "", "main") is None


def test_of_several_pull_requests_the_newest_merge_counts() -> None:
    later = PULL.model_copy(update={"number": 3, "merged_at": AFTER})
    assert merged_as([PULL, later], MERGE, "main") == later


def test_messages_that_github_writes_name_pull_requests() -> None:
    messages = ["Merge pull request #12 from acme/feature", "Say hello (#7)", "Fix #3, see #9 (#7)", "100 #"]
    assert named_in(messages) == (12, 7)


FOREIGN = st.builds(
    check,
    app=st.sampled_from(["", "helpful-bot", "github-actions-2", "Github-Actions", "github-actions[bot]"]),
    external_id=st.sampled_from([SUM, OTHER, ""]),
    conclusion=st.sampled_from(["success", "failure", "neutral"]),
    completed_at=st.sampled_from([BEFORE, MERGED, AFTER, ""]),
)
LATE = st.builds(check, external_id=st.sampled_from([SUM, OTHER]), completed_at=st.sampled_from([AFTER, ""]))
STRANGE = st.builds(
    status,
    creator=st.sampled_from(["", "mallory", "github-actions", "Github-Actions[bot]"]),
    description=st.sampled_from([SUM, OTHER]),
)


@given(
    st.lists(st.one_of(FOREIGN, LATE), max_size=4),
    st.lists(st.one_of(FOREIGN, LATE), max_size=4),
    st.lists(STRANGE, max_size=3),
    st.sampled_from(["success", "failure", None]),
)
def test_whatever_others_write_neither_makes_an_approval_nor_takes_one_away(
    first: list[CheckRun], second: list[CheckRun], strange: list[CommitStatus], ours: str | None
) -> None:
    own = (check(conclusion=ours),) if ours else ()
    alone = approved(Shown(pull=PULL, checks=((), own)), BOT)
    among = approved(Shown(pull=PULL, checks=(tuple(first), (*second, *own)), statuses=((), tuple(strange))), BOT)
    assert type(among) is type(alone)
    assert among == alone or isinstance(alone, NothingApproved)
