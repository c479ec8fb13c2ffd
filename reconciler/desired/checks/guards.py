"""The guards that a tenant file lets pass."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from reconciler.desired.tenant_view import TenantView
from reconciler.desired.validation import did_you_mean
from reconciler.engine.guard_words import GUARDS
from reconciler.errors import Diagnostic


def guard_problems(view: TenantView) -> Iterable[Diagnostic]:
    """Names that no guard has: nothing would be allowed, though somebody believes it is. And names that are there
    twice, for then one of the reasons would be told and the other not."""
    seen: set[str] = set()
    for at, entry in enumerate(view.located.document.guards.allow):
        place = view.located.span("guards", "allow", at, "guard")
        if entry.guard not in GUARDS:
            message = f"there is no guard '{entry.guard}'{did_you_mean(entry.guard, GUARDS)}"
            yield Diagnostic(place, message, "`reconciler plan --help` names them.")
        elif entry.guard in seen:
            yield Diagnostic(place, f"the guard '{entry.guard}' is allowed twice.", "Keep one of them.")
        seen.add(entry.guard)


def ended_permissions(view: TenantView, today: date) -> Iterable[Diagnostic]:
    """What was allowed for a time that is over. Nothing is wrong with the file for it: the guards refuse again."""
    for at, entry in enumerate(view.located.document.guards.allow):
        if entry.until and entry.until < today:
            yield Diagnostic(
                view.located.span("guards", "allow", at, "until"),
                f"the guard '{entry.guard}' was allowed until {entry.until}, and refuses again.",
                "Remove the entry, or give it a new day.",
            )
