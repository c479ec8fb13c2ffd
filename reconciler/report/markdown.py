"""Renders a plan for a pull request. Code cannot break out of its fence."""

from __future__ import annotations

from reconciler.model.plan import Plan, Verdict
from reconciler.report import plan as pieces
from reconciler.report.fences import prose, span
from reconciler.report.pipeline.budget import Page, whole_page
from reconciler.report.pipeline.plan import blocks, remarks
from reconciler.report.visible import visible


def plan_markdown(plan: Plan, verdict: Verdict = pieces.SILENT) -> str:
    """The whole plan as GitHub-flavoured markdown: the count first, one collapsible block per change."""
    words, checksum = pieces.approval_line(plan)
    head = f"### {span(visible(pieces.title(plan)))}\n\n**{pieces.summary(plan)}**"
    tail = f"{words} `{checksum}`" if checksum else prose(words)
    return whole_page(Page(head, remarks(plan, verdict), blocks(plan), tail)) + "\n"
