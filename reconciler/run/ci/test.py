"""Runs the cases of actions, as a stage of a pipeline."""

from __future__ import annotations

from reconciler.model.case import Outcome
from reconciler.model.pipeline import Stage
from reconciler.report.cases import owner_of
from reconciler.report.pipeline.checks import test_stage
from reconciler.run.cases import Asked, Listening, test
from reconciler.run.chosen import Wish
from reconciler.run.ci.foreign import refuse_strangers
from reconciler.run.ci.pipeline import Pipeline, concluded


async def ci_test(pipeline: Pipeline, tenant: str, names: tuple[str, ...], *, named: bool) -> Stage:
    """Every failed case is a remark where it is written, and so is coverage below what reconciler.yaml asks. Needs no
    key. `named` says that it is the tenant's own stage rather than the one of all."""
    shown = tenant if named else ""

    async def work() -> Stage:
        refuse_strangers(pipeline.run, "run its code")
        asked = Asked(tenant, Wish(names), coverage=None)
        tested = await test(pipeline.place, asked, Listening(ended=heard))
        prefix = pipeline.place.repository.prefix
        return test_stage(tested.outcomes, prefix, shown, coverage=tested.coverage, short=tested.short)

    def heard(outcome: Outcome) -> None:
        pipeline.channel.tell(f"{outcome.status} {owner_of(outcome)}: {outcome.case}")

    return await concluded(pipeline, "test", shown, work)
