"""What a pipeline tells of an apply."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from reconciler.errors import Exit
from reconciler.model.approved import Approved, NothingApproved
from reconciler.model.delivery import Delivery, Setback
from reconciler.model.github import Conclusion
from reconciler.model.pipeline import DeployedVersion, Outputs, PipelineRun, Stage
from reconciler.model.plan import Plan
from reconciler.report import plan as pieces
from reconciler.report.fences import fenced, prose, span
from reconciler.report.pipeline import links
from reconciler.report.pipeline.budget import COMMENT_BYTES, SUMMARY_BYTES, Page, Remarks, render_page
from reconciler.report.pipeline.laid_over import HEADER_BYTES
from reconciler.report.pipeline.plan import blocks, outputs, passable, remarks
from reconciler.report.visible import visible

ROWS = 200
"""Versions that a table shows; the outputs of the step have all."""
DEPLOY_FILE = "deploy.yml"
"""What the workflow that deploys is called where the run does not tell."""


def applied_stage(delivery: Delivery, run: PipelineRun) -> Stage:
    """What an apply came to. Its `comment` is to be laid over that of the plan (laid_over.py)."""
    page = _page(delivery, run)
    rest = f"Not everything fits in here: {links.summary_of(run)} has all of it."
    text = render_page(page, COMMENT_BYTES - HEADER_BYTES, rest) + "\n"
    plan = delivery.plan
    checksum = pieces.checksum(plan) if plan and not plan.empty else ""
    told = outputs(plan, checksum, delivery.exit_code) if plan else Outputs()
    return Stage(
        name="apply",
        tenant=delivery.tenant,
        conclusion=_conclusion(delivery),
        title=title(delivery),
        summary=render_page(page, SUMMARY_BYTES, "Not everything fits in here: the log of the run has it.") + "\n",
        comment=text,
        checksum=checksum,
        outputs=told.model_copy(
            update={
                "deployed_versions": delivery.versions,
                "commit": delivery.commit,
                "exit_code": delivery.exit_code,
            }
        ),
        exit_code=delivery.exit_code,
    )


def title(delivery: Delivery) -> str:
    """What became of it in one sentence."""
    commit, tenant = delivery.commit[:12], visible(delivery.tenant)
    if delivery.result == "nothing to change":
        return f"Nothing to change: {tenant} is as {commit} says."
    if delivery.result == "planned":
        return f"A dry run: nothing was applied to {tenant}."
    if delivery.result == "not tried":
        return f"Not tried: {visible(delivery.blocker)} comes before {tenant} and failed."
    if delivery.result == "not approved":
        return f"Not applied to {tenant}: {_unlike(delivery)}."
    if delivery.result == "failed":
        return f"Not applied to {tenant}: {visible(_first(delivery).message)}"
    part = " in part" if delivery.result == "applied in part" else ""
    return f"Applied {commit} to {tenant}{part}: {', '.join(_done(delivery)) or 'no new version'}."


def dispatch(delivery: Delivery, run: PipelineRun, plan: Plan, allow: Sequence[str] = ()) -> str:
    """The command by which a person approves a plan and has it applied, those guards let pass."""
    words = ["gh", "workflow", "run", run.workflow or DEPLOY_FILE]
    if run.branch and run.branch != run.default_branch:
        words += ["--ref", run.branch]
    words += ["-f", f"tenant={delivery.tenant}", "-f", f"checksum={pieces.checksum(plan)}"]
    if allow:
        words += ["-f", "args=" + " ".join(f"--allow {name}" for name in allow)]
    return visible(shlex.join(words))


def _conclusion(delivery: Delivery) -> Conclusion:
    if delivery.result in ("planned", "not tried"):
        return "neutral"
    return "failure" if delivery.exit_code else "success"


def _page(delivery: Delivery, run: PipelineRun) -> Page:
    plan = _to_be_seen(delivery)
    return Page(
        head="\n\n".join(_head(delivery)),
        remarks=tuple(_remarks(delivery)),
        blocks=blocks(plan) if plan else (),
        tail="\n\n".join(_tail(delivery, run)),
    )


def _to_be_seen(delivery: Delivery) -> Plan | None:
    """The plan that somebody has to look at, None where that is the one which was approved."""
    if delivery.result in ("not approved", "planned"):
        return delivery.plan
    return None if _still_approved(delivery) else delivery.now


def _still_approved(delivery: Delivery) -> bool:
    now, found = delivery.now, delivery.approved
    return now is not None and isinstance(found, Approved) and pieces.checksum(now) == found.checksum


def _head(delivery: Delivery) -> Iterator[str]:
    yield f"### {_heading(delivery)}"
    if delivery.result == "not approved":
        yield from _compared(delivery)
    elif delivery.result == "planned" and delivery.plan:
        yield f"**{pieces.summary(delivery.plan)}**"
    if delivery.versions:
        yield _table(delivery.versions)
    if delivery.deleted:
        yield f"Deleted: {', '.join(span(visible(name)) for name in delivery.deleted)}."


def _heading(delivery: Delivery) -> str:
    commit, tenant = links.commit(delivery.commit), span(visible(delivery.tenant))
    if delivery.result == "nothing to change":
        return f"Nothing to apply: {tenant} is as {commit} says"
    if delivery.result == "planned":
        return f"Dry run: nothing was applied to {tenant}"
    if delivery.result == "not tried":
        return f"Not applied to {tenant}: {span(visible(delivery.blocker))} comes before it and failed"
    if delivery.result == "not approved":
        return f"Not applied to {tenant}: {_unlike(delivery)}"
    if delivery.result == "failed":
        return f"Not applied to {tenant}: {_how_it_ended(delivery)}"
    return f"Applied {commit} to {tenant}" + (" in part" if delivery.result == "applied in part" else "")


def _unlike(delivery: Delivery) -> str:
    return (
        "the plan is not the one that was approved"
        if isinstance(delivery.approved, Approved)
        else ("nobody approved this plan")
    )


def _how_it_ended(delivery: Delivery) -> str:
    if any(each.left for each in delivery.setbacks):
        return "it failed, and not everything could be put back"
    if any(each.undone for each in delivery.setbacks):
        return "it failed, and everything was put back"
    return "it failed"


def _compared(delivery: Delivery) -> Iterator[str]:
    """What was approved against what there is to do now."""
    found = delivery.approved
    if isinstance(found, NothingApproved):
        yield prose(found.why)
    elif found:
        shown = f"{prose(found.title)} " if found.title else ""
        yield f"Approved {_where(found)}. {shown}Checksum `{found.checksum}`."
    if delivery.plan:
        yield f"**Now: {pieces.summary(delivery.plan)}** Checksum `{pieces.checksum(delivery.plan)}`."
    yield from (prose(sentence) for sentence in delivery.moved)


def _where(found: Approved) -> str:
    who = f" by {prose(found.by)}" if found.by else ""
    return f"with #{found.pull.number}, merged{who}" if found.pull else f"by hand{who}"


def _table(versions: tuple[DeployedVersion, ...]) -> str:
    rows = [
        f"| {span(visible(_named(each)))} | {each.number} | {links.commit(each.commit)} |" for each in versions[:ROWS]
    ]
    if len(versions) > ROWS:
        rows.append(f"| … and {len(versions) - ROWS:,} more | | |")
    return "\n".join(["| Live now | Version | Commit |", "| --- | --- | --- |", *rows])


def _named(version: DeployedVersion) -> str:
    return f"module {version.name}" if version.kind == "module" else version.name


def _done(delivery: Delivery) -> Iterator[str]:
    yield from (f"{visible(_named(each))} version {each.number}" for each in delivery.versions)
    yield from (f"{visible(name)} deleted" for name in delivery.deleted)


def _remarks(delivery: Delivery) -> Iterator[Remarks]:
    if delivery.plan and delivery.result in ("not approved", "planned"):
        yield from remarks(delivery.plan, delivery.verdict)
    for setback in delivery.setbacks:
        yield Remarks("CAUTION", tuple(_told(setback)))


def _told(setback: Setback) -> Iterator[str]:
    name = f"{span(visible(setback.name))}: " if setback.name else ""
    stop = "" if setback.message.endswith((".", "!", "?")) else "."
    yield name + prose(f"{setback.message}{stop} {setback.remedy}")
    yield from (prose(each) for each in setback.details)
    yield from (f"put back: {prose(each)}" for each in setback.undone)
    yield from (f"**left behind**: {prose(each)}" for each in setback.left)


def _tail(delivery: Delivery, run: PipelineRun) -> Iterator[str]:
    if delivery.result == "not approved" and delivery.plan:
        if delivery.verdict.refusals:
            yield "Nothing of this is applied as it stands."
            yield from _let_pass(delivery, run, delivery.plan)
        else:
            yield "If that is right, approve it by its checksum:"
            yield "\n".join(fenced([dispatch(delivery, run, delivery.plan)], "sh"))
    elif delivery.setbacks:
        yield from _next(delivery, run)
    elif isinstance(delivery.approved, Approved) and delivery.result == "applied":
        yield f"Approved {_where(delivery.approved)}."
    if run.url:
        yield f"[The run]({run.url}) tells all of it."


def _next(delivery: Delivery, run: PipelineRun) -> Iterator[str]:
    """What to do after a failure."""
    now = delivery.now
    if now is None:
        yield "Next: mend what is named above, then run this job again."
        if delivery.plan and delivery.exit_code == Exit.REFUSED:
            yield from _let_pass(delivery, run, delivery.plan)
    elif now.empty:
        yield "Nothing is left to do: the tenant is as git says."
    elif _still_approved(delivery):
        yield "Next: mend what is named above, then run this job again: the plan is still the one that was approved."
    else:
        yield (
            "Next: mend what is named above. What there is to do by now has another checksum than what was approved. "
            f"{pieces.summary(now)} To approve it by that:"
        )
        yield "\n".join(fenced([dispatch(delivery, run, now)], "sh"))


def _let_pass(delivery: Delivery, run: PipelineRun, plan: Plan) -> Iterator[str]:
    """How a plan is applied that guards refuse, where that is possible."""
    allow = passable(delivery.verdict)
    if allow:
        yield "What is wanted all the same is allowed in the tenant's file, with a reason, or for this once by:"
        yield "\n".join(fenced([dispatch(delivery, run, plan, allow)], "sh"))


def _first(delivery: Delivery) -> Setback:
    return delivery.setbacks[0] if delivery.setbacks else Setback(message="It failed.")
