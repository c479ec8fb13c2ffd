"""`reconciler test --watch`: rounds of cases, for somebody who looks at a terminal."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from reconciler.cli.case_lines import CaseLines
from reconciler.cli.lines import Lines
from reconciler.cli.problems import show_problem
from reconciler.cli.saved import saved_files
from reconciler.errors import Exit, ReconcilerError
from reconciler.report.cases import summary_lines
from reconciler.report.coverage import coverage_table
from reconciler.report.visible import visible
from reconciler.run.cases import Asked, Tested
from reconciler.run.watch import Saved, Watching, watch
from reconciler.run.workplace import Workplace

SHOWN_FILES = 3


def watched(place: Workplace, asked: Asked, *, verbose: bool) -> int:
    """Rounds until Ctrl-C, which is how this ends well."""
    lines = Lines(place.settings.environ)
    try:
        asyncio.run(rounds(place, asked, saved_files(place.repository.folder), lines, verbose=verbose))
    except KeyboardInterrupt:
        lines.print([()])
    return Exit.DONE


async def rounds(place: Workplace, asked: Asked, saved: Saved, lines: Lines, *, verbose: bool) -> None:
    """Shows the rounds, one below the other."""
    cases = CaseLines(lines, verbose=verbose)

    def now() -> str:
        return f"{place.clock().astimezone():%H:%M:%S}"

    def began(files: frozenset[str]) -> None:
        if files:
            # Editors save by way of files that are gone again.
            left = [file for file in files if (place.repository.folder / file).exists()]
            lines.print([(), ((_named(left or files), "cyan"),)])

    def ended(tested: Tested, seconds: float) -> None:
        cases.close()
        if tested.outcomes:
            if tested.coverage:
                lines.console.print(coverage_table(tested.coverage))
            lines.print(summary_lines(tested.outcomes, seconds, at=now()))
        else:
            lines.print([((f"{now()}  no case depends on this", "dim"),)])

    def stuck(problem: ReconcilerError) -> None:
        cases.close()
        show_problem(problem)
        lines.print([((f"{now()}  waiting until that is mended", "dim"),)])

    try:
        await watch(place, asked, saved, Watching(began, cases.listening, ended, stuck))
    finally:
        cases.close()


def _named(files: Collection[str]) -> str:
    first = ", ".join(map(visible, sorted(files)[:SHOWN_FILES]))
    return first + (f" and {len(files) - SHOWN_FILES} more" if len(files) > SHOWN_FILES else "")
