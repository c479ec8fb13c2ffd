"""What a pipeline tells of a stage that could not be done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.errors import (
    ApplyFailed,
    BrokenBase,
    CasesFailed,
    Diagnostic,
    InvalidInput,
    NoWayBack,
    ReconcilerError,
    StalePlan,
)
from reconciler.model.pipeline import Annotation, Outputs, PipelineRun, Stage, StageName
from reconciler.report.fences import prose, span
from reconciler.report.pipeline import links
from reconciler.report.pipeline.block import clipped
from reconciler.report.pipeline.budget import COMMENT_BYTES, SUMMARY_BYTES, Page, Remarks, render_page
from reconciler.report.pipeline.checks import diagnostic_line
from reconciler.report.pipeline.places import annotated
from reconciler.report.visible import visible

_SENTENCE = 2_000
_TITLE = 200
"""Characters."""


def failed_stage(
    name: StageName,
    tenant: str,
    problem: ReconcilerError,
    prefix: str = "",
    *,
    run: PipelineRun | None = None,
) -> Stage:
    """A stage that a problem ended: what is wrong, the way out, every detail, and remarks on the places that it names.

    `prefix` is the folder of the repository within the git repository. `comment` is empty for a stage of all tenants.
    """
    page = Page(head=_head(name, tenant, problem), remarks=tuple(_remarks(problem)))
    rest = f"Not everything fits in here: there is more in {links.summary_of(run or PipelineRun())}."
    return Stage(
        name=name,
        tenant=tenant,
        conclusion="failure",
        title=clipped(_one_line(problem.message), _TITLE),
        summary=render_page(page, SUMMARY_BYTES, "Not everything fits in here.") + "\n",
        comment=render_page(page, COMMENT_BYTES, rest) + "\n" if tenant else "",
        annotations=remarks_on_places(name, problem, prefix),
        outputs=Outputs(exit_code=problem.exit_code),
        exit_code=problem.exit_code,
    )


def remarks_on_places(name: StageName, problem: ReconcilerError, prefix: str) -> tuple[Annotation, ...]:
    """Remarks on the places that a problem names; none where it names no place."""
    return tuple(annotated(_diagnostics(problem), prefix, "failure", f"reconciler {name}"))


def _head(name: StageName, tenant: str, problem: ReconcilerError) -> str:
    about = f" for tenant {span(visible(tenant))}" if tenant else ""
    # The way out of problems in files names the places above it, as in a terminal; here they stand below.
    remedy = "" if isinstance(problem, InvalidInput) else problem.remedy
    told = f"{problem.message} {remedy}".strip()
    return f"### {name.capitalize()}{about} failed\n\n{prose(clipped(told, _SENTENCE))}"


def _remarks(problem: ReconcilerError) -> Iterator[Remarks]:
    if isinstance(problem, InvalidInput):
        yield Remarks("CAUTION", tuple(map(diagnostic_line, problem.diagnostics)))
    if isinstance(problem, NoWayBack | BrokenBase | CasesFailed):
        yield _alert("CAUTION", problem.reasons)
    if isinstance(problem, StalePlan):
        yield _alert("WARNING", problem.moved)
    if isinstance(problem, ApplyFailed) and problem.left:
        yield _alert("CAUTION", (f"Not put back: {line}" for line in problem.left))
    if isinstance(problem, ApplyFailed) and problem.undone:
        yield _alert("NOTE", (f"Put back: {line}" for line in problem.undone))


def _alert(kind: str, sentences: Iterable[str]) -> Remarks:
    return Remarks(kind, tuple(prose(clipped(each, _SENTENCE)) for each in sentences))


def _diagnostics(problem: ReconcilerError) -> tuple[Diagnostic, ...]:
    return problem.diagnostics if isinstance(problem, InvalidInput) else ()


def _one_line(text: str) -> str:
    return visible(" ".join(text.split()))
