"""The guards that a tenant file lets pass."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.desired.tenant_view import TenantView
from reconciler.desired.validation import did_you_mean
from reconciler.engine.guards import GUARDS
from reconciler.errors import Diagnostic


def guard_problems(view: TenantView) -> Iterable[Diagnostic]:
    """Names that no guard has: nothing would be allowed, though somebody believes it is."""
    for at, entry in enumerate(view.located.document.guards.allow):
        if entry.guard not in GUARDS:
            message = f"there is no guard '{entry.guard}'{did_you_mean(entry.guard, GUARDS)}"
            yield Diagnostic(
                view.located.span("guards", "allow", at, "guard"), message, f"Guards: {', '.join(GUARDS)}."
            )
