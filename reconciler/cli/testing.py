"""What `reconciler test` does with its options."""

from __future__ import annotations

import importlib
import time

import click

from reconciler.cli.case_lines import CaseLines
from reconciler.cli.lines import Lines
from reconciler.cli.test import Options
from reconciler.errors import Exit, InvalidInput
from reconciler.local.node.spawn import Launched
from reconciler.report.cases import none_line, nothing_line, summary_lines, written_lines
from reconciler.run.cases import Asked, Listening, Tested, nowhere_else, test
from reconciler.run.chosen import Wish
from reconciler.run.workplace import Workplace

REPORTS = "reconciler.cli.case_reports"


def watched(place: Workplace, options: Options) -> int:
    """Runs cases at every save, until Ctrl-C."""
    watching = importlib.import_module("reconciler.cli.watching")
    return int(watching.watched(place, _asked(place, options), verbose=options.verbose))


async def tested(place: Workplace, options: Options, nodes: list[Launched]) -> int:
    """Runs the cases once, in those Node processes first, and tells what they came to."""
    done = await _told(place, options, nodes)
    prefix = place.repository.prefix
    if options.junit:
        importlib.import_module(REPORTS).write_junit(options.junit, done, prefix)
    if options.lcov:
        importlib.import_module(REPORTS).write_lcov(options.lcov, done, prefix)
    for sentence in done.short:
        click.secho(sentence, fg="red", err=True)
    failed = any(outcome.status == "failed" for outcome in done.outcomes)
    return Exit.CASES_FAILED if failed or done.short else Exit.DONE


def _asked(place: Workplace, options: Options) -> Asked:
    update, on = options.update, options.on
    return Asked(
        place.tenant_name(options.tenant),
        Wish(names=options.actions, texts=options.texts),
        revision=options.rev,
        since=options.since,
        failed=options.failed,
        limit=options.limit,
        record=importlib.import_module("reconciler.run.recording").write_snapshots if update else None,
        coverage=options.counted,
        elsewhere=importlib.import_module("reconciler.run.on_tenant").open_drafts if on else nowhere_else,
        remember=True,
    )


async def _told(place: Workplace, options: Options, nodes: list[Launched]) -> Tested:
    """What it came to, told in the form that is wanted."""
    asked, form = _asked(place, options), options.form
    if form == "text":
        return await _shown(place, asked, nodes, verbose=options.verbose)
    prefix = place.repository.prefix
    try:
        done = await test(place, asked, Listening(), nodes)
    except InvalidInput as wrong:
        if form == "gitlab":
            importlib.import_module(REPORTS).print_quality_of_mistakes(wrong, prefix)
        raise
    if form == "json":
        importlib.import_module(REPORTS).print_outcomes(done)
    else:
        importlib.import_module(REPORTS).print_quality(done, prefix)
    return done


async def _shown(place: Workplace, asked: Asked, nodes: list[Launched], *, verbose: bool) -> Tested:
    lines, began = Lines(place.settings.environ), time.monotonic()
    cases = CaseLines(lines, verbose=verbose)
    try:
        done = await test(place, asked, cases.listening, nodes)
    finally:
        cases.close()
    lines.print(written_lines(done.written.files, done.written.removed))
    if not done.outcomes:
        lines.print([none_line(done.left_out, _why_none(asked)) if done.left_out else nothing_line()])
    else:
        lines.print(summary_lines(done.outcomes, time.monotonic() - began, done.left_out))
    if done.coverage:
        importlib.import_module(REPORTS).print_coverage(done)
    return done


def _why_none(asked: Asked) -> str:
    if asked.failed:
        return "none of them failed when it ran last."
    if asked.since:
        return f"none is of what changed since {asked.since}."
    return "what is named has none. Write some in actions/NAME/cases.yaml or flows/TRIGGER.cases.yaml."
