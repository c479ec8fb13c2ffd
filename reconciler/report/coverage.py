"""How much of the code ran in a test run: for people, and as lcov."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.table import Table
from rich.text import Text

from reconciler.engine.coverage import percent
from reconciler.model.coverage import FileCoverage

STRETCHES = 8
"""How many places a row names."""
GOOD, FAIR = 90, 60


def coverage_table(files: Sequence[FileCoverage]) -> Table:
    """A row for each action and module, and one for all."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("coverage")
    table.add_column("lines %", justify="right")
    table.add_column("branches %", justify="right")
    table.add_column("did not run")
    for each in files:
        lines, branches = _share(each.lines_hit, len(each.lines)), _share(each.branches_hit, len(each.branches))
        table.add_row(each.owner, lines, branches, missing_text(each))
    if len(files) > 1:
        table.add_row("all", *(Text(share, "bold") for share in _all(files)), "")
    return table


def coverage_rows(files: Sequence[FileCoverage]) -> Iterator[tuple[str, str, str, str]]:
    """Owner, percent of lines, percent of branches, what did not run; the last one of all together."""
    for each in files:
        lines, branches = percent(each.lines_hit, len(each.lines)), percent(each.branches_hit, len(each.branches))
        yield each.owner, lines, branches, missing_text(each)
    if len(files) > 1:
        yield "all", *_all(files), ""


def missing_text(each: FileCoverage) -> str:
    """`4-6, 12, branch at 15`: the lines that did not run, and where a branch was not taken in one that did; of many
    only the first."""
    ran = {number for number, count in each.lines if count}
    parts = [f"{first}" if first == last else f"{first}-{last}" for first, last in each.uncovered]
    untaken = sorted({branch.line for branch in each.branches if not branch.count and branch.line in ran})
    parts += [f"branch at {line}" for line in untaken]
    more = len(parts) - STRETCHES
    return ", ".join(parts[:STRETCHES]) + (f" and {more} more" if more > 0 else "")


def lcov_text(files: Sequence[FileCoverage], prefix: str) -> str:
    """A tracefile as genhtml and Codecov read it (geninfo(1)); `prefix` leads from the top of the git repository to the
    files. Each branch is a block of its own, as Node writes them."""
    return "".join(f"{line}\n" for each in files for line in _record(each, prefix))


def _record(each: FileCoverage, prefix: str) -> Iterator[str]:
    yield "TN:"
    yield f"SF:{prefix}{each.file}"
    for number, branch in enumerate(each.branches):
        yield f"BRDA:{branch.line},{number},0,{branch.count}"
    yield f"BRF:{len(each.branches)}"
    yield f"BRH:{each.branches_hit}"
    yield from (f"DA:{number},{count}" for number, count in each.lines)
    yield f"LF:{len(each.lines)}"
    yield f"LH:{each.lines_hit}"
    yield "end_of_record"


def _all(files: Sequence[FileCoverage]) -> tuple[str, str]:
    lines = sum(each.lines_hit for each in files), sum(len(each.lines) for each in files)
    branches = sum(each.branches_hit for each in files), sum(len(each.branches) for each in files)
    return percent(*lines), percent(*branches)


def _share(hit: int, found: int) -> Text:
    of_hundred = hit * 100 / found if found else 100
    style = "green" if of_hundred >= GOOD else "yellow" if of_hundred >= FAIR else "red"
    return Text(percent(hit, found), style)
