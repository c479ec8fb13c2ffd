"""`reconciler ci matrix`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from reconciler.cli.ci.running import in_channel
from reconciler.cli.console import print_text
from reconciler.cli.options import repository_option
from reconciler.cli.working import workplace
from reconciler.desired.load import load_repository
from reconciler.errors import Exit
from reconciler.run.ci.channel import Channel
from reconciler.run.ci.matrix import MOST_JOBS, matrix
from reconciler.run.ci.outputs import write_values


@click.command()
@repository_option
@click.option(
    "--tenant",
    metavar="NAMES",
    default="",
    help="Tenants, as dev,staging or 'prod-*' (default: all but those that live on the machine of the job).",
)
@click.option(
    "--shards",
    type=click.IntRange(1, MOST_JOBS),
    metavar="N",
    help="At most so many jobs, each with several tenants: {shard, tenants}.",
)
def command(repo: Path | None, tenant: str, shards: int | None) -> int:
    """List the tenants as jobs of a workflow.

    An embedded tenant that is not served would be empty on every runner: it is left out, unless `promote` or --tenant
    names it.

    Prints what `strategy.matrix` takes: {tenant, environment} for each, in the order of `promote`. Outputs of the step:
    matrix, and any, which is false where there is no tenant: GitHub refuses a matrix without jobs, so the job that uses
    it needs `if: needs.JOB.outputs.any == 'true'`.
    """

    def done(channel: Channel) -> int:
        with workplace(repo) as place:
            made = matrix(load_repository(place.tree(None)), tenant, shards or 0)
        text = json.dumps(made, separators=(",", ":"))
        write_values(channel, {"matrix": text, "any": json.dumps(bool(made["include"])), "exit-code": "0"})
        print_text(text + "\n")
        return Exit.DONE

    return in_channel("json", done)
