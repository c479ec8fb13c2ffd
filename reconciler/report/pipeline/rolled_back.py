"""What a pipeline tells of a rollback."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.model.pipeline import DeployedVersion, PipelineRun, Stage
from reconciler.model.plan import Plan
from reconciler.model.rollback import RolledBack
from reconciler.report import plan as pieces
from reconciler.report.fences import fenced, prose, span
from reconciler.report.pipeline import links
from reconciler.report.pipeline.budget import COMMENT_BYTES, SUMMARY_BYTES, Page, Remarks, render_page
from reconciler.report.pipeline.plan import blocks, outputs
from reconciler.report.rollback import rolled_back
from reconciler.report.visible import visible

_COMMAND = "    "
"""What a line begins with that is a command."""


def rollback_stage(plan: Plan, outcome: RolledBack | None, notes: Iterable[str], run: PipelineRun) -> Stage:
    """What a rollback came to; None for a dry run. Its `comment` is for the pull requests that it was rolled back
    from, empty where nothing was done."""
    page = _page(plan, outcome, tuple(notes), run)
    rest = f"Not everything fits in here: {links.summary_of(run)} has all of it."
    versions = _versions(outcome)
    told = {"commit": plan.commit, "deployed_versions": versions}
    return Stage(
        name="rollback",
        tenant=plan.tenant,
        conclusion="success" if outcome else "neutral",
        title=title(plan, outcome),
        summary=render_page(page, SUMMARY_BYTES, rest) + "\n",
        comment=render_page(page, COMMENT_BYTES, rest) + "\n" if versions else "",
        outputs=outputs(plan).model_copy(update=told),
    )


def title(plan: Plan, outcome: RolledBack | None) -> str:
    """What became of it in one sentence."""
    tenant = visible(plan.tenant)
    if outcome is None:
        return f"A dry run: nothing was rolled back in {tenant}."
    if not outcome.deployed and not outcome.drafts:
        return f"Nothing to roll back in {tenant}."
    made = [f"{each.action} to version {each.version} of {each.commit[:12]}" for each in outcome.deployed]
    made += [f"the draft of {name}" for name in outcome.drafts]
    return visible(f"Rolled back in {tenant}: {', '.join(made)}.")


def _page(plan: Plan, outcome: RolledBack | None, notes: tuple[str, ...], run: PipelineRun) -> Page:
    tenant = span(visible(plan.tenant))
    if outcome is None:
        heading, lines = f"Dry run: nothing was rolled back in {tenant}", iter([pieces.summary(plan)])
    else:
        heading, lines = f"{_heading(outcome)} {tenant}", rolled_back(outcome)
    by = f"\n\nBy {prose(run.actor)}." if run.actor and outcome else ""
    return Page(
        head=f"### {heading}{by}\n\n" + "\n".join(_told(lines)),
        remarks=(Remarks("NOTE", tuple(prose(note) for note in notes)),) if notes else (),
        blocks=blocks(plan),
        tail=f"[The run]({run.url}) tells all of it." if run.url else "",
    )


def _heading(outcome: RolledBack) -> str:
    return "Rolled back in" if outcome.deployed or outcome.drafts else "Nothing to roll back in"


def _told(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        if line.startswith(_COMMAND):
            yield from ("", *fenced([visible(line.strip())], "sh"), "")
        else:
            yield f"- {prose(line)}"


def _versions(outcome: RolledBack | None) -> tuple[DeployedVersion, ...]:
    return tuple(
        DeployedVersion(tenant=outcome.tenant, name=each.action, number=each.number, commit=each.commit)
        for each in (outcome.deployed if outcome else ())
        if outcome
    )
