"""Looks at every file, as a stage of a pipeline."""

from __future__ import annotations

from reconciler.desired.load import load_repository
from reconciler.model.pipeline import Stage
from reconciler.report.pipeline.checks import validate_stage
from reconciler.run.ci.leftovers import take_leftovers_away
from reconciler.run.ci.pipeline import Pipeline, concluded
from reconciler.run.several import every
from reconciler.run.validate import validate


async def ci_validate(pipeline: Pipeline) -> Stage:
    """Every problem of every file is a remark on its place. Needs no tenant and no key. As the stage that runs once for
    all tenants, it takes away the comments of those that are gone."""

    async def work() -> Stage:
        prefix = pipeline.place.repository.prefix
        done = await validate(pipeline.place, revision=None)
        if done.problems:
            pipeline.channel.tell("\n".join(map(str, done.problems)))
        return validate_stage(done.problems, done.notices, done.actions, prefix)

    stage = await concluded(pipeline, "validate", "", work)
    if pipeline.run.pull:
        await take_leftovers_away(pipeline, every(load_repository(pipeline.place.tree(None))))
    return stage
