"""Renders drift for an issue or a step summary. What the tenant says cannot break out, and mentions nobody."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from reconciler.model.drift import Drift, Finding
from reconciler.report import drift as pieces
from reconciler.report.fences import fenced, quiet, span
from reconciler.report.visible import visible


def drift_markdown(drift: Drift) -> str:
    """The whole report: the count first, one collapsible block per finding."""
    return "\n".join(_lines(drift)) + "\n"


def _lines(drift: Drift) -> Iterator[str]:
    yield f"### {quiet(visible(pieces.title(drift)))}"
    yield ""
    yield f"**{pieces.summary(drift)}**"
    for sentence in (*drift.unknown, *drift.ended):
        yield f"\n> {quiet(visible(sentence))}"
    for finding in drift.findings:
        yield from _finding(finding)


def _finding(finding: Finding) -> Iterator[str]:
    # The summary is HTML up to the first empty line, so markdown means nothing in it.
    yield f"\n<details><summary><code>{escape(visible(pieces.heading(finding)))}</code></summary>\n"
    yield quiet(visible(finding.what))
    yield ""
    yield from (f"- {label}: {span(visible(text))}" for label, text in pieces.facts(finding))
    if finding.diff:
        yield ""
        yield from fenced([visible(line) for line in finding.diff])
    if finding.state == "open":
        yield ""
        yield from (
            f"- {way.way}: {span(visible(way.text)) + ' ' if way.text else ''}{way.note}" for way in finding.ways
        )
    yield "\n</details>"
