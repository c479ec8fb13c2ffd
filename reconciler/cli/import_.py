"""`reconciler import`."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import click

from reconciler.cli.console import print_json, stderr, stdout
from reconciler.cli.options import format_option, tenant_option
from reconciler.cli.working import workplace
from reconciler.errors import Usage
from reconciler.model.imported import Imported
from reconciler.report.imported import imported_lines
from reconciler.run.import_tenant import Beginning, Wish, import_a0deploy, import_tenant
from reconciler.run.workplace import Workplace


@click.command()
@click.option(
    "--repo",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    help="Folder to write into, in a git repository (default: the working folder).",
)
@tenant_option
@format_option("json")
@click.option("--name", default="", metavar="NAME", help="Name of the repository, where it has no reconciler.yaml yet.")
@click.option("--domain", default="", metavar="DOMAIN", help="Auth0 domain of a tenant that has no file yet.")
@click.option("--local", is_flag=True, help="The tenant that has no file yet is the embedded one.")
@click.option("--except", "unwanted", multiple=True, metavar="NAME", help="Leave this action or module; repeatable.")
@click.option(
    "--from-a0deploy",
    "configuration",
    type=click.Path(exists=True, path_type=Path),
    help="Read a configuration of auth0-deploy-cli, not a tenant.",
)
def command(
    repo: Path | None,
    tenant: str | None,
    form: str,
    name: str,
    domain: str,
    local: bool,
    unwanted: tuple[str, ...],
    configuration: Path | None,
) -> None:
    """Write a repository from what runs in a tenant.

    The tenant is only read. Everything is written, or nothing; no file is overwritten. Values of secrets cannot be
    read: the tenant keeps them, and they are listed.
    """
    if domain and local:
        raise Usage("A tenant is reached by --domain or is --local, not both.", "Leave one out.")
    with workplace(repo, new=True) as place, stderr().status("reading") as status:
        wish = Wish(unwanted, lambda owner: status.update(f"asking npm for the packages of {owner}"))
        made = asyncio.run(_imported(place, tenant, configuration, Beginning(name, domain, local), wish))
    if form == "json":
        print_json(json.loads(made.model_dump_json()))
        return
    for line in imported_lines(made):
        stdout().print(line)


async def _imported(
    place: Workplace, tenant: str | None, configuration: Path | None, beginning: Beginning, wish: Wish
) -> Imported:
    if configuration:
        return await import_a0deploy(place, tenant, configuration, beginning, wish)
    return await import_tenant(place, place.tenant_name(tenant), beginning, wish)
