"""What a pipeline tells of a plan."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.engine.guards import GUARDS
from reconciler.errors import Exit
from reconciler.model.pipeline import Outputs, PipelineRun, Stage
from reconciler.model.plan import FlowChange, Plan, Refusal, Verdict
from reconciler.report import plan as pieces
from reconciler.report.fences import prose, span
from reconciler.report.pipeline import links
from reconciler.report.pipeline.block import Block, block
from reconciler.report.pipeline.budget import COMMENT_BYTES, SUMMARY_BYTES, Page, Remarks, render_page
from reconciler.report.visible import visible


def plan_stage(plan: Plan, verdict: Verdict, run: PipelineRun, *, prefix: str = "", against_base: str = "") -> Stage:
    """What a plan comes to. A guard that refuses makes the stage fail with 3.

    `prefix` is the folder of the repository within the git repository, empty at its top. `against_base` names the
    content that stood for the tenant, where that could not be read: there is nothing to approve then. `comment` is
    empty where nothing changes and no guard says a word; the `summary` tells that, too.
    """
    page = _page(plan, verdict, run, against_base)
    rest = f"Not everything fits in here: {links.summary_of(run)} has all of it."
    whole = f"Not everything fits in here: `reconciler plan --tenant {plan.tenant}` shows all of it."
    spoken = not plan.empty or verdict.refusals or verdict.notes
    code = Exit.REFUSED if verdict.refusals else Exit.DONE
    checksum = "" if against_base or plan.empty else pieces.checksum(plan)
    return Stage(
        name="plan",
        tenant=plan.tenant,
        conclusion="failure" if verdict.refusals else "success",
        title=_title(plan, verdict, against_base),
        summary=render_page(page, SUMMARY_BYTES, whole) + "\n",
        comment=render_page(page, COMMENT_BYTES, rest) + "\n" if spoken else "",
        checksum=checksum,
        outputs=_outputs(plan, checksum, code),
        exit_code=code,
    )


def _title(plan: Plan, verdict: Verdict, against_base: str) -> str:
    guards = ", ".join(sorted({refusal.guard for refusal in verdict.refusals}))
    told = pieces.summary(plan) + (f" Refused by {guards}." if guards else "")
    return f"Against {visible(against_base)}: {told}" if against_base else told


def _page(plan: Plan, verdict: Verdict, run: PipelineRun, against_base: str) -> Page:
    return Page(
        head=_head(plan, against_base),
        remarks=tuple(_remarks(plan, verdict, against_base)),
        blocks=tuple(_blocks(plan)),
        tail=_tail(plan, verdict, run, against_base),
    )


def _head(plan: Plan, against_base: str) -> str:
    heading = f"### Plan for tenant {span(visible(plan.tenant))}"
    if against_base:
        heading = f"### Plan against {span(visible(against_base))}, not against tenant {span(visible(plan.tenant))}"
    return f"{heading}\n\n**{pieces.summary(plan)}**\n{span(visible(plan.repo))} at {links.commit(plan.commit)}"


def _remarks(plan: Plan, verdict: Verdict, against_base: str) -> Iterator[Remarks]:
    if against_base:
        yield Remarks(
            "NOTE",
            (
                "This run has no access to the tenant, so git is held against the branch that it is to be merged into. "
                "What the tenant itself holds is not looked at, and nothing here can be approved.",
            ),
        )
    if verdict.refusals:
        yield Remarks("CAUTION", tuple(f"Refused by {_said(refusal)}" for refusal in verdict.refusals))
    if verdict.notes:
        yield Remarks("WARNING", tuple(f"An apply now would be refused by {_said(note)}" for note in verdict.notes))
    if verdict.allowed:
        lines = (
            f"**{each.guard}** is allowed ({prose(each.reason)}): {prose(each.message)}" for each in verdict.allowed
        )
        yield Remarks("IMPORTANT", tuple(lines))


def _said(refusal: Refusal) -> str:
    return f"**{refusal.guard}**: {prose(refusal.told)}"


def _blocks(plan: Plan) -> Iterator[Block]:
    for change in pieces.changes(plan):
        yield block(pieces.headline(change), (*pieces.facts(change), *pieces.code_diff(change)))
    for flow in plan.flows:
        yield block(pieces.flow_headline(flow), _flow_lines(flow), "text")
    yield from (block(line) for line in pieces.adopted(plan))


def _flow_lines(flow: FlowChange) -> Iterator[str]:
    yield from ("before", *pieces.numbered(flow.before), "", "after", *pieces.numbered(flow.after))


def _tail(plan: Plan, verdict: Verdict, run: PipelineRun, against_base: str) -> str:
    if plan.empty or against_base:
        return ""
    return f"Checksum: `{pieces.checksum(plan)}`\n\n{_next_step(plan, verdict, run)}"


def _next_step(plan: Plan, verdict: Verdict, run: PipelineRun) -> str:
    if verdict.refusals:
        names = sorted({refusal.guard for refusal in verdict.refusals})
        allow = " ".join(f"--allow {name}" for name in names if name not in GUARDS or not GUARDS[name].hopeless)
        return "Nothing of this is applied as it stands." + (f" If it is wanted, say so: `{allow}`." if allow else "")
    if not plan.commit:
        return "Commit the changes: only what is committed can be applied."
    if run.pull:
        return "Merging applies exactly this; if the tenant moves before, nothing is applied and this plan is void."
    return f"`reconciler apply --tenant {plan.tenant} --checksum {pieces.checksum(plan)}` applies exactly this."


def _outputs(plan: Plan, checksum: str, code: Exit) -> Outputs:
    """Flows are something to change, so that the three counts come to all that a plan does."""
    kinds = [change.kind for change in pieces.changes(plan)]
    return Outputs(
        changes=not plan.empty,
        to_create=kinds.count("create"),
        to_change=kinds.count("update") + kinds.count("rollback") + len(plan.flows),
        to_delete=kinds.count("delete"),
        checksum=checksum,
        commit=plan.commit,
        exit_code=code,
    )
