"""Takes the lock of a tenant for a command that writes to it."""

from __future__ import annotations

from reconciler.cli.console import stderr
from reconciler.report.text import event_text
from reconciler.run.tenant_lock import TenantLock
from reconciler.run.workplace import Workplace


def tenant_lock(place: Workplace, doing: str, wait: float) -> TenantLock:
    """The lock of a command that writes to a tenant, not taken yet; `doing` names the command for whoever waits."""
    return TenantLock(
        place.settings.locks,
        who=f"{doing} of {place.settings.user}",
        wait=wait,
        notify=lambda event: stderr().print(event_text(event)),
        clock=place.clock,
    )
