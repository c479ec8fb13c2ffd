"""`reconciler apply`."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import click

from reconciler.cli.console import print_json, stderr, stdout
from reconciler.cli.locking import tenant_lock
from reconciler.cli.options import (
    Guarded,
    allow_option,
    format_option,
    repository_option,
    revision_option,
    stamp_option,
    tenants_option,
    wait_option,
)
from reconciler.cli.progress import agreed_to, progress
from reconciler.cli.several import in_turn, named
from reconciler.cli.working import workplace
from reconciler.errors import Exit, NotApproved, Usage
from reconciler.model.plan import Plan
from reconciler.model.several import TenantResult
from reconciler.report.text import plan_text
from reconciler.run.deploy import Ready, Ways, approve, carry_out, prepare, prepare_saved
from reconciler.run.hands import Applied, Failure
from reconciler.run.made import deleted, published
from reconciler.run.module_journal import label
from reconciler.run.plan import load_plan
from reconciler.run.workplace import Workplace


@click.command(cls=Guarded)
@click.argument("planfile", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@repository_option
@tenants_option
@revision_option
@format_option("json")
@allow_option
@stamp_option
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--checksum", metavar="SHA256", help="Apply only the plan that has it; do not ask.")
@click.option("--patience", type=click.FloatRange(min=1), default=120.0, show_default=True, help="Seconds for builds.")
@click.option("--keep-going", is_flag=True, help="Put back only what fails, and go on with what does not need it.")
@wait_option
def command(
    planfile: Path | None,
    repo: Path | None,
    tenant: str | None,
    rev: str | None,
    form: str,
    allow: tuple[str, ...],
    stamp: bool,
    yes: bool,
    checksum: str | None,
    patience: float,
    keep_going: bool,
    wait: float,
) -> int:
    """Make a tenant what git says: test, deploy, bind.

    Applies a commit, or the plan saved in PLANFILE. All of it happens, or nothing: a failure puts everything back,
    unless --keep-going is given.
    """
    if planfile and (rev or tenant or stamp):
        raise Usage("A saved plan names its commit, its tenant and what it does.", "Leave the other options out.")
    if checksum is not None and not re.fullmatch(r"[0-9a-f]{64}", checksum):
        raise Usage("A checksum is 64 hex digits, all of them.", "Copy the one that `reconciler plan` shows.")
    way = _Way(allow, stamp, yes or checksum is not None, form, patience, keep_going, wait)
    with workplace(repo) as place:
        asked = "" if planfile else named(place, tenant, lambda: place.committed_tree(rev))
        if isinstance(asked, tuple):
            if checksum is not None:
                raise Usage("A checksum is that of one tenant's plan.", "Apply the tenants one by one.")
            commit = place.committed_tree(rev).commit  # the same for all, whatever happens to HEAD meanwhile
            return in_turn(asked, lambda name: _turn(place, name, commit, way), form=form, go_on=keep_going)
        with tenant_lock(place, "apply", wait) as lock:
            if planfile:
                ready = asyncio.run(prepare_saved(place, load_plan(planfile), allow=allow, lock=lock))
            else:
                ready = asyncio.run(prepare(place, asked, revision=rev, allow=allow, lock=lock, stamp=stamp))
            if checksum is not None:
                _require(ready, checksum, form)
            applied = _carried_out(place, ready, way)
    return _told(ready.planned.plan, applied, form)


@dataclass(frozen=True)
class _Way:
    """What the options say of how it goes, for one tenant and for several."""

    allow: tuple[str, ...]
    stamp: bool
    yes: bool
    form: str
    patience: float
    keep_going: bool
    wait: float


def _carried_out(place: Workplace, ready: Ready, way: _Way) -> Applied | None:
    """What came of it; None where somebody said no."""
    agreed = agreed_to(ready.planned, yes=way.yes, form=way.form)
    with progress() as notify:
        ways = Ways(allow=way.allow, patience=way.patience, notify=notify, keep_going=way.keep_going)
        return asyncio.run(carry_out(place, ready, ways)) if agreed else None


def _turn(place: Workplace, tenant: str, commit: str, way: _Way) -> TenantResult:
    with tenant_lock(place, "apply", way.wait) as lock:
        ready = asyncio.run(prepare(place, tenant, revision=commit, allow=way.allow, lock=lock, stamp=way.stamp))
        applied = _carried_out(place, ready, way)
    plan = ready.planned.plan
    if way.form == "json":
        _show_failures(applied)
    else:
        _told(plan, applied, way.form)
    return TenantResult(
        tenant=tenant,
        result=_result(plan, applied),
        exit_code=applied.exit_code if applied else Exit.DONE,
        changes=plan.size,
        versions=_versions(plan, applied) if applied else (),
        outcome=_document(plan, applied),
    )


def _versions(plan: Plan, applied: Applied) -> tuple[str, ...]:
    modules = (f"{label(change)} {change.number}" for change in published(plan, applied))
    return (*modules, *(f"{each.action} {each.number}" for each in applied.deployed))


def _result(plan: Plan, applied: Applied | None) -> Literal["declined", "failed", "nothing to change", "applied"]:
    if applied is None:
        return "declined"
    if applied.failed:
        return "failed"
    return "nothing to change" if plan.empty else "applied"


def _require(ready: Ready, checksum: str, form: str) -> None:
    """Shows the plan as it is now before it is refused for not being the one that was approved."""
    try:
        approve(ready, checksum)
    except NotApproved:
        (stderr() if form == "json" else stdout()).print(plan_text(ready.planned.plan, ready.planned.verdict))
        raise


def _told(plan: Plan, applied: Applied | None, form: str) -> int:
    if form == "json":
        print_json(_document(plan, applied))
    elif applied is None:
        stdout().print("Nothing was applied.")
    elif plan.empty:
        stdout().print("Nothing to change: the tenant is as git says.")
    else:
        done = ", ".join(_done(plan, applied)) or "no new version"
        part = " in part" if applied.failed else ""
        stdout().print(f"Applied {plan.commit[:12]} to {plan.tenant}{part}: {done}.")
    _show_failures(applied)
    return applied.exit_code if applied else Exit.DONE


def _done(plan: Plan, applied: Applied) -> Iterator[str]:
    yield from (f"{label(each)} version {each.number}" for each in published(plan, applied))
    yield from (f"{each.action} version {each.number}" for each in applied.deployed)
    yield from (f"{name} deleted" for name in deleted(plan, applied))


def _document(plan: Plan, outcome: Applied | None) -> dict[str, Any]:
    applied = outcome or Applied()
    made = published(plan, outcome) if outcome else ()
    return {
        "commit": plan.commit,
        "applied": outcome is not None,
        "published": [{"module": each.name, "number": each.number} for each in made],
        "deployed": [{"action": each.action, "number": each.number} for each in applied.deployed],
        "failed": [
            {"name": each.name, "message": each.message, "undone": each.undone, "left": each.left}
            for each in applied.failed
        ],
    }


def _show_failures(applied: Applied | None) -> None:
    for failure in applied.failed if applied else ():
        _show(failure)


def _show(failure: Failure) -> None:
    console = stderr()
    console.print(f"error: {failure.name}: {failure.message}", style="red")
    told = [f"put back: {each}" for each in failure.undone] + [f"not put back: {each}" for each in failure.left]
    for line in (*filter(None, [failure.remedy]), *told):
        console.print(f"  {line}")
