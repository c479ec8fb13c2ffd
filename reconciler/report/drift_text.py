"""Renders drift for a terminal. What the tenant says (names, code, user agents) cannot steer the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from reconciler.model.drift import Drift, Finding
from reconciler.report import drift as pieces
from reconciler.report.visible import visible

COLOURS = {"high": "red", "medium": "yellow", "low": "cyan"}
DIFF = {"+": "green", "-": "red", "@": "cyan"}


def drift_text(drift: Drift) -> RenderableType:
    """Everything found, the worst first, each with its diff and the ways out; then what could not be told, and the
    count."""
    parts: list[RenderableType] = [_text(pieces.title(drift), "bold"), Text()]
    for finding in drift.findings:
        parts += [_finding(finding), Text()]
    parts += [_text(f"unknown: {sentence}", "yellow") for sentence in drift.unknown]
    parts += [_text(sentence, "yellow") for sentence in drift.ended]
    parts.append(_text(pieces.summary(drift), "bold"))
    return Group(*parts)


def _finding(finding: Finding) -> RenderableType:
    style = COLOURS[finding.severity] if finding.state == "open" else "dim"
    lines = [_text(pieces.heading(finding), f"bold {style}".strip()), _text(f"    {finding.what}")]
    lines += [_text(f"    {label + ':':<9} {text}", "dim") for label, text in pieces.facts(finding)]
    lines += [_text(f"    {line}", DIFF.get(line[:1], "")) for line in finding.diff]
    return Group(*lines, *(_ways(finding) if finding.state == "open" else ()))


def _ways(finding: Finding) -> Iterator[RenderableType]:
    for way in finding.ways:
        told = f"{way.text}  # {way.note}" if way.text else way.note
        yield _text(f"    {way.way + ':':<9} {told}")


def _text(line: str, style: str = "") -> Text:
    return Text(visible(line), style)
