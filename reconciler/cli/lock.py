"""`reconciler lock`."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from reconciler.cli.console import print_json, stderr, stdout
from reconciler.cli.options import format_option, repository_option
from reconciler.cli.working import workplace
from reconciler.errors import Exit, InvalidInput
from reconciler.model.audit import SEVERITIES, Audit, Severity
from reconciler.model.relocked import Relocked
from reconciler.report.audit import audit_summary, refuses, vulnerability_text
from reconciler.report.lock import relocked_lines, relocked_table, relocked_warnings
from reconciler.run.audit import audit, audits
from reconciler.run.lock import check_lock, lock
from reconciler.run.workplace import Workplace


@click.command()
@click.argument("packages", nargs=-1)
@repository_option
@click.option("--upgrade", is_flag=True, help="Take newer versions within the ranges: of PACKAGES, or of all.")
@click.option("--check", is_flag=True, help="Change nothing; fail when the lock is out of date.")
@click.option("--audit", "audited", is_flag=True, help="Change nothing; ask the registry what is known against it.")
@click.option(
    "--audit-level",
    type=click.Choice(SEVERITIES[1:]),
    help="How bad a finding of --audit makes it fail (default: what reconciler.yaml says, or high).",
)
@format_option("json")
def command(
    packages: tuple[str, ...],
    repo: Path | None,
    upgrade: bool,
    check: bool,
    audited: bool,
    audit_level: Severity | None,
    form: str,
) -> int:
    """Resolve npm dependencies to exact versions.

    Writes reconciler.lock with integrity hashes, and the digest of each module that an action uses as latest. What is
    locked stays unless its range changed. With `audit: high` in reconciler.yaml, --check asks the registry, too.
    """
    if packages and not upgrade:
        raise click.UsageError("PACKAGES are named with --upgrade.")
    if upgrade and (check or audited):
        raise click.UsageError("--upgrade changes the lock, --check and --audit only look at it.")
    if audit_level and not audited:
        raise click.UsageError("--audit-level is for --audit.")
    with workplace(repo) as place:
        if check:
            _check(place, quiet=form == "json")
        if audited or (check and audits(place)):
            return _audit(place, audit_level, form)
        if not check:
            with stderr().status("asking npm"):
                relocked = asyncio.run(
                    lock(place, upgrade=upgrade and not packages, packages=packages, notify=lambda _: None)
                )
            _tell(relocked, form)
    return Exit.DONE


def _check(place: Workplace, *, quiet: bool) -> None:
    problems = check_lock(place)
    if problems:
        raise InvalidInput(problems)
    if not quiet:
        stdout().print("reconciler.lock is up to date.")


def _audit(place: Workplace, level: Severity | None, form: str) -> int:
    with stderr().status("asking what is known"):
        found = asyncio.run(audit(place, level))
    if form == "json":
        print_json(found.model_dump(mode="json"))
    else:
        _tell_audit(found)
    return Exit.ERROR if found.refused else Exit.DONE


def _tell_audit(found: Audit) -> None:
    console = stdout()
    for each in found.vulnerabilities:
        console.print(vulnerability_text(each), style="red" if refuses(found, each) else "yellow")
    for line in audit_summary(found):
        console.print(line)


def _tell(relocked: Relocked, form: str) -> None:
    for warning in relocked_warnings(relocked):
        stderr().print(f"warning: {warning}", style="yellow")
    if form == "json":
        print_json(relocked.model_dump(mode="json"))
        return
    console = stdout()
    if relocked.dependencies and console.is_terminal:
        console.print(relocked_table(relocked))
    else:
        for line in relocked_lines(relocked):
            console.print(line)
    console.print("reconciler.lock is written." if relocked.written else "reconciler.lock is up to date.")
