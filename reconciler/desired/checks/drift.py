"""The findings of drift that a tenant file says to ignore."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import get_args

from reconciler.desired.tenant_view import TenantView
from reconciler.desired.validation import did_you_mean
from reconciler.errors import Diagnostic
from reconciler.model.drift import Kind

KINDS: tuple[str, ...] = get_args(Kind)


def drift_problems(view: TenantView) -> Iterable[Diagnostic]:
    """Entries that no finding will ever have the id of, and those that are there twice."""
    seen: set[str] = set()
    for at, entry in enumerate(view.located.document.drift.ignore):
        place = view.located.span("drift", "ignore", at, "finding")
        kind, colon, _ = entry.finding.partition(":")
        if kind not in KINDS and not set("*?") & set(kind):
            message = f"there is no kind of finding '{kind}'{did_you_mean(kind, KINDS)}"
            yield Diagnostic(place, message, "Take the id that `reconciler drift` shows.")
        elif not colon and kind in KINDS:
            message = f"'{kind}' is a kind of finding, not the id of one."
            yield Diagnostic(place, message, f"Name one, such as {kind}:NAME, or all of them: {kind}:*.")
        elif entry.finding in seen:
            yield Diagnostic(place, f"the finding '{entry.finding}' is ignored twice.", "Keep one of them.")
        seen.add(entry.finding)


def ended_ignores(view: TenantView, today: date) -> Iterable[Diagnostic]:
    """What was ignored for a time that is over. Nothing is wrong with the file for it: the finding counts again."""
    for at, entry in enumerate(view.located.document.drift.ignore):
        if entry.until < today:
            yield Diagnostic(
                view.located.span("drift", "ignore", at, "until"),
                f"the finding '{entry.finding}' was ignored until {entry.until}, and counts again.",
                "Remove the entry, or give it a new day.",
            )
