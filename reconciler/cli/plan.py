"""`reconciler plan`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import click

from reconciler.cli.console import print_json, print_text, stderr, stdout
from reconciler.cli.options import (
    Guarded,
    allow_option,
    format_option,
    repository_option,
    revision_option,
    stamp_option,
    tenants_option,
)
from reconciler.cli.problems import show_warnings
from reconciler.cli.several import in_turn, named
from reconciler.cli.working import workplace
from reconciler.errors import Diagnostic, Exit, Usage
from reconciler.model.several import TenantResult
from reconciler.report.markdown import plan_markdown
from reconciler.report.several import versions
from reconciler.report.text import plan_text
from reconciler.run.base_plan import base_of, plan_from_git, plan_trusting
from reconciler.run.plan import Planned, plan, save_plan
from reconciler.run.workplace import Workplace


@click.command(cls=Guarded)
@repository_option
@tenants_option
@revision_option
@format_option("json", "markdown")
@allow_option
@stamp_option
@click.option("--against", metavar="REV", help="Hold git against what this branch came from, without any tenant.")
@click.option("--trust", metavar="REV", help="Send credentials only where they go at REV; else as with --against.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Save the plan for `apply FILE`.")
@click.option("--detailed-exitcode", is_flag=True, help="End with 2 when something would change, 3 when refused.")
def command(
    repo: Path | None,
    tenant: str | None,
    rev: str | None,
    form: str,
    allow: tuple[str, ...],
    stamp: bool,
    against: str | None,
    trust: str | None,
    out: Path | None,
    detailed_exitcode: bool,
) -> int:
    """Show what apply would change in a tenant.

    Reads only. The plan holds no secret: it can be uploaded, posted and kept. With --against origin/main it shows what
    a branch changes, and needs no key, no credentials and no network; such a plan cannot be applied.

    Credentials go where the tenant file says, and on a branch that file is its author's: a pipeline that plans branches
    with credentials says --trust origin/main.
    """
    if against is not None and stamp:
        raise Usage("Without a tenant there is nothing to record a commit on.", "Leave --stamp or --against out.")
    if against is not None and trust is not None:
        raise Usage("--against sends no credentials anywhere.", "Leave --trust or --against out.")
    with workplace(repo) as place:
        asked = named(place, tenant, lambda: place.tree(rev))
        make = _telling(_planning(place, rev, allow, stamp, against, trust))
        if isinstance(asked, tuple):
            if out:
                raise Usage("A plan file holds the plan of one tenant.", "Plan each tenant into a file of its own.")
            return in_turn(asked, lambda name: _turn(name, make, form, detailed_exitcode), form=form)
        made = make(asked)
    _show(made, form)
    if not made.plan.against:
        stderr().print(f"The tenant was read in {made.requests} requests.", style="dim")
    if out:
        save_plan(made, out)
        stderr().print(f"Saved to {out}.")
    return _code(made) if detailed_exitcode else Exit.DONE


def _planning(
    place: Workplace,
    rev: str | None,
    allow: tuple[str, ...],
    stamp: bool,
    against: str | None,
    trust: str | None,
) -> Callable[[str], Planned]:
    """What makes the plan of each tenant that is named."""
    if against is not None:
        base = base_of(place, against, revision=rev)
        return lambda tenant: asyncio.run(plan_from_git(place, tenant, base, revision=rev, allow=allow))
    if trust is not None:
        known = base_of(place, trust, revision=rev)
        return lambda tenant: asyncio.run(plan_trusting(place, tenant, known, revision=rev, allow=allow, stamp=stamp))
    return lambda tenant: asyncio.run(plan(place, tenant, revision=rev, allow=allow, stamp=stamp))


def _telling(make: Callable[[str], Planned]) -> Callable[[str], Planned]:
    """The same, showing each warning of the files once, whichever tenant is planned."""
    told: set[Diagnostic] = set()

    def telling(tenant: str) -> Planned:
        made = make(tenant)
        show_warnings(each for each in made.notices if each not in told)
        told.update(made.notices)
        return made

    return telling


def _turn(tenant: str, make: Callable[[str], Planned], form: str, detailed: bool) -> TenantResult:
    made = make(tenant)
    if form != "json":
        _show(made, form)
    results: dict[int, Literal["refused", "changes"]] = {Exit.REFUSED: "refused", Exit.CHANGES: "changes"}
    return TenantResult(
        tenant=tenant,
        result=results.get(_code(made), "nothing to change"),
        exit_code=_code(made) if detailed else Exit.DONE,
        changes=made.plan.size,
        refused=tuple(sorted({refusal.guard for refusal in made.verdict.refusals})),
        versions=versions(made.plan),
        outcome=json.loads(made.document.model_dump_json()),
    )


def _code(made: Planned) -> Exit:
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
