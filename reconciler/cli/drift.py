"""`reconciler drift`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import click

from reconciler.cli.console import as_text, print_text, stderr, stdout
from reconciler.cli.options import format_option, repository_option, revision_option, tenants_option
from reconciler.cli.several import in_turn, named
from reconciler.cli.working import workplace
from reconciler.errors import Exit, Usage
from reconciler.model.drift import SEVERITIES, Drift
from reconciler.model.several import TenantResult
from reconciler.report.drift_html import drift_html
from reconciler.report.drift_markdown import drift_markdown
from reconciler.report.drift_text import drift_text
from reconciler.run.drift import drift, save_report
from reconciler.run.workplace import Workplace


@click.command()
@repository_option
@tenants_option
@revision_option
@format_option("json", "markdown", "html")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the report to a file.")
@click.option("--fail-on", type=click.Choice(SEVERITIES), help="End with 2 for a finding that is this bad, or worse.")
@click.option("--detailed-exitcode", is_flag=True, help="End with 2 when anything is found.")
def command(
    repo: Path | None,
    tenant: str | None,
    rev: str | None,
    form: str,
    out: Path | None,
    fail_on: str | None,
    detailed_exitcode: bool,
) -> int:
    """Find what in a tenant git does not explain, and who did it.

    Reads only, and needs no key. What is ignored in the tenant file, and what git has by now, is shown and does not
    count.
    """
    with workplace(repo) as place:
        asked = named(place, tenant, lambda: place.tree(rev))
        if isinstance(asked, tuple):
            if out or form == "html":
                raise Usage("A report tells of one tenant.", "Make one of each tenant, into a file of its own.")
            work = partial(_turn, place, rev, form, lambda found: _code(found, fail_on, detailed_exitcode))
            return in_turn(asked, work, form=form, counted="findings")
        made = asyncio.run(drift(place, asked, revision=rev))
    if out:
        save_report(_rendered(made.drift, form), out)
        stderr().print(f"Saved to {out}.")
    elif form == "text":
        stdout().print(drift_text(made.drift))
    else:
        print_text(_rendered(made.drift, form))
    stderr().print(f"The tenant was read in {made.requests} requests.", style="dim")
    return _code(made.drift, fail_on, detailed_exitcode)


def _turn(place: Workplace, rev: str | None, form: str, code: Callable[[Drift], Exit], tenant: str) -> TenantResult:
    found = asyncio.run(drift(place, tenant, revision=rev)).drift
    if form == "text":
        stdout().print(drift_text(found))
    elif form != "json":
        print_text(_rendered(found, form))
    return TenantResult(
        tenant=tenant,
        result="drift" if found.open else "no drift",
        exit_code=code(found),
        changes=len(found.open),
        outcome=json.loads(found.model_dump_json()),
    )


def _rendered(drift: Drift, form: str) -> str:
    if form == "json":
        return drift.model_dump_json(indent=2) + "\n"
    if form == "markdown":
        return drift_markdown(drift)
    return drift_html(drift) if form == "html" else as_text(drift_text(drift))


def _code(drift: Drift, fail_on: str | None, detailed: bool) -> Exit:
    bad = SEVERITIES[: SEVERITIES.index(fail_on) + 1] if fail_on in SEVERITIES else ()
    failed = any(finding.severity in bad for finding in drift.open)
    return Exit.CHANGES if failed or (detailed and drift.open) else Exit.DONE
