"""Runs the cases of actions, as a stage of a pipeline."""

from __future__ import annotations

from reconciler.model.case import Outcome
from reconciler.model.pipeline import Stage
from reconciler.report.pipeline.checks import test_stage
from reconciler.run.cases import Asked, Listening, test
from reconciler.run.chosen import Wish
from reconciler.run.ci.foreign import refuse_strangers
from reconciler.run.ci.pipeline import Pipeline, concluded


async def ci_test(pipeline: Pipeline, tenant: str, names: tuple[str, ...], *, named: bool) -> Stage:
    """Every failed case is a remark where it is written. Needs no key. `named` says that it is the tenant's own stage
    rather than the one of all."""
    shown = tenant if named else ""

    async def work() -> Stage:
        refuse_strangers(pipeline.run, "run its code")
        tested = await test(pipeline.place, Asked(tenant, Wish(names)), Listening(ended=heard))
        return test_stage(tested.outcomes, pipeline.place.repository.prefix, shown)

    def heard(outcome: Outcome) -> None:
        pipeline.channel.tell(f"{outcome.status} {outcome.action}: {outcome.case}")

    return await concluded(pipeline, "test", shown, work)
