"""The order in which a commit reaches the tenants."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.desired.load import Documents
from reconciler.desired.tree import ROOT_FILE
from reconciler.desired.validation import did_you_mean
from reconciler.errors import Diagnostic


def promotion_problems(documents: Documents) -> Iterator[Diagnostic]:
    """Names of `promote` that no tenant has, or that stand in it twice."""
    if not documents.repository:
        return
    order = documents.repository.document.promote
    for at, name in enumerate(order):
        place = documents.repository.span("promote", at)
        if name not in documents.tenants and not _broken(documents, name):
            message = f"there is no tenant '{name}'{did_you_mean(name, documents.tenants)}"
            yield Diagnostic(place, message, f"Tenants: {', '.join(sorted(documents.tenants)) or 'none'}.")
        elif name in order[:at]:
            yield Diagnostic(place, f"tenant '{name}' stands in `promote` twice.", f"Name it once in {ROOT_FILE}.")


def _broken(documents: Documents, name: str) -> bool:
    """Whether there is a file that cannot be read: that is told already."""
    return f"tenants/{name}.yaml" in documents.tree.paths
