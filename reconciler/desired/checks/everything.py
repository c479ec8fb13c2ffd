"""All checks at once."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.desired.checks.actions import action_problems, case_problems
from reconciler.desired.checks.flows import flow_problems
from reconciler.desired.checks.guards import guard_problems
from reconciler.desired.checks.limits import limit_problems, tenant_limit_problems
from reconciler.desired.checks.logins import login_problems
from reconciler.desired.checks.overrides import override_problems
from reconciler.desired.checks.promotion import promotion_problems
from reconciler.desired.checks.secrets import secret_problems
from reconciler.desired.load import Documents
from reconciler.desired.lock import FILE as LOCK_FILE
from reconciler.desired.lock import stale
from reconciler.desired.tenant_view import tenant_view
from reconciler.errors import Diagnostic, Span


def problems(documents: Documents, tenants: Iterable[str] | None = None) -> tuple[Diagnostic, ...]:
    """Every problem of a repository that files alone show, for some tenants or all; sorted, each once.

    Needs no key, no Node and no network.
    """
    found = [
        *documents.diagnostics,
        *action_problems(documents),
        *case_problems(documents),
        *flow_problems(documents),
        *limit_problems(documents),
        *promotion_problems(documents),
        *_lock(documents),
    ]
    for name in sorted(documents.tenants) if tenants is None else sorted(tenants):
        if name in documents.tenants:
            view = tenant_view(documents, name)
            found += [*override_problems(documents, view), *secret_problems(view), *guard_problems(view)]
            found += [*tenant_limit_problems(view), *login_problems(view)]
    return tuple(sorted(set(found)))


def _lock(documents: Documents) -> Iterable[Diagnostic]:
    if any(problem.span.file == LOCK_FILE for problem in documents.diagnostics):
        return ()
    by_name = {action.document.name: action for action in documents.actions}
    kept = documents.lock.model_copy(
        update={"actions": {name: one for name, one in documents.lock.actions.items() if name not in documents.broken}}
    )

    def place(action: str, package: str) -> Span:
        return by_name[action].located.key("dependencies", package)

    return stale(kept, documents.ranges(), place, text=documents.lock_text)
