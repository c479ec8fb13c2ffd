"""What a pipeline tells of files and of cases."""

from __future__ import annotations

from reconciler.errors import Diagnostic, Span
from reconciler.model.case import Failure, Outcome
from reconciler.model.execution import Call, Execution, FlowRun, Thrown
from reconciler.model.pipeline import Annotation
from reconciler.report.pipeline.checks import test_stage as cases_stage
from reconciler.report.pipeline.checks import validate_stage
from tests.report.pipeline.seen import seen

PROBLEM = Diagnostic(Span("actions/greet/action.yaml", 2, 10), "There is no trigger pre-login.", "Did you mean x?")
NOTICE = Diagnostic(Span("tenants/prod.yaml"), "It names no guards.")
FAILED = Outcome(
    action="greet",
    case="greets",
    status="failed",
    failures=(Failure(message="api: expected [], got [access.deny]."),),
    file="actions/greet/cases.yaml",
    line=4,
    execution=Execution(
        action="greet",
        handler="onExecutePostLogin",
        console=("what it said",),
        calls=(Call(method="access.deny", args=("no",)),),
        error=Thrown(name="TypeError", message="x is not a function", line=3, column=7),
    ),
)
FLOW = "flows/post-login.cases.yaml"
PASSED = Outcome(action="guard", case="lets in", status="passed")


def test_each_problem_is_marked_at_its_place_in_the_git_repository() -> None:
    stage = validate_stage((PROBLEM,), (NOTICE,), 0, "teams/identity/")
    assert (stage.conclusion, stage.exit_code, stage.title) == ("failure", 1, "1 problem in 1 file.")
    assert stage.annotations == (
        Annotation(
            level="failure",
            path="teams/identity/actions/greet/action.yaml",
            line=2,
            column=10,
            title="reconciler validate",
            message="There is no trigger pre-login. Did you mean x?",
        ),
        Annotation(
            level="warning",
            path="teams/identity/tenants/prod.yaml",
            title="reconciler validate",
            message="It names no guards.",
        ),
    )
    assert "`actions/greet/action.yaml:2:10`: There is no trigger pre-login. Did you mean x?" in stage.summary


def test_files_without_a_problem_pass() -> None:
    stage = validate_stage((), (), 3)
    assert (stage.conclusion, stage.exit_code, stage.title) == ("success", 0, "3 actions checked, no problems.")
    assert stage.annotations == () and stage.comment == ""


def test_a_place_outside_the_git_repository_is_told_but_not_marked() -> None:
    stage = validate_stage((Diagnostic(Span("/tmp/plan.json"), "x"), Diagnostic(Span("../up"), "y")), (), 0)
    assert stage.annotations == () and "/tmp/plan.json" in stage.summary


def test_many_problems_fit_the_summary_of_a_step() -> None:
    many = [Diagnostic(Span("a.yaml", at, 1), "x" * 500) for at in range(1, 5_000)]
    assert len(validate_stage(many, (), 0).summary.encode()) < 1024 * 1024


def test_a_failed_case_is_marked_where_it_is_written_with_what_was_expected() -> None:
    stage = cases_stage((FAILED, PASSED), "identity")
    assert (stage.conclusion, stage.exit_code, stage.title) == ("failure", 4, "1 passed, 1 failed.")
    (remark,) = stage.annotations
    assert (remark.path, remark.line, remark.title) == ("identity/actions/greet/cases.yaml", 4, "greet: greets")
    assert remark.message == ("api: expected [], got [access.deny].\nTypeError: x is not a function (code.js:3:7)")


def test_the_summary_of_cases_has_a_row_for_each_action_and_what_a_failed_case_did() -> None:
    shown = seen(cases_stage((FAILED, PASSED)).summary)
    assert shown.count("tr") == 3
    (did,) = [code for code in shown.code if "what it said" in code]
    assert "api: expected []" in did and 'access.deny("no")' in did


def test_cases_that_all_pass_are_a_success() -> None:
    stage = cases_stage((PASSED,))
    assert (stage.conclusion, stage.exit_code, stage.title) == ("success", 0, "1 passed, 0 failed.")


def test_no_cases_are_no_failure() -> None:
    stage = cases_stage(())
    assert (stage.conclusion, stage.exit_code, stage.title) == ("success", 0, "There are no cases.")


def test_a_failed_case_shows_what_differs_and_each_action_of_a_flow() -> None:
    run = FlowRun(trigger="post-login", status="denied", reason="no", executions=(Execution(action="a", handler="b"),))
    failure = Failure(message="ran: expected b, got a.", diff=("- b", "+ a"))
    stage = cases_stage((Outcome(action="", case="c", status="failed", failures=(failure,), flow=run, file=FLOW),))
    (remark,) = stage.annotations
    assert (remark.title, remark.message) == ("flows/post-login: c", "ran: expected b, got a.")
    shown = seen(stage.summary)
    assert any("- b\n+ a\na b\npost-login denied: no" in code for code in shown.code)
    assert "flows/post-login" in stage.summary


def test_the_code_of_a_rule_is_told_with_what_it_found() -> None:
    found = Diagnostic(Span("actions/a/code.js", 2, 9), "nothing limits this.", "Give it a limit.", "R051", "warning")
    stage = validate_stage([], [found], 1)
    assert stage.conclusion == "success" and "R051 nothing limits this." in stage.summary
    (remark,) = stage.annotations
    assert (remark.level, remark.line, remark.column) == ("warning", 2, 9)
    assert remark.title == "reconciler validate: R051"
