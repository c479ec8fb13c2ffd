"""Renders a plan for a pull request. Code cannot break out of its fence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

from reconciler.model.plan import FlowChange, Plan, Verdict
from reconciler.report import plan as pieces


def plan_markdown(plan: Plan, verdict: Verdict = pieces.SILENT) -> str:
    """The whole plan as GitHub-flavoured markdown: the count first, one collapsible block per change."""
    return "\n".join(_lines(plan, verdict)) + "\n"


def _lines(plan: Plan, verdict: Verdict) -> Iterator[str]:
    yield f"### {_escaped(pieces.title(plan))}"
    yield ""
    yield f"**{pieces.summary(plan)}**"
    for line in pieces.said(verdict):
        yield f"\n> {_escaped(line)}"
    for change in pieces.changes(plan):
        yield from _change(change)
    for flow in plan.flows:
        yield from _flow(flow)
    yield from (f"\n<code>{escape(line)}</code>" for line in pieces.adopted(plan))
    if not plan.empty:
        yield f"\nChecksum: `{pieces.checksum(plan)}`"


def _change(change: pieces.Change) -> Iterator[str]:
    yield f"\n<details><summary><code>{escape(pieces.headline(change))}</code></summary>\n"
    yield from _fenced([*pieces.facts(change), *pieces.code_diff(change)])
    yield "\n</details>"


def _flow(change: FlowChange) -> Iterator[str]:
    yield f"\n<details><summary><code>{escape(pieces.flow_headline(change))}</code></summary>\n"
    yield from _fenced(["before", *pieces.numbered(change.before), "", "after", *pieces.numbered(change.after)], "text")
    yield "\n</details>"


def _fenced(lines: Sequence[str], language: str = "diff") -> Iterator[str]:
    # A fence longer than any run of backticks inside cannot be closed from inside.
    longest = max((len(run) for line in lines for run in re.findall(r"`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    yield f"{fence}{language}"
    yield from lines
    yield fence


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_\[\]|#])", r"\\\1", escape(text, quote=False))
