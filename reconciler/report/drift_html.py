"""Renders drift as one HTML file that needs nothing else: no request leaves it, and nothing in it can run but its own
script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from reconciler.model.drift import SEVERITIES, Drift, Finding
from reconciler.report import drift as pieces
from reconciler.report.side_by_side import FileDiff, files
from reconciler.report.visible import visible

STYLE, SCRIPT = "drift.css", "drift.js"


def drift_html(drift: Drift) -> str:
    """The whole report. Every value is escaped; styles and script are let in by their digests alone."""
    environment = _environment()
    style, script = _source(environment, STYLE), _source(environment, SCRIPT)
    html: str = environment.get_template("drift.html").render(
        policy=f"default-src 'none'; style-src {_digest(style)}; script-src {_digest(script)}; base-uri 'none'",
        style=Markup(style),
        script=Markup(script),
        drift=drift,
        title=pieces.title(drift),
        summary=pieces.summary(drift),
        tiles=_tiles(drift),
        kinds=sorted({finding.kind for finding in drift.findings}),
        severities=SEVERITIES,
        facts=pieces.facts,
        files=_files,
        searched=_searched,
    )
    return html


def _tiles(drift: Drift) -> list[tuple[str, int]]:
    """(what is counted, how many)"""
    counts = [(severity, sum(each.severity == severity for each in drift.open)) for severity in SEVERITIES]
    rest = [(state, sum(each.state == state for each in drift.findings)) for state in ("ignored", "settled")]
    return [(str(name), count) for name, count in counts] + [(name, count) for name, count in rest if count]


def _files(finding: Finding) -> tuple[FileDiff, ...]:
    return files(finding.diff)


def _searched(finding: Finding) -> str:
    """What the filter looks for words in."""
    who: Iterable[str] = (pieces.author(by) for by in finding.by)
    return " ".join([finding.id, finding.what, *finding.flows, *who]).lower()


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("reconciler.report", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["visible"] = visible
    made.filters["prose"] = _prose
    return made


def _prose(text: str) -> Markup:
    """The text, what stands between backticks as code."""
    parts = visible(text).split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if at % 2 and at < len(parts) - 1 else escape(part)
        for at, part in enumerate(parts)
    )


def _source(environment: Environment, name: str) -> str:
    assert environment.loader is not None
    return environment.loader.get_source(environment, name)[0]


def _digest(source: str) -> str:
    digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
    return f"'sha256-{digest}'"
