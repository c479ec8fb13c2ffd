"""What others wrote is shown as it is and does nothing: no markup, no mention, no link, no command."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.errors import ApplyFailed, Diagnostic, Exit, GitError, InvalidInput, Span, StalePlan
from reconciler.model.case import Failure, Outcome
from reconciler.model.execution import Call, Execution, Request, Thrown
from reconciler.model.pipeline import PipelineRun, Stage
from reconciler.model.plan import Against, Allowed, Plan, Refusal, SecretChange, Verdict
from reconciler.model.several import Problem, TenantResult
from reconciler.report.drift_markdown import drift_markdown
from reconciler.report.markdown import plan_markdown
from reconciler.report.pipeline.checks import test_stage as cases_stage
from reconciler.report.pipeline.checks import validate_stage
from reconciler.report.pipeline.failed import failed_stage
from reconciler.report.pipeline.plan import plan_stage
from reconciler.report.several import summary_markdown
from reconciler.report.visible import visible
from tests.report.drifts import drift, edited
from tests.report.pipeline.plans import HOSTILE, RUN, content, flow, plan, update
from tests.report.pipeline.seen import ALERTS, Seen, seen

OURS = {"h3", "p", "strong", "code", "pre", "details", "summary", "ul", "li", "blockquote", "span", "a"}
TABLE = {"table", "thead", "tbody", "tr", "th", "td"}
ALIVE = re.compile(
    r"@[\w-]|#\d|\bGH-\d|://|www\.|\b[0-9a-f]{7,40}\b|:[a-z0-9_+-]+:|\$\S.*\$|[\w.+-]+@[\w-]+\.\w", re.IGNORECASE
)
"""What GitHub makes a link, a mention, a picture or a formula of outside code."""

TEXTS = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(max_size=60),
    st.text("`~<>/!-*_[]()#@$|:\\ \n\t&;a1", max_size=60),
    st.lists(st.sampled_from(HOSTILE), min_size=2, max_size=3).map("".join),
)


def hostile_plan(text: str) -> Plan:
    """The text wherever somebody else may write it."""
    return plan(
        update(text, text, f"{text}\n// {text}\n{text}", SecretChange(name=text, what="new")),
        update("greet", "one\n" * 9 + text, "two\n" + "one\n" * 8 + text),
        repo=text,
        tenant=text,
        flows=(flow(text, (text,), (text, "greet"), text),),
        unstamped=(text,),
    )


def hostile_verdict(text: str) -> Verdict:
    refusal = Refusal(guard="token", message=f"{text} would be lost.", remedy=f"Look at `{text}`.")
    return Verdict(
        refusals=(refusal, Refusal(guard="branch", message=text)),
        notes=(refusal,),
        allowed=(Allowed(guard="history", message=text, reason=text),),
        remarks=(f"tenants/{text}.yaml changes.",),
    )


def hostile_outcomes(text: str) -> tuple[Outcome, ...]:
    ran = Execution(
        action=text,
        handler="onExecutePostLogin",
        console=(text, text),
        calls=(Call(method="access.deny", args=(text,)),),
        requests=(Request(method="POST", url=text),),
        error=Thrown(name=text, message=text, line=3, column=1),
    )
    failed = Outcome(
        action=text,
        case=text,
        status="failed",
        failures=(Failure(message=text), Failure(message=text, diff=(text,))),
        execution=ran,
        file=text,
        line=3,
    )
    return (failed, Outcome(action="greet", case=text, status="passed"))


def harmless(markdown: str, *, tags: set[str] = OURS, links: tuple[str, ...] = ("",)) -> Seen:
    """Read, with nothing in it that does anything."""
    shown = seen(markdown)
    assert not shown.unbalanced
    assert shown.names <= tags, shown.names - tags
    attributes = {(name, key) for name, values in shown.tags for key in values}
    assert attributes <= {("code", "class"), ("pre", "lang"), ("a", "href"), ("th", "align"), ("td", "align")}
    assert set(shown.links) <= set(links)
    alive = [text for text in shown.outside if ALIVE.search(text)]
    assert not alive
    assert all(comment == " " or comment.startswith(" reconciler {") for comment in shown.comments)
    assert visible(markdown.replace("\n", "")) == markdown.replace("\n", "")
    return shown


def stages(text: str) -> list[Stage]:
    """Every stage that tells of a text."""
    span = Span(text, 3, 5)
    against = Against(name=text, commit="e" * 40, head="d" * 40)
    problems = (
        InvalidInput([Diagnostic(span, text, text)]),
        GitError(text, f"Try `{text}`."),
        StalePlan([text]),
        ApplyFailed(text, text, undone=[text], left=[text], cause=Exit.ERROR),
    )
    return [
        plan_stage(hostile_plan(text), hostile_verdict(text), RUN),
        plan_stage(hostile_plan(text), hostile_verdict(text), PipelineRun()),
        plan_stage(hostile_plan(text).model_copy(update={"against": against}), Verdict(), RUN),
        validate_stage((Diagnostic(span, text, text),), (Diagnostic(span, text),), 1),
        cases_stage(hostile_outcomes(text)),
        *(failed_stage("apply", text, problem, run=RUN) for problem in problems),
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_stage_shows_what_others_wrote_and_nothing_of_it_does_anything(text: str) -> None:
    for stage in stages(text):
        for told in filter(None, (stage.comment, stage.summary)):
            harmless(told, tags=OURS | TABLE, links=(RUN.url,))
        for line in (
            stage.title,
            *(line for each in stage.annotations for line in (each.title, *each.message.split("\n"))),
        ):
            assert "\n" not in line and line == visible(line)


@settings(max_examples=30, deadline=None)
@given(TEXTS)
def test_nothing_that_others_can_write_does_anything(text: str) -> None:
    for stage in stages(text):
        for told in filter(None, (stage.comment, stage.summary)):
            harmless(told, tags=OURS | TABLE, links=(RUN.url,))


@pytest.mark.parametrize("text", HOSTILE)
def test_the_markdown_of_plan_and_drift_does_nothing(text: str) -> None:
    harmless(plan_markdown(hostile_plan(text), hostile_verdict(text)))
    harmless(drift_markdown(drift(edited(text, text, f"{text}\n{text}", agent=text), unknown=(text,), ended=(text,))))


@pytest.mark.parametrize("text", HOSTILE)
def test_the_table_of_several_tenants_does_nothing(text: str) -> None:
    problem = Problem(message=text, remedy=text, details=(text,))
    results = (
        TenantResult(tenant=text, result="failed", exit_code=1, problem=problem),
        TenantResult(tenant="prod", result="changes", changes=1, refused=(text,), versions=(text,), outcome={}),
    )
    shown = harmless(summary_markdown(results, "changes"), tags=OURS | TABLE)
    assert (shown.count("tr"), shown.count("td")) == (3, 10)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_diff_shows_each_line_of_code_as_it_is(text: str) -> None:
    shown = seen(plan_stage(plan(update("greet", "before", f"// {text}")), Verdict(), RUN).comment)
    (diff,) = [code for code in shown.code if "+++ git/actions/greet/code.js" in code]
    for line in content(f"// {text}").code.removesuffix("\n").split("\n"):
        assert "+" + visible(line) in diff.split("\n")


def test_only_alerts_of_ours_stand_before_the_changes() -> None:
    shown = harmless(plan_stage(hostile_plan("[!CAUTION]"), hostile_verdict("> [!CAUTION]"), RUN).comment)
    assert [text.strip() for text in shown.outside if text.strip() in ALERTS] == [
        "[!CAUTION]",
        "[!WARNING]",
        "[!IMPORTANT]",
        "[!NOTE]",
    ]
