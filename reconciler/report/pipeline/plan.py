"""What a pipeline tells of a plan."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

from reconciler.engine.guard_words import GUARDS
from reconciler.errors import Exit, Span
from reconciler.model.pipeline import Annotation, Outputs, PipelineRun, Stage
from reconciler.model.plan import FlowChange, Plan, Refusal, Verdict
from reconciler.report import plan as pieces
from reconciler.report.fences import prose, span
from reconciler.report.pipeline import links
from reconciler.report.pipeline.block import Block, block
from reconciler.report.pipeline.budget import COMMENT_BYTES, SUMMARY_BYTES, Page, Remarks, render_page
from reconciler.report.pipeline.places import annotation
from reconciler.report.visible import visible

_SHOWS = "Not everything fits in here: `reconciler plan` shows all of it."


def plan_stage(plan: Plan, verdict: Verdict, run: PipelineRun, *, prefix: str = "") -> Stage:
    """What a plan comes to. A guard that refuses makes the stage fail with 3.

    `prefix` is the folder of the repository within the git repository, empty at its top. A plan that was made without
    the tenant has no checksum. `comment` is empty where nothing changes and no guard says a word; the `summary` tells
    that, too.
    """
    page = Page(_head(plan), remarks(plan, verdict), blocks(plan), _tail(plan, verdict, run))
    rest = (
        f"Not everything fits in here: there is more in {links.summary_of(run)}, and `reconciler plan` shows all of it."
    )
    code = Exit.REFUSED if verdict.refusals else Exit.DONE
    checksum = _checksum(plan)
    return Stage(
        name="plan",
        tenant=plan.tenant,
        conclusion="failure" if verdict.refusals else "neutral" if verdict.alarms else "success",
        title=_title(plan, verdict),
        summary=render_page(page, SUMMARY_BYTES, _SHOWS) + "\n",
        comment=render_page(page, COMMENT_BYTES, rest) + "\n" if _spoken(plan, verdict) else "",
        checksum=checksum,
        annotations=tuple(_annotations(verdict, prefix)),
        outputs=outputs(plan, checksum, code),
        exit_code=code,
    )


def outputs(plan: Plan, checksum: str = "", exit_code: int = Exit.DONE) -> Outputs:
    """What a plan tells the steps after it. Flows are something to change, so that the three counts come to all that a
    plan does."""
    kinds = [change.kind for change in pieces.changes(plan)]
    return Outputs(
        changes=not plan.empty,
        to_create=kinds.count("create"),
        to_change=kinds.count("update") + kinds.count("rollback") + len(plan.flows),
        to_delete=kinds.count("delete"),
        checksum=checksum,
        commit=_commit(plan),
        exit_code=exit_code,
    )


def blocks(plan: Plan) -> tuple[Block, ...]:
    """A block for each module, action and flow that changes, and a line for whatever is adopted."""
    before = pieces.before_of(plan)
    return (
        *(
            block(pieces.headline(change), (*pieces.facts(change), *pieces.code_diff(change, before)))
            for change in pieces.changes(plan)
        ),
        *(block(pieces.flow_headline(flow), _flow_lines(flow), "text") for flow in plan.flows),
        *(block(line) for line in pieces.adopted(plan)),
    )


def remarks(plan: Plan, verdict: Verdict) -> tuple[Remarks, ...]:
    """What has to be known before the changes, the worst first."""
    allowed = (f"**{each.guard}** is allowed ({prose(each.reason)}): {prose(each.message)}" for each in verdict.allowed)
    told = (
        Remarks("CAUTION", tuple(prose(alarm.message) for alarm in verdict.alarms)),
        Remarks("CAUTION", tuple(f"Refused by {_said(refusal)}" for refusal in verdict.refusals)),
        Remarks("WARNING", tuple(f"An apply now would be refused by {_said(note)}" for note in verdict.notes)),
        Remarks("IMPORTANT", tuple(allowed)),
        Remarks("NOTE", tuple(prose(remark) for remark in verdict.remarks)),
    )
    return tuple(each for each in told if each.lines)


def passable(verdict: Verdict) -> tuple[str, ...]:
    """The guards that refuse and that somebody may let pass, by their names."""
    names = sorted({refusal.guard for refusal in verdict.refusals})
    return tuple(name for name in names if name in GUARDS and not GUARDS[name].hopeless)


def _checksum(plan: Plan) -> str:
    """What is approved; empty where there is nothing to approve."""
    return "" if plan.against or plan.empty else pieces.checksum(plan)


def _commit(plan: Plan) -> str:
    return plan.against.head if plan.against else plan.commit


def _spoken(plan: Plan, verdict: Verdict) -> bool:
    return bool(not plan.empty or verdict.refusals or verdict.notes or verdict.alarms)


def _annotations(verdict: Verdict, prefix: str) -> Iterator[Annotation]:
    for refusal in verdict.refusals:
        title = f"Refused by {refusal.guard}"
        if refusal.place and (made := annotation(_span(refusal.place), prefix, "failure", title, refusal.told)):
            yield made
    for alarm in verdict.alarms:
        if alarm.place and (
            made := annotation(_span(alarm.place), prefix, "warning", "Look at this first", alarm.message)
        ):
            yield made


def _span(place: str) -> Span:
    found = re.fullmatch(r"(.*?)(?::(\d+))?(?::(\d+))?", place, re.DOTALL)
    return Span(found[1], int(found[2] or 0), int(found[3] or 0)) if found else Span(place)


def _title(plan: Plan, verdict: Verdict) -> str:
    guards = ", ".join(sorted({refusal.guard for refusal in verdict.refusals}))
    told = pieces.summary(plan) + (f" Refused by {guards}." if guards else "")
    return f"Against {visible(plan.against.told)}: {told}" if plan.against else told


def _head(plan: Plan) -> str:
    tenant = span(visible(plan.tenant))
    about = f"against {span(visible(plan.against.told))}, not the tenant {tenant}" if plan.against else f"for {tenant}"
    of = f"{span(visible(plan.repo))} at {links.commit(_commit(plan))}"
    return f"### Plan {about}\n\n**{pieces.summary(plan)}** ({of})"


def _tail(plan: Plan, verdict: Verdict, run: PipelineRun) -> str:
    words, checksum = pieces.approval_line(plan)
    return f"{words} `{checksum}`\n\n{_next_step(plan, verdict, run)}" if checksum else prose(words)


def _next_step(plan: Plan, verdict: Verdict, run: PipelineRun) -> str:
    if verdict.refusals:
        allow = " ".join(f"--allow {name}" for name in passable(verdict))
        ways = f" What is wanted all the same is allowed in the tenant's file, with a reason, or by `{allow}`."
        return "Nothing of this is applied as it stands." + (ways if allow else "")
    if not plan.commit:
        return "Commit the changes: only what is committed can be applied."
    if run.pull:
        return "Merging applies exactly this. If the tenant moves before, nothing is applied."
    command = f"reconciler apply --tenant {shlex.quote(plan.tenant)} --checksum {pieces.checksum(plan)}"
    return f"{span(visible(command))} applies exactly this."


def _said(refusal: Refusal) -> str:
    return f"**{refusal.guard}**: {prose(refusal.told)}"


def _flow_lines(flow: FlowChange) -> Iterator[str]:
    for side, places in (("before", flow.before), ("after", flow.after)):
        yield from (f"{side}:", *(pieces.numbered(places) or ("(empty)",)))
