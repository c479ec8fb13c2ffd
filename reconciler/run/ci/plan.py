"""Shows what an apply would change in a tenant, as a stage of a pipeline."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reconciler.desired import atomic
from reconciler.errors import Exit, Usage
from reconciler.model.github import Conclusion
from reconciler.model.pipeline import Stage
from reconciler.report.markdown import plan_markdown
from reconciler.report.pipeline.plan import plan_stage
from reconciler.run.base_plan import base_for, plan_from_git
from reconciler.run.ci.foreign import refuse_strangers
from reconciler.run.ci.pipeline import Pipeline, concluded
from reconciler.run.plan import Planned, plan

FAIL_ON = ("changes", "deletes", "refusals")


@dataclass(frozen=True)
class PlanWays:
    """How plans are made: guards that may pass, whether commits are recorded, what makes the stage fail (of FAIL_ON),
    and the folder that the plans are written to."""

    allow: tuple[str, ...]
    stamp: bool
    fail_on: frozenset[str]
    out: Path


async def ci_plan(pipeline: Pipeline, tenant: str, ways: PlanWays) -> Stage:
    """The plan against the tenant; against the base branch where no secrets are given to the run, or where the pull
    request changes to whom they are sent."""

    async def work() -> Stage:
        made = await _planned(pipeline, tenant, ways)
        stage = plan_stage(made.plan, made.verdict, pipeline.run, prefix=pipeline.place.repository.prefix)
        return _with_files(pipeline, made, _judged(stage, made, ways.fail_on), ways.out)

    return await concluded(pipeline, "plan", tenant, work)


def plans_folder(pipeline: Pipeline) -> Path:
    """Where plans are written unless a folder is named: the runner's temporary one, which later steps can read. A
    repository in a folder has one of its own there."""
    temporary = pipeline.place.settings.environ.get("RUNNER_TEMP", "")
    return Path(temporary) / "reconciler" / pipeline.folder if temporary else pipeline.place.made_state() / "ci"


async def _planned(pipeline: Pipeline, tenant: str, ways: PlanWays) -> Planned:
    place, run = pipeline.place, pipeline.run
    refuse_strangers(run, "plan it")
    base = base_for(place, run, tenant)
    if base:
        return await plan_from_git(place, tenant, base, allow=ways.allow)
    return await plan(place, tenant, revision=None, allow=ways.allow, stamp=ways.stamp)


def _judged(stage: Stage, made: Planned, fail_on: frozenset[str]) -> Stage:
    """The stage as it ends by what it is asked to fail on: with 3 for a refusal, with 2 for what changes."""
    failing = {
        "refusals": (bool(made.verdict.refusals), Exit.REFUSED),
        "deletes": (stage.outputs.to_delete > 0, Exit.CHANGES),
        "changes": (stage.outputs.changes, Exit.CHANGES),
    }
    for name, (happened, code) in failing.items():
        if happened and name in fail_on:
            return _ending(stage, code, "failure", "" if name == "refusals" else f" This fails on {name}.")
    return _ending(stage, Exit.DONE, "neutral" if made.verdict.refusals or made.verdict.alarms else "success", "")


def _ending(stage: Stage, code: Exit, conclusion: Conclusion, more: str) -> Stage:
    told = {"title": stage.title + more, "conclusion": conclusion, "exit_code": code}
    return stage.model_copy(update=told | {"outputs": stage.outputs.model_copy(update={"exit_code": code})})


def _with_files(pipeline: Pipeline, made: Planned, stage: Stage, folder: Path) -> Stage:
    """The stage that names the files of its plan, which are written here. Raises Usage where they cannot be."""
    name = f"plan-{made.plan.tenant}"
    texts = {"json": made.document.model_dump_json(indent=2) + "\n", "md": plan_markdown(made.plan, made.verdict)}
    files = {form: folder / f"{name}.{form}" for form in texts}
    try:
        for form, text in texts.items():
            atomic.write(files[form], pipeline.channel.hidden.mask(text).encode())
    except OSError as problem:
        raise Usage(f"No plan can be written to {folder}: {problem.strerror}.", "Name another --out-dir.") from problem
    told = {"plan_json": str(files["json"]), "plan_markdown": str(files["md"])}
    return stage.model_copy(update={"outputs": stage.outputs.model_copy(update=told)})
