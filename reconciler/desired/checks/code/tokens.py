"""Literals that look like the tokens of well-known services."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.desired.checks.code.source import Source
from reconciler.engine import leaks
from reconciler.errors import Diagnostic, Span


def token_findings(source: Source) -> Iterator[Diagnostic]:
    """Each token by its kind and place, never by its text."""
    for line, column, kind in leaks.tokens(source.owner.code or ""):
        remedy = "Take it for leaked: change it, and refer to the new one as a secret."
        yield source.finding("R023", Span(source.file, line, column), f"this looks like {kind}.", remedy)
