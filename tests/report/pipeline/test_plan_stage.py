"""What a pipeline tells of a plan."""

from __future__ import annotations

import re
import time

import pytest

from reconciler.model.pipeline import Annotation, PipelineRun
from reconciler.model.plan import ActionChange, Against, Plan, Refusal, Verdict, Why
from reconciler.report import plan as pieces
from reconciler.report.pipeline.plan import plan_stage
from tests.report.pipeline.plans import RUN, content, flow, large, plan, update
from tests.report.pipeline.seen import seen

MIXED = plan(
    ActionChange(kind="create", name="notify-slack", number=1, after=content("two"), why=Why(reasons=("not there",))),
    update("greet", "one", "two"),
    ActionChange(kind="delete", name="old", id="3", why=Why(reasons=("gone",), before=content("one"))),
    flows=(flow("post-login", ("old", "greet"), ("greet", "notify-slack"), "Tell Slack"),),
)
REFUSED = Verdict(
    refusals=(
        Refusal(
            guard="token", message="actions/greet/code.js:3 holds a GitHub token.", place="actions/greet/code.js:3"
        ),
        Refusal(guard="bound-delete", message="old would be deleted, and it runs in post-login now."),
    )
)


def test_the_title_counts_what_changes() -> None:
    assert plan_stage(MIXED, Verdict(), RUN).title == ("Plan: 1 to create, 1 to change, 1 to delete, 1 flow to bind.")


def test_the_outputs_count_everything_that_changes() -> None:
    told = plan_stage(MIXED, Verdict(), RUN).outputs
    assert (told.changes, told.to_create, told.to_change, told.to_delete) == (True, 1, 2, 1)
    assert told.to_create + told.to_change + told.to_delete == MIXED.size
    assert (told.checksum, told.commit, told.exit_code) == (pieces.checksum(MIXED), "c" * 40, 0)


def test_the_comment_has_a_block_for_each_change_the_checksum_and_what_to_do_next() -> None:
    comment = plan_stage(MIXED, Verdict(), RUN).comment
    shown = seen(comment)
    assert shown.count("details") == 4
    assert pieces.checksum(MIXED) in shown.code
    assert "Merging applies exactly this." in comment
    assert comment.startswith("### Plan for `prod`\n")


def test_away_from_a_pull_request_the_command_that_applies_it_is_told() -> None:
    comment = plan_stage(MIXED, Verdict(), PipelineRun()).comment
    assert f"`reconciler apply --tenant prod --checksum {pieces.checksum(MIXED)}` applies exactly this." in comment


def test_what_is_not_committed_cannot_be_applied() -> None:
    assert "Commit the changes" in plan_stage(MIXED.model_copy(update={"commit": ""}), Verdict(), RUN).comment


def test_nothing_to_change_leaves_nothing_to_say_in_a_comment() -> None:
    stage = plan_stage(plan(), Verdict(), RUN)
    assert (stage.comment, stage.checksum, stage.title) == ("", "", "Nothing to change.")
    assert "Nothing to change." in stage.summary and stage.outputs.changes is False


def test_a_guard_that_refuses_fails_the_stage_and_is_told_at_its_place() -> None:
    stage = plan_stage(MIXED, REFUSED, RUN, prefix="identity/")
    assert (stage.conclusion, stage.exit_code, stage.outputs.exit_code) == ("failure", 3, 3)
    assert stage.title.endswith(" Refused by bound-delete, token.")
    assert stage.annotations == (
        Annotation(
            level="failure",
            path="identity/actions/greet/code.js",
            line=3,
            title="Refused by token",
            message="actions/greet/code.js:3 holds a GitHub token.",
        ),
    )
    assert "`--allow bound-delete --allow token`" in stage.comment and "Merging applies" not in stage.comment


def test_a_guard_that_would_stop_only_an_apply_fails_nothing() -> None:
    stage = plan_stage(MIXED, Verdict(notes=REFUSED.refusals), RUN)
    assert (stage.conclusion, stage.exit_code, stage.annotations) == ("success", 0, ())
    assert "An apply now would be refused by **token**" in stage.comment


def test_nobody_is_told_to_allow_what_the_platform_refuses_all_the_same() -> None:
    hopeless = Verdict(refusals=(Refusal(guard="change-trigger", message="greet moves."),))
    assert "--allow" not in plan_stage(MIXED, hopeless, RUN).comment


def test_a_plan_without_the_tenant_says_so_first_and_has_nothing_to_approve() -> None:
    against = Against(name="origin/main", commit="e" * 40, head="d" * 40)
    stage = plan_stage(MIXED.model_copy(update={"against": against, "commit": ""}), Verdict(), RUN)
    assert stage.comment.startswith("### Plan against `origin/main at eeeeeeeeeeee`, not the tenant `prod`\n")
    assert stage.title.startswith("Against origin/main at eeeeeeeeeeee: Plan: ")
    assert (stage.checksum, stage.outputs.checksum) == ("", "")
    assert not re.search(r"[0-9a-f]{64}", stage.comment) and "cannot be applied" in stage.comment
    assert "--- origin/main/actions/greet/code.js" in stage.comment


@pytest.mark.parametrize("size", [500, 5_000, 30_000])
def test_a_plan_of_a_hundred_changed_actions_fits_a_comment_and_links_the_rest(size: int) -> None:
    stage = plan_stage(large(100, size), Verdict(), RUN)
    assert len(stage.comment.encode()) < 65_536 - 1_000
    assert all(f"~ update action-{number:03} as version 2 (code)" in stage.comment for number in range(100))
    assert "**Plan: 0 to create, 100 to change, 0 to delete.**" in stage.comment
    assert RUN.url in seen(stage.comment).links or size == 500
    assert len(stage.summary.encode()) < 1024 * 1024


def test_a_hundred_changed_actions_of_the_largest_size_are_rendered_in_three_seconds() -> None:
    edited = large(100, 100_000)
    began = time.process_time()
    plan_stage(edited, Verdict(), RUN)
    assert time.process_time() - began < 3


def test_the_same_plan_gives_the_same_bytes() -> None:
    again = Plan.model_validate_json(MIXED.model_dump_json())
    assert plan_stage(MIXED, REFUSED, RUN) == plan_stage(again, REFUSED, RUN)
