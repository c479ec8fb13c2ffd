"""The issue that tells of one tenant's drift."""

from __future__ import annotations

import hashlib
import json
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.model.drift import Drift, Finding
from reconciler.model.pipeline import PipelineRun
from reconciler.model.sighting import Sighting, Standing
from reconciler.report.fences import span
from reconciler.report.pipeline import links
from reconciler.report.pipeline.block import clipped, utf8_size
from reconciler.report.pipeline.budget import Page, Remarks, render_page
from reconciler.report.pipeline.drift_marker import DriftMarker, drift_marker
from reconciler.report.pipeline.findings import counted, finding_block, finding_table, said
from reconciler.report.visible import visible

ISSUE_BYTES = 65_536
"""GitHub counts characters; no text has more of them than bytes."""
_TABLE_BYTES = 20_000
_ROOM = 64
_NAME = 120
"""Characters of a tenant's name in the title, which GitHub takes up to 256 of."""


@dataclass(frozen=True)
class IssueText:
    """An issue as it is to be: `marker` is the one its body begins with. Two texts with the same digest tell the same,
    whatever run they name."""

    title: str
    body: str
    marker: DriftMarker


def drift_issue(
    drift: Drift, standing: Standing, run: PipelineRun, *, folder: str = ".", adopting: int = 0, report: bool = False
) -> IssueText:
    """What people are told of what stands. `adopting` is the number of the pull request that adopts it, 0 for none;
    `report` says that the run has the report as a file; `folder` is that of the repository within the git
    repository."""
    digest = _digest(drift, standing, adopting)
    told = tuple(_as_told(each) for each in standing.told)
    marker = DriftMarker(
        repo=drift.repo, tenant=drift.tenant, folder=folder, digest=digest, adopting=adopting, told=told
    )
    line = drift_marker(marker)
    rest = f"Not everything fits in here: {links.summary_of(run)} has all of it."
    page = Page(
        head=_head(drift, standing),
        remarks=tuple(_remarks(drift, standing, adopting)),
        blocks=tuple(finding_block(finding) for finding in standing.reported),
        tail=_tail(drift, run, report),
    )
    body = render_page(page, ISSUE_BYTES - utf8_size(line) - _ROOM, rest)
    return IssueText(title(drift.tenant, standing), f"{line}\n{body}\n", marker)


def title(tenant: str, standing: Standing) -> str:
    """What stands, counted."""
    return f"Drift in tenant {clipped(visible(tenant), _NAME)}: {counted([each.severity for each in standing.told])}"


def closing_comment(standing: Standing, run: PipelineRun) -> str:
    """Why the issue is closed."""
    gone = "".join(f"\n- {span(visible(each))}" for each in standing.gone[:50])
    more = f"\n- … and {len(standing.gone) - 50} more" if len(standing.gone) > 50 else ""
    listed = f"\n\nNot found any more:\n{gone}{more}" if gone else ""
    return f"Nothing stands any more that git does not explain, as {_found_by(run)} found.{listed}\n"


def reopening_comment(run: PipelineRun) -> str:
    """Why the issue is open again: people who follow it are told by a comment, not by a change of its text."""
    return f"There is drift again, as {_found_by(run)} found; the text above tells what now.\n"


def duplicate_comment(kept: int) -> str:
    """Why a second issue of the same tenant is closed."""
    return f"Two runs opened an issue at the same time: #{kept} goes on with it.\n"


def orphaned(marker: DriftMarker) -> str:
    """What an issue says that is closed because its tenant is gone; the marker stays."""
    file = span(visible(posixpath.normpath(f"{marker.folder}/tenants/{marker.tenant}.yaml")))
    return f"{drift_marker(marker)}\nGit has no {file} any more: nobody looks for drift there.\n"


def _head(drift: Drift, standing: Standing) -> str:
    count = counted([each.severity for each in standing.told])
    tenant, repo = span(visible(drift.tenant)), span(visible(drift.repo))
    table = finding_table(standing.reported, standing.doubtful, _TABLE_BYTES)
    return f"What the tenant {tenant} has is not what git ({repo}) deployed: **{count}**.\n\n{table}"


def _remarks(drift: Drift, standing: Standing, adopting: int) -> Iterator[Remarks]:
    if adopting:
        yield Remarks("NOTE", (f"#{adopting} takes into git what can be taken: merge it to adopt that.",))
    told = (*drift.unknown, *drift.ended)
    if told:
        yield Remarks("WARNING", tuple(said(each) for each in told))


def _tail(drift: Drift, run: PipelineRun, report: bool) -> str:
    file = span(f"tenants/{visible(drift.tenant)}.yaml")
    told = (
        f"As {_found_by(run)} found it, held against {links.commit(drift.commit)}. This text changes when what is "
        "found does, and the first run that finds nothing more closes the issue; what may stay belongs into "
        f"`drift.ignore` of {file}."
    )
    return told + (" The report with the diffs side by side is among the artifacts of the run." if report else "")


def _found_by(run: PipelineRun) -> str:
    return f"[this run]({run.url})" if run.url else "a run"


def _as_told(sighting: Sighting) -> Sighting:
    """As it stands in the issue: that it was reported, is what standing there says."""
    return sighting.model_copy(update={"reported": False})


def _digest(drift: Drift, standing: Standing, adopting: int) -> str:
    """Of what people read, without what changes with the clock alone: the run, the commit, how long the offered entry
    would ignore a finding, and what the log has forgotten by now."""
    told = {
        "reported": [_essence(finding) for finding in standing.reported],
        "doubtful": [sighting.finding for sighting in standing.doubtful],
        "untold": drift.untold,
        "ended": drift.ended,
        "adopting": adopting,
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def _essence(finding: Finding) -> dict[str, object]:
    ways = [way.model_dump(mode="json") for way in finding.ways if way.way != "ignore"]
    return finding.model_dump(mode="json", exclude={"ways", "by_unknown"}) | {"ways": ways}
