"""Findings of drift in what a pipeline tells: as rows of a table, and each as a block to unfold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from reconciler.model.drift import SEVERITIES, Finding, Severity
from reconciler.model.sighting import Sighting
from reconciler.report import drift as pieces
from reconciler.report.fences import quiet, span
from reconciler.report.numbers import number_of
from reconciler.report.pipeline.block import Block, block, clipped, utf8_size
from reconciler.report.visible import visible

_CELL = 160
"""Characters in a cell of the table: who did it may have any user agent."""
_HEAD = ("| severity | finding | who | since | runs in |", "|---|---|---|---|---|")


def counted(severities: Sequence[Severity]) -> str:
    """`3 findings (1 high, 2 low)`"""
    counts = ((severity, severities.count(severity)) for severity in SEVERITIES)
    told = ", ".join(f"{count} {severity}" for severity, count in counts if count)
    return f"{number_of(len(severities), 'finding')} ({told})"


def finding_table(findings: Iterable[Finding], doubtful: Iterable[Sighting], size: int) -> str:
    """What was found, one row each, in at most so many bytes; `doubtful` is what was told before, of which nobody knows
    whether it is still there."""
    rows = [*(_row(finding) for finding in findings), *(_unknown_row(sighting) for sighting in doubtful)]
    kept = list(_fitting(rows, size - utf8_size("\n".join(_HEAD)) - len("\n| | … and 1000000 more | | | |")))
    left = len(rows) - len(kept)
    return "\n".join([*_HEAD, *kept, *([f"| | … and {left:,} more | | | |"] if left else [])])


def finding_block(finding: Finding, state: str = "") -> Block:
    """One finding with its diff and the ways out. `state` stands in for its severity where it does not count."""
    facts = (f"- {label}: {span(visible(text))}" for label, text in pieces.facts(finding))
    ways = _ways(finding) if finding.state == "open" else ()
    notes = (quiet(visible(finding.what)), "", *facts, *ways)
    return block(f"{state} {finding.id}" if state else pieces.heading(finding), finding.diff, notes=notes)


def _ways(finding: Finding) -> Iterator[str]:
    for way in finding.ways:
        command = span(visible(way.text)) + " " if way.text else ""
        yield f"- {way.way}: {command}{said(way.note)}"


def said(text: str) -> str:
    """A sentence of ours with names of others in it, on one line; what stands between backticks is code."""
    parts = visible(" ".join(text.split())).split("`")
    return "".join(
        span(part) if at % 2 and at < len(parts) - 1 and part else quiet(part) for at, part in enumerate(parts)
    )


def _row(finding: Finding) -> str:
    who = "; ".join(pieces.author(by) for by in finding.by) or f"unknown: {finding.by_unknown}"
    since = _prose(pieces.moment(finding.since) if finding.since else "unknown")
    cells = (finding.severity, _code(finding.id), _prose(who), since, _prose(", ".join(finding.flows) or "-"))
    return f"| {' | '.join(cells)} |"


def _unknown_row(sighting: Sighting) -> str:
    return (
        f"| {sighting.severity} | {_code(sighting.finding)} | this run could not tell whether it is still there | | |"
    )


def _code(text: str) -> str:
    return f"<code>{_prose(text)}</code>"


def _prose(text: str) -> str:
    # A bar ends a cell even within code, so that neither a span nor a backslash keeps it in.
    return quiet(visible(clipped(text, _CELL))).replace("\\|", "&#124;").replace("|", "&#124;")


def _fitting(rows: Iterable[str], size: int) -> Iterator[str]:
    for row in rows:
        size -= utf8_size(row) + 1
        if size < 0:
            return
        yield row
