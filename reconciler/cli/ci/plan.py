"""`reconciler ci plan`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from reconciler.cli.ci.asked import Asked, pipeline_options
from reconciler.cli.ci.running import each, run_stages
from reconciler.cli.options import Guarded, allow_option, stamp_option, tenants_option
from reconciler.desired.validation import did_you_mean
from reconciler.model.pipeline import Stage
from reconciler.run.ci.pipeline import Pipeline
from reconciler.run.ci.plan import FAIL_ON, PlanWays, ci_plan, plans_folder

NOTHING = "nothing"


def _fail_on(ctx: click.Context, option: click.Parameter, value: str) -> frozenset[str]:
    named = frozenset(filter(None, (part.strip() for part in value.split(","))))
    known = (*FAIL_ON, NOTHING)
    for wrong in sorted(named - {*known}):
        told = f"'{wrong}'{did_you_mean(wrong, known)} It may be {', '.join(known)}."
        raise click.BadParameter(told, ctx, option)
    return named - {NOTHING}


@click.command(cls=Guarded)
@tenants_option
@allow_option
@stamp_option
@click.option(
    "--fail-on",
    metavar="WHAT",
    default="refusals",
    show_default=True,
    callback=_fail_on,
    help=f"End with 3 for refusals, with 2 for deletes or changes: {', '.join(FAIL_ON)} with commas, or {NOTHING}.",
)
@click.option(
    "--out-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where plan-TENANT.json and .md are written (default: reconciler/ in $RUNNER_TEMP, else .reconciler/ci).",
)
@pipeline_options
def command(
    tenant: str | None,
    allow: tuple[str, ...],
    stamp: bool,
    fail_on: frozenset[str],
    out_dir: Path | None,
    asked: Asked,
) -> int:
    """Show what apply would change, in the pull request.

    Reads only. Where the run is given no secrets, as for forks, it is a plan against the base branch.
    """

    async def work(pipeline: Pipeline) -> Sequence[Stage]:
        ways = PlanWays(allow, stamp, fail_on, out_dir.absolute() if out_dir else plans_folder(pipeline))
        return await each(pipeline, tenant, lambda one: ci_plan(pipeline, one, ways))

    return run_stages(asked, work)
