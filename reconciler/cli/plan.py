"""`reconciler plan`."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import click

from reconciler.cli.console import print_json, print_text, stderr, stdout
from reconciler.cli.options import (
    Guarded,
    allow_option,
    format_option,
    repository_option,
    revision_option,
    tenant_option,
)
from reconciler.cli.working import workplace
from reconciler.errors import Exit
from reconciler.report.markdown import plan_markdown
from reconciler.report.text import plan_text
from reconciler.run.plan import Planned, plan, save_plan


@click.command(cls=Guarded)
@repository_option
@tenant_option
@revision_option
@format_option("json", "markdown")
@allow_option
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Save the plan for `apply FILE`.")
@click.option("--detailed-exitcode", is_flag=True, help="End with 2 when something would change, 3 when refused.")
def command(
    repo: Path | None,
    tenant: str | None,
    rev: str | None,
    form: str,
    allow: tuple[str, ...],
    out: Path | None,
    detailed_exitcode: bool,
) -> int:
    """Show what apply would change in a tenant.

    Reads only. The plan holds no secret: it can be uploaded, posted and kept.
    """
    with workplace(repo) as place:
        made = asyncio.run(plan(place, place.tenant_name(tenant), revision=rev, allow=allow))
    _show(made, form)
    stderr().print(f"The tenant was read in {made.requests} requests.", style="dim")
    if out:
        save_plan(made, out)
        stderr().print(f"Saved to {out}.")
    if not detailed_exitcode:
        return Exit.DONE
    if made.verdict.refusals:
        return Exit.REFUSED
    return Exit.DONE if made.plan.empty else Exit.CHANGES


def _show(made: Planned, form: str) -> None:
    if form == "json":
        print_json(json.loads(made.document.model_dump_json()))
    elif form == "markdown":
        print_text(plan_markdown(made.plan, made.verdict))
    else:
        stdout().print(plan_text(made.plan, made.verdict))
