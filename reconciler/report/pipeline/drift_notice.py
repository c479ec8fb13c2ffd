"""What a webhook is told of drift, as Slack and those that speak like it take it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from reconciler.model.drift import Finding
from reconciler.report.pipeline.block import clipped
from reconciler.report.pipeline.findings import counted
from reconciler.report.visible import visible

What = Literal["opened", "changed", "closed"]

_SECTION = 2_800
"""Characters; Slack refuses a section of more than 3,000."""
_LISTED = 10
_WORDS = {"opened": "Drift in tenant", "changed": "Drift changed in tenant", "closed": "No more drift in tenant"}


def drift_notice(what: What, tenant: str, reported: Sequence[Finding], url: str) -> dict[str, Any]:
    """The message; `url` leads to where people read more. Names of others can neither call nor link anybody: Slack
    takes commands only between angle brackets, and makes no links of its own where it is told to take the text as it
    stands."""
    counts = f": {counted([each.severity for each in reported])}" if reported and what != "closed" else ""
    headline = f"{_WORDS[what]} {_escaped(tenant)}{counts}"
    listed = [f"• {each.severity} {_escaped(each.what)}" for each in reported[:_LISTED]] if what != "closed" else []
    if what != "closed" and len(reported) > _LISTED:
        listed.append(f"… and {len(reported) - _LISTED} more")
    sections = [f"*{headline}*", "\n".join(clipped(line, 240) for line in listed), f"<{url}|Read more>" if url else ""]
    blocks = [_section(text) for text in sections if text]
    return {"text": headline, "blocks": blocks}


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text[:_SECTION], "verbatim": True}}


def _escaped(text: str) -> str:
    """Slack: "you must escape three characters": &, < and >."""
    shown = visible(" ".join(text.split()))
    return shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
