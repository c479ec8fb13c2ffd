"""`reconciler ci apply`."""

from __future__ import annotations

import re
from collections.abc import Sequence

import click

from reconciler.cli.ci.asked import Asked, pipeline_options
from reconciler.cli.ci.running import progress, run_stages
from reconciler.cli.locking import tenant_lock
from reconciler.cli.options import Guarded, allow_option, stamp_option, tenants_option, wait_option
from reconciler.cli.several import named
from reconciler.errors import Usage
from reconciler.model.pipeline import Stage
from reconciler.run.ci.apply import apply
from reconciler.run.ci.delivering import Order
from reconciler.run.ci.pipeline import Pipeline
from reconciler.run.deploy import Ways


@click.command(cls=Guarded)
@pipeline_options
@tenants_option
@allow_option
@stamp_option
@click.option("--checksum", metavar="SHA256", help="Apply this plan, rather than the one that the merge approved.")
@click.option("--patience", type=click.FloatRange(min=1), default=120.0, show_default=True, help="Seconds for builds.")
@click.option("--keep-going", is_flag=True, help="Put back only what fails, and go on with what does not need it.")
@wait_option
def command(
    asked: Asked,
    tenant: str | None,
    allow: tuple[str, ...],
    stamp: bool,
    checksum: str | None,
    patience: float,
    keep_going: bool,
    wait: float,
) -> int:
    """Apply what the merged pull request showed, and nothing else.

    Plans again, and applies only the plan whose checksum was approved: the one that the pull request showed last before
    it was merged as the commit that is checked out. Any other plan is refused with 5, until a person gives its
    checksum. An empty plan needs nobody's word.
    """
    given = (checksum or "").strip()
    if given and not re.fullmatch(r"[0-9a-f]{64}", given):
        raise Usage("A checksum is 64 hex digits, all of them.", "Copy the one that the refused deploy shows.")

    async def work(pipeline: Pipeline) -> Sequence[Stage]:
        place = pipeline.place
        meant = named(place, tenant, lambda: place.committed_tree(None))
        tenants = (meant,) if isinstance(meant, str) else meant
        if given and len(tenants) > 1:
            raise Usage("A checksum is that of one tenant's plan.", "Apply the tenants one by one.")
        ways = Ways(allow=allow, patience=patience, notify=progress(pipeline.channel), keep_going=keep_going)
        order = Order(ways, lambda: tenant_lock(place, "ci apply", wait), given, stamp)
        return await apply(pipeline, tenants, order)

    return run_stages(asked, work)
