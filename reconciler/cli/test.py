"""`reconciler test`."""

from __future__ import annotations

import asyncio
import importlib
import time
from pathlib import Path

import click

from reconciler.cli.case_lines import CaseLines
from reconciler.cli.console import print_json, stderr, stdout
from reconciler.cli.options import format_option, repository_option, revision_option, tenant_option
from reconciler.cli.working import workplace
from reconciler.errors import Exit, InvalidInput, Usage
from reconciler.report.cases import nothing_text, summary_text, written_lines
from reconciler.run.cases import CASE_SECONDS, Asked, Listening, Tested, nowhere_else, test
from reconciler.run.chosen import Wish
from reconciler.run.workplace import Workplace

REPORTS = "reconciler.cli.case_reports"


@click.command()
@click.argument("actions", nargs=-1)
@click.option("--case", "texts", metavar="TEXT", multiple=True, help="Only cases with this in their name; repeatable.")
@click.option("--changed-since", "since", metavar="REV", default="", help="Only of what changed since this revision.")
@click.option("--failed", is_flag=True, help="Only cases that failed when they last ran.")
@click.option(
    "--limit",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    default=CASE_SECONDS,
    show_default=True,
    help="What one case may take.",
)
@click.option("--watch", is_flag=True, help="Run again what a saved file touches, until Ctrl-C.")
@click.option("--verbose", "-v", is_flag=True, help="A line for each case, and all that the failed ones did.")
@click.option(
    "--junit",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write JUnit XML there, too.",
)
@click.option("--coverage", is_flag=True, help="Tell which lines and branches of the code ran.")
@click.option(
    "--lcov",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the coverage there for genhtml, Codecov and the like, too.",
)
@click.option("--update", is_flag=True, help="Record what happens in cases with `snapshot: true`.")
@click.option(
    "--on",
    type=click.Choice(["tenant"]),
    help="Run each case on the tenant's draft, too, where that is what git has. Its requests and secrets are real.",
)
@repository_option
@tenant_option
@revision_option
@format_option("json", "gitlab")
def command(
    actions: tuple[str, ...],
    texts: tuple[str, ...],
    since: str,
    failed: bool,
    limit: float,
    watch: bool,
    verbose: bool,
    junit: Path | None,
    coverage: bool,
    lcov: Path | None,
    update: bool,
    on: str | None,
    repo: Path | None,
    tenant: str | None,
    rev: str | None,
    form: str,
) -> int:
    """Run the cases of actions and flows on the embedded runtime.

    Without names, of every action and flow; a flow is named as flows/TRIGGER. No request leaves the machine: each is
    answered by the case or refused. With --on tenant cases run on the tenant's drafts as well, but for what cannot.
    """
    if watch and (rev or form != "text"):
        raise Usage("Files are watched that are on disk, by somebody who looks.", "Leave out --rev and --format.")
    if watch and (update or on or junit or lcov):
        raise Usage("Files are watched to run cases again and again.", "Leave out --update, --on, --junit and --lcov.")
    with workplace(repo) as place:
        asked = Asked(
            place.tenant_name(tenant),
            Wish(names=actions, texts=texts),
            revision=rev,
            since=since,
            failed=failed,
            limit=limit,
            record=importlib.import_module("reconciler.run.recording").write_snapshots if update else None,
            coverage=coverage or lcov is not None,
            elsewhere=importlib.import_module("reconciler.run.on_tenant").open_drafts if on else nowhere_else,
        )
        if watch:
            return int(importlib.import_module("reconciler.cli.watching").watched(place, asked, verbose=verbose))
        tested = _tested(place, asked, form, verbose)
        if junit:
            importlib.import_module(REPORTS).write_junit(junit, tested, place.repository.prefix)
        if lcov:
            importlib.import_module(REPORTS).write_lcov(lcov, tested, place.repository.prefix)
    for sentence in tested.short:
        stderr().print(sentence, style="red")
    failed = any(outcome.status == "failed" for outcome in tested.outcomes)
    return Exit.CASES_FAILED if failed or tested.short else Exit.DONE


def _tested(place: Workplace, asked: Asked, form: str, verbose: bool) -> Tested:
    """What it came to, told in that form."""
    if form == "text":
        return _shown(place, asked, verbose)
    prefix = place.repository.prefix
    try:
        tested = asyncio.run(test(place, asked, Listening()))
    except InvalidInput as wrong:
        if form == "gitlab":
            importlib.import_module(REPORTS).print_quality_of_mistakes(wrong, prefix)
        raise
    if form == "json":
        print_json([outcome.model_dump(mode="json") for outcome in tested.outcomes])
    else:
        importlib.import_module(REPORTS).print_quality(tested, prefix)
    return tested


def _shown(place: Workplace, asked: Asked, verbose: bool) -> Tested:
    console, began = stdout(), time.monotonic()
    lines = CaseLines(console, verbose=verbose)
    try:
        tested = asyncio.run(test(place, asked, lines.listening))
    finally:
        lines.close()
    if not (tested.outcomes or tested.left_out):
        console.print(nothing_text())
    else:
        for line in written_lines(tested.written.files, tested.written.removed):
            console.print(line)
        console.print(summary_text(tested.outcomes, time.monotonic() - began, tested.left_out))
    if tested.coverage:
        importlib.import_module(REPORTS).print_coverage(tested)
    return tested
