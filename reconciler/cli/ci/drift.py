"""`reconciler ci drift`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import click

from reconciler.cli.ci.asked import Asked, pipeline_options
from reconciler.cli.ci.running import run_stages
from reconciler.cli.options import tenants_option
from reconciler.cli.several import named
from reconciler.model.drift import SEVERITIES
from reconciler.model.pipeline import Stage
from reconciler.run.ci.drift import DriftWays, ci_drift
from reconciler.run.ci.pipeline import Pipeline

FILE = click.Path(dir_okay=False, path_type=Path)


VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def _variable(ctx: click.Context, option: click.Parameter, value: str) -> str:
    """A name; an address that was given in its place is a secret, and is not repeated."""
    if value and not VARIABLE.fullmatch(value):
        raise click.BadParameter("give the name of a variable of the environment, not what it holds.", ctx, option)
    return value


@click.command()
@tenants_option
@click.option("--seen", type=FILE, help="Where a pipeline keeps what was found, so that only what stands is told.")
@click.option("--fail-on", type=click.Choice(SEVERITIES), help="End with 2 for what is this bad and stands, or worse.")
@click.option("--html", type=FILE, help="Write the report; of several tenants, FILE-TENANT.html for each.")
@click.option("--adopt-pr", is_flag=True, help="Push what can be adopted to a branch, and open a pull request for it.")
@click.option(
    "--webhook",
    metavar="NAME",
    default="",
    callback=_variable,
    help="Variable of the environment with the URL of a webhook such as Slack's.",
)
@click.option("--label", "labels", multiple=True, help="Label of the issue besides reconciler-drift; repeatable.")
@click.option("--assignee", "assignees", multiple=True, help="Login to assign the issue to; repeatable.")
@pipeline_options
def command(
    tenant: str | None,
    seen: Path | None,
    fail_on: str | None,
    html: Path | None,
    adopt_pr: bool,
    webhook: str,
    labels: tuple[str, ...],
    assignees: tuple[str, ...],
    asked: Asked,
) -> int:
    """Find what git does not explain, in one issue per tenant.

    The issue is opened once `drift.runs` runs found something (a setting of the tenant file; --seen FILE tells the runs
    of each other), changed when that changes, and closed by the first run that finds nothing more. A tenant that cannot
    be read changes nothing of it.
    """

    async def work(pipeline: Pipeline) -> Sequence[Stage]:
        meant = named(pipeline.place, tenant, lambda: pipeline.place.tree(None))
        ways = DriftWays(
            seen=seen.absolute() if seen else None,
            html=lambda name: _report(html, name, alone=isinstance(meant, str)),
            fail_on=fail_on or "",
            adopt=adopt_pr,
            webhook=webhook,
            labels=labels,
            assignees=assignees,
        )
        return [await ci_drift(pipeline, one, ways) for one in ([meant] if isinstance(meant, str) else meant)]

    return run_stages(asked, work)


def _report(html: Path | None, tenant: str, *, alone: bool) -> Path | None:
    if html is None or alone:
        return html
    return html.with_name(f"{html.stem}-{tenant}{html.suffix or '.html'}")
