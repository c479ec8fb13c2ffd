"""What a pipeline tells of a stage that could not be done."""

from __future__ import annotations

import pytest

from reconciler.errors import (
    ApplyFailed,
    BrokenBase,
    CasesFailed,
    Diagnostic,
    Exit,
    GitError,
    InvalidInput,
    NotApproved,
    NoWayBack,
    ReconcilerError,
    Refused,
    Span,
    StalePlan,
)
from reconciler.report.pipeline.failed import failed_stage
from tests.report.pipeline.plans import RUN

BROKEN = InvalidInput([Diagnostic(Span("flows/post-login.yaml", 2, 12), "There is no action greet.")])


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (BROKEN, "`flows/post-login.yaml:2:12`: There is no action greet."),
        (GitError("There is no commit abc.", "Fetch it."), "There is no commit abc. Fetch it."),
        (StalePlan(["The action greet is another one."]), "> - The action greet is another one."),
        (NoWayBack(["greet has one version only."]), "> - greet has one version only."),
        (
            CasesFailed(["actions/greet/cases.yaml:1 greet: greets: denied"], 2),
            "> - actions/greet/cases.yaml:1 greet: gr",
        ),
        (BrokenBase("origin/main", BROKEN.diagnostics), "> - flows/post-login.yaml:2:12: There is no action greet."),
        (NotApproved("a" * 64, "b" * 64), "The plan is not the one that was approved"),
        (Refused("old would be deleted.", "Say so: --allow bound-delete"), "old would be deleted. Say so:"),
    ],
)
def test_every_problem_is_told_with_its_details(problem: ReconcilerError, said: str) -> None:
    stage = failed_stage("plan", "prod", problem, run=RUN)
    assert said in stage.comment.replace("<!-- -->", "") and said in stage.summary.replace("<!-- -->", "")
    assert (stage.conclusion, stage.exit_code, stage.outputs.exit_code) == (
        "failure",
        problem.exit_code,
        problem.exit_code,
    )


def test_files_that_say_something_wrong_are_marked_at_their_places() -> None:
    stage = failed_stage("plan", "prod", BROKEN, "identity/")
    assert [(each.path, each.line, each.column) for each in stage.annotations] == [
        ("identity/flows/post-login.yaml", 2, 12)
    ]


def test_what_stands_below_is_not_said_to_stand_above() -> None:
    assert "above" not in failed_stage("plan", "prod", BROKEN, run=RUN).comment


def test_an_apply_that_stopped_tells_what_was_undone_and_what_is_left_the_worst_first() -> None:
    problem = ApplyFailed(
        "greet was not built.", "Mend it.", undone=["guard version 3"], left=["guard 2"], cause=Exit.ERROR
    )
    comment = failed_stage("apply", "prod", problem).comment
    assert comment.index("Not put back: guard 2") < comment.index("Put back: guard version 3")


def test_a_stage_of_all_tenants_has_no_comment() -> None:
    assert failed_stage("validate", "", BROKEN).comment == ""


def test_the_title_is_one_line_and_not_longer_than_one() -> None:
    stage = failed_stage("plan", "prod", GitError("first\nsecond " + "x" * 1_000))
    assert "\n" not in stage.title and stage.title.startswith("first second x") and len(stage.title) < 250


def test_the_longest_problem_fits() -> None:
    problem = StalePlan(["The action greet is another one. " * 2_000] * 200)
    stage = failed_stage("apply", "prod", problem, run=RUN)
    assert len(stage.comment.encode()) <= 65_536 - 1_000 and "… and" in stage.comment
