"""Renders a plan for a pull request. Code cannot break out of its fence."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from reconciler.model.plan import FlowChange, Plan, Verdict
from reconciler.report import plan as pieces
from reconciler.report.fences import fenced, quiet
from reconciler.report.visible import visible


def plan_markdown(plan: Plan, verdict: Verdict = pieces.SILENT) -> str:
    """The whole plan as GitHub-flavoured markdown: the count first, one collapsible block per change."""
    return "\n".join(_lines(plan, verdict)) + "\n"


def _lines(plan: Plan, verdict: Verdict) -> Iterator[str]:
    yield f"### {quiet(visible(pieces.title(plan)))}"
    yield ""
    yield f"**{pieces.summary(plan)}**"
    for line in pieces.said(verdict):
        yield f"\n> {quiet(visible(line))}"
    for change in pieces.changes(plan):
        yield from _change(change, pieces.before_of(plan))
    for flow in plan.flows:
        yield from _flow(flow)
    yield from (f"\n<code>{escape(visible(line))}</code>" for line in pieces.adopted(plan))
    words, checksum = pieces.approval_line(plan)
    if words:
        yield f"\n{quiet(visible(words))}" + (f" `{checksum}`" if checksum else "")


def _change(change: pieces.Change, before: str) -> Iterator[str]:
    yield f"\n<details><summary><code>{escape(visible(pieces.headline(change)))}</code></summary>\n"
    yield from fenced([visible(line) for line in (*pieces.facts(change), *pieces.code_diff(change, before))])
    yield "\n</details>"


def _flow(change: FlowChange) -> Iterator[str]:
    yield f"\n<details><summary><code>{escape(visible(pieces.flow_headline(change)))}</code></summary>\n"
    lines = ["before", *pieces.numbered(change.before), "", "after", *pieces.numbered(change.after)]
    yield from fenced([visible(line) for line in lines], "text")
    yield "\n</details>"
