"""What a pipeline tells of the files of a repository, and of the cases of its actions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from reconciler.errors import Diagnostic, Exit, Span
from reconciler.model.case import Outcome
from reconciler.model.coverage import FileCoverage
from reconciler.model.pipeline import Annotation, Outputs, Stage
from reconciler.report.cases import executions_of, owner_of
from reconciler.report.coverage import coverage_rows
from reconciler.report.execution import call_text
from reconciler.report.fences import prose, span
from reconciler.report.numbers import number_of
from reconciler.report.pipeline.block import Block, block
from reconciler.report.pipeline.budget import SUMMARY_BYTES, Page, Remarks, render_page
from reconciler.report.pipeline.places import annotated, annotation
from reconciler.report.runtime import runtime_note
from reconciler.report.visible import visible

_VALIDATE_SHOWS = "Not everything fits in here: `reconciler validate` shows all of it."
_TEST_SHOWS = "Not everything fits in here: `reconciler test` shows all of it."


def validate_stage(
    diagnostics: Sequence[Diagnostic], notices: Sequence[Diagnostic], actions: int, prefix: str = ""
) -> Stage:
    """What looking at every file came to: `diagnostics` are what is wrong, `notices` what people should know.

    `prefix` is the folder of the repository within the git repository, empty at its top.
    """
    title = number_of(actions, "action") + " checked, no problems." if not diagnostics else _problems(diagnostics)
    page = Page(
        head=f"### Files\n\n**{title}**",
        remarks=tuple(
            Remarks(alert, tuple(map(diagnostic_line, told)))
            for alert, told in (("CAUTION", diagnostics), ("WARNING", notices))
            if told
        ),
    )
    code = Exit.ERROR if diagnostics else Exit.DONE
    return Stage(
        name="validate",
        conclusion="failure" if diagnostics else "success",
        title=title,
        summary=render_page(page, SUMMARY_BYTES, _VALIDATE_SHOWS) + "\n",
        annotations=(
            *annotated(diagnostics, prefix, "failure", "reconciler validate"),
            *annotated(notices, prefix, "warning", "reconciler validate"),
        ),
        outputs=Outputs(exit_code=code),
        exit_code=code,
    )


def test_stage(
    outcomes: Sequence[Outcome],
    prefix: str = "",
    tenant: str = "",
    *,
    coverage: Sequence[FileCoverage] = (),
    short: Sequence[str] = (),
) -> Stage:
    """What running the cases came to; each failed one is a remark where it is written. `prefix` is the folder of the
    repository within the git repository, `tenant` the one whose overrides counted, where the stage is told by it;
    `coverage` what of the code ran, `short` what is said of files where less did than is asked."""
    failed = [outcome for outcome in outcomes if outcome.status == "failed"]
    title = f"{len(outcomes) - len(failed)} passed, {len(failed)} failed." if outcomes else "There are no cases."
    title += " Too little of the code ran." if short else ""
    table = f"\n\n{_table(outcomes)}" if outcomes else ""
    shares = f"\n\n{_coverage_table(coverage)}" if coverage else ""
    page = Page(
        head=f"### Cases\n\n**{title}**{table}{shares}",
        remarks=(Remarks("CAUTION", tuple(prose(visible(each)) for each in short)),) if short else (),
        blocks=tuple(_blocks(outcomes, failed)),
    )
    code = Exit.CASES_FAILED if failed or short else Exit.DONE
    return Stage(
        name="test",
        tenant=tenant,
        conclusion="failure" if failed or short else "success",
        title=title,
        summary=render_page(page, SUMMARY_BYTES, _TEST_SHOWS) + "\n",
        annotations=tuple(failed_cases(outcomes, prefix)),
        outputs=Outputs(exit_code=code),
        exit_code=code,
    )


def diagnostic_line(problem: Diagnostic) -> str:
    """A problem with its place as one line of Markdown."""
    told = " ".join(filter(None, (problem.code, problem.message, problem.remedy)))
    return f"{span(visible(str(problem.span)))}: {prose(told)}"


def _problems(diagnostics: Sequence[Diagnostic]) -> str:
    files = len({each.span.file for each in diagnostics})
    return f"{number_of(len(diagnostics), 'problem')} in {number_of(files, 'file')}."


def failed_cases(outcomes: Iterable[Outcome], prefix: str) -> Iterator[Annotation]:
    """A remark for each case that failed, where it is written."""
    for each in outcomes:
        if each.status == "passed":
            continue
        title = f"{owner_of(each)}: {each.case}"
        if made := annotation(Span(each.file, each.line), prefix, "failure", title, "\n".join(_why(each))):
            yield made


def _why(outcome: Outcome, *, diff: bool = False) -> Iterator[str]:
    """The sentence of every failure, with `diff` what differs behind it, and what the code threw."""
    for failure in outcome.failures:
        yield failure.message
        yield from failure.diff if diff else ()
    for ran in executions_of(outcome):
        if error := ran.error:
            at = f" (code.js:{error.line}:{error.column})" if error.line else ""
            yield f"{error.name}: {error.message}{at}"


def _table(outcomes: Sequence[Outcome]) -> str:
    """A row for each action and flow."""
    rows = ["| action | cases | failed |", "| --- | ---: | ---: |"]
    for owner, group in groupby(outcomes, owner_of):
        told = [outcome.status for outcome in group]
        rows.append(f"| {_cell(owner)} | {len(told)} | {told.count('failed') or ''} |")
    return "\n".join(rows)


def _coverage_table(files: Sequence[FileCoverage]) -> str:
    """A row for each action and module."""
    rows = ["| coverage | lines % | branches % | did not run |", "| --- | ---: | ---: | --- |"]
    rows += [f"| {_cell(owner)} | {lines} | {taken} | {left} |" for owner, lines, taken, left in coverage_rows(files)]
    return "\n".join(rows)


def _cell(text: str) -> str:
    return span(visible(text)).replace("|", "\\|")


def _blocks(outcomes: Sequence[Outcome], failed: Iterable[Outcome]) -> Iterator[Block]:
    for each in failed:
        yield block(f"failed {_name(each)} ({each.file}:{each.line})", _told(each), "text")
    if outcomes:
        yield block("all cases", (f"{each.status} {_name(each)}" for each in outcomes), "text")


def _name(outcome: Outcome) -> str:
    return f"{owner_of(outcome)}: {outcome.case}"


def _told(outcome: Outcome) -> Iterator[str]:
    """Every failure, then what the code did, each action of a flow by itself."""
    yield from _why(outcome, diff=True)
    for ran in executions_of(outcome):
        yield from (f"{ran.action} {ran.handler}",) if outcome.flow else ()
        yield from (f"runtime  {note}" for note in filter(None, [runtime_note(ran)]))
        yield from (f"console  {line}" for line in ran.console)
        yield from (f"api      {call_text(call)}" for call in ran.calls)
        yield from (f"request  {request.method} {request.url}" for request in ran.requests)
    if flow := outcome.flow:
        yield f"{flow.trigger} {flow.status}{f': {flow.reason}' if flow.reason else ''}"
