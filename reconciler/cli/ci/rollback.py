"""`reconciler ci rollback`."""

from __future__ import annotations

from collections.abc import Sequence

import click

from reconciler.cli.ci.asked import Asked, pipeline_options
from reconciler.cli.ci.running import progress, run_stages
from reconciler.cli.locking import tenant_lock
from reconciler.cli.options import Guarded, allow_option, tenant_option, wait_option
from reconciler.cli.rollback import wish_options, wished
from reconciler.model.pipeline import Stage
from reconciler.run.ci.pipeline import Pipeline
from reconciler.run.ci.rollback import rollback
from reconciler.run.deploy import Ways


@click.command(cls=Guarded)
@wish_options
@pipeline_options
@tenant_option
@allow_option
@click.option("--patience", type=click.FloatRange(min=1), default=120.0, show_default=True, help="Seconds to go live.")
@wait_option
def command(
    asked: Asked,
    action: str | None,
    flow: str | None,
    everything: bool,
    to: str,
    tenant: str | None,
    allow: tuple[str, ...],
    patience: float,
    wait: float,
) -> int:
    """Roll back, and say so in the pull request that made it necessary.

    For workflows that people start: whoever starts one approves what it does. Otherwise it is `reconciler rollback`.
    """
    wish = wished(action, flow, everything, to)

    async def work(pipeline: Pipeline) -> Sequence[Stage]:
        place = pipeline.place
        ways = Ways(allow=allow, patience=patience, notify=progress(pipeline.channel))
        name = place.tenant_name(tenant)
        return await rollback(pipeline, name, wish, ways, lambda: tenant_lock(place, "ci rollback", wait))

    return run_stages(asked, work)
