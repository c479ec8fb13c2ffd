"""`reconciler ci validate`."""

from __future__ import annotations

from collections.abc import Sequence

import click

from reconciler.cli.ci.asked import Asked, pipeline_options
from reconciler.cli.ci.running import run_stages
from reconciler.model.pipeline import Stage
from reconciler.run.ci.pipeline import Pipeline
from reconciler.run.ci.validate import ci_validate


@click.command()
@pipeline_options
def command(asked: Asked) -> int:
    """Check every file, and mark each problem where it is.

    Needs no tenant and no key.
    """

    async def work(pipeline: Pipeline) -> Sequence[Stage]:
        return [await ci_validate(pipeline)]

    return run_stages(asked, work)
