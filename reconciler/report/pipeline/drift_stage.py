"""What a pipeline tells of drift in its step summary and its check."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from reconciler.errors import Exit
from reconciler.model.drift import SEVERITIES, Drift
from reconciler.model.pipeline import Outputs, PipelineRun, Stage
from reconciler.model.sighting import Standing
from reconciler.report.fences import span
from reconciler.report.pipeline import links
from reconciler.report.pipeline.block import Block
from reconciler.report.pipeline.budget import SUMMARY_BYTES, Page, Remarks, render_page
from reconciler.report.pipeline.findings import counted, finding_block, finding_table, said
from reconciler.report.visible import visible

_TABLE_BYTES = 300_000


@dataclass(frozen=True)
class Told:
    """What was done with the drift besides finding it: `issue` and `pull` are addresses, empty for none. `notes` and
    `problems` are sentences; a problem makes the stage fail."""

    issue: str = ""
    pull: str = ""
    notes: Sequence[str] = field(default_factory=tuple)
    problems: Sequence[str] = field(default_factory=tuple)


def drift_stage(
    drift: Drift, standing: Standing, run: PipelineRun, *, runs: int, told: Told, fail_on: str = ""
) -> Stage:
    """What the drift of one tenant comes to: a failure where a finding is as bad as `fail_on`, or worse, neutral where
    there are others. `runs` is how many have to see a finding before it counts."""
    failed = any(each.severity in _bad(fail_on) for each in standing.told)
    code = Exit.ERROR if told.problems else Exit.CHANGES if failed else Exit.DONE
    conclusion = "failure" if code else "neutral" if standing.told else "success"
    page = Page(
        head=_head(drift, standing),
        remarks=tuple(_remarks(drift, standing, runs, told)),
        blocks=tuple(_blocks(drift, standing)),
        tail=_tail(told),
    )
    whole = f"Not everything fits in here: `reconciler drift --tenant {drift.tenant}` shows all of it."
    return Stage.model_validate(
        {
            "name": "drift",
            "tenant": drift.tenant,
            "conclusion": conclusion,
            "title": _title(standing, told),
            "summary": render_page(page, SUMMARY_BYTES, whole) + "\n",
            "outputs": Outputs(
                changes=bool(standing.told), drift=bool(standing.told), commit=drift.commit, exit_code=code
            ),
            "exit_code": code,
        }
    )


def _bad(fail_on: str) -> tuple[str, ...]:
    return SEVERITIES[: SEVERITIES.index(fail_on) + 1] if fail_on in SEVERITIES else ()


def _title(standing: Standing, told: Told) -> str:
    count = counted([each.severity for each in standing.told]) if standing.told else ""
    found = f"Drift: {count}" if count else "No drift that stands" if standing.waiting else "No drift"
    waiting = f", {len(standing.waiting)} waiting" if standing.waiting else ""
    return f"{found}{waiting}." + "".join(f" {problem}" for problem in told.problems[:1])


def _head(drift: Drift, standing: Standing) -> str:
    heading = f"### Drift in tenant {span(visible(drift.tenant))}"
    against = f"{span(visible(drift.repo))} at {links.commit(drift.commit)}"
    table = finding_table(standing.reported, standing.doubtful, _TABLE_BYTES) if standing.told else ""
    return f"{heading}\n\n**{_title(standing, Told())}**\n{against}" + (f"\n\n{table}" if table else "")


def _remarks(drift: Drift, standing: Standing, runs: int, told: Told) -> Iterator[Remarks]:
    if told.problems:
        yield Remarks("CAUTION", tuple(said(each) for each in told.problems))
    if told.notes:
        yield Remarks("NOTE", tuple(said(each) for each in told.notes))
    if standing.waiting:
        yield Remarks("NOTE", (f"What is called waiting below is told of once {runs} runs after each other found it.",))
    unsure = (*drift.unknown, *drift.ended)
    if unsure:
        yield Remarks("WARNING", tuple(said(each) for each in unsure))


def _blocks(drift: Drift, standing: Standing) -> Iterator[Block]:
    yield from (finding_block(finding) for finding in standing.reported)
    yield from (finding_block(finding, f"waiting {finding.severity}") for finding in standing.waiting)
    yield from (finding_block(finding) for finding in drift.findings if finding.state != "open")


def _tail(told: Told) -> str:
    links = [f"[the issue]({told.issue})" if told.issue else "", f"[to adopt it]({told.pull})" if told.pull else ""]
    return " · ".join(link for link in links if link)
