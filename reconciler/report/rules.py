"""A page of the checks of code."""

from __future__ import annotations

from reconciler.catalogue.rules import Rule


def rule_page(rule: Rule) -> str:
    """One page in Markdown, with its heading."""
    return f"# {rule.code}: {_plain(rule.title)}\n\n**{rule.severity}**\n\n{rule.page}"


def _plain(title: str) -> str:
    return title.replace("`", "")
