"""`reconciler adopt`."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import click

from reconciler.cli.console import print_json, stderr, stdout
from reconciler.cli.options import format_option, repository_option, tenant_option
from reconciler.cli.working import workplace
from reconciler.report.adopted import adopted_lines
from reconciler.run.adopt import adopt


@click.command()
@click.argument("findings", nargs=-1)
@repository_option
@tenant_option
@format_option("json")
def command(findings: tuple[str, ...], repo: Path | None, tenant: str | None, form: str) -> None:
    """Write what drifted in a tenant into the files.

    Takes FINDINGS as `drift` names them, or all that can be taken, for a pull request: what runs becomes what git
    says. The tenant is only read. `apply` is the other way: it puts git's state back.
    """
    with workplace(repo) as place, stderr().status("reading") as status:
        made = asyncio.run(
            adopt(
                place,
                place.tenant_name(tenant),
                findings,
                lambda owner: status.update(f"asking npm for the packages of {owner}"),
            )
        )
    if form == "json":
        print_json(json.loads(made.model_dump_json()))
        return
    for line in adopted_lines(made):
        stdout().print(line)
