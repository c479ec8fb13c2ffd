"""`reconciler ci test`."""

from __future__ import annotations

from collections.abc import Sequence

import click

from reconciler.cli.ci.asked import Asked, pipeline_options
from reconciler.cli.ci.running import each, run_stages
from reconciler.cli.options import tenants_option
from reconciler.desired.load import load_repository
from reconciler.model.pipeline import Stage
from reconciler.run.ci.pipeline import Pipeline
from reconciler.run.ci.test import ci_test
from reconciler.run.several import first


@click.command()
@click.argument("actions", nargs=-1)
@tenants_option
@pipeline_options
def command(actions: tuple[str, ...], tenant: str | None, asked: Asked) -> int:
    """Run the cases of actions, and mark each failed one.

    Without names, of every action. Without a tenant, as the first one is set up that a commit reaches.
    """

    async def work(pipeline: Pipeline) -> Sequence[Stage]:
        if tenant:
            return await each(pipeline, tenant, lambda one: ci_test(pipeline, one, actions, named=True))
        place = pipeline.place
        chosen = place.settings.tenant or first(load_repository(place.tree(None))) or place.tenant_name(None)
        return [await ci_test(pipeline, chosen, actions, named=False)]

    return run_stages(asked, work)
