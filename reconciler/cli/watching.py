"""`reconciler test --watch`: rounds of cases, for somebody who looks at a terminal."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from rich.console import Console
from rich.text import Text

from reconciler.cli.case_lines import CaseLines
from reconciler.cli.console import stdout
from reconciler.cli.problems import show_problem
from reconciler.cli.saved import saved_files
from reconciler.errors import Exit, ReconcilerError
from reconciler.report.cases import summary_text
from reconciler.report.coverage import coverage_table
from reconciler.report.visible import visible
from reconciler.run.cases import Asked, Tested
from reconciler.run.watch import Saved, Watching, watch
from reconciler.run.workplace import Workplace

SHOWN_FILES = 3


def watched(place: Workplace, asked: Asked, *, verbose: bool) -> int:
    """Rounds until Ctrl-C, which is how this ends well."""
    try:
        asyncio.run(rounds(place, asked, saved_files(place.repository.folder), stdout(), verbose=verbose))
    except KeyboardInterrupt:
        stdout().print()
    return Exit.DONE


async def rounds(place: Workplace, asked: Asked, saved: Saved, console: Console, *, verbose: bool) -> None:
    """Shows the rounds, one below the other."""
    lines = CaseLines(console, verbose=verbose)

    def now() -> str:
        return f"{place.clock().astimezone():%H:%M:%S}"

    def began(files: frozenset[str]) -> None:
        if files:
            # Editors save by way of files that are gone again.
            left = [file for file in files if (place.repository.folder / file).exists()]
            console.print(Text(f"\n{_named(left or files)}", "cyan"))

    def ended(tested: Tested, seconds: float) -> None:
        lines.close()
        if tested.outcomes:
            if tested.coverage:
                console.print(coverage_table(tested.coverage))
            console.print(summary_text(tested.outcomes, seconds, at=now()))
        else:
            console.print(Text(f"{now()}  no case depends on this", "dim"))

    def stuck(problem: ReconcilerError) -> None:
        lines.close()
        show_problem(problem)
        console.print(Text(f"{now()}  waiting until that is mended", "dim"))

    try:
        await watch(place, asked, saved, Watching(began, lines.listening, ended, stuck))
    finally:
        lines.close()


def _named(files: Collection[str]) -> str:
    first = ", ".join(map(visible, sorted(files)[:SHOWN_FILES]))
    return first + (f" and {len(files) - SHOWN_FILES} more" if len(files) > SHOWN_FILES else "")
