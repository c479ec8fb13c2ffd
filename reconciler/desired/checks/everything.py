"""All checks at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from reconciler.desired.checks.actions import action_problems
from reconciler.desired.checks.cases import case_notices, case_problems
from reconciler.desired.checks.drift import drift_problems, ended_ignores
from reconciler.desired.checks.flow_cases import flow_case_problems, leftover_snapshots
from reconciler.desired.checks.flows import flow_problems
from reconciler.desired.checks.guards import ended_permissions, guard_problems
from reconciler.desired.checks.limits import limit_problems, tenant_limit_problems
from reconciler.desired.checks.logins import login_problems
from reconciler.desired.checks.modules import module_problems, module_secret_problems, use_problems
from reconciler.desired.checks.overrides import override_problems
from reconciler.desired.checks.promotion import promotion_problems
from reconciler.desired.checks.secrets import secret_problems, unset_secrets
from reconciler.desired.load import Documents, LoadedAction, LoadedModule
from reconciler.desired.lock import FILE as LOCK_FILE
from reconciler.desired.lock import stale
from reconciler.desired.tenant_view import tenant_view
from reconciler.errors import Diagnostic, Span


def problems(
    documents: Documents, tenants: Iterable[str] | None = None, *, to_run: bool = False
) -> tuple[Diagnostic, ...]:
    """Every problem of a repository that files alone show, for some tenants or all; sorted, each once. With `to_run`
    not those that only a deploy minds: secrets without a value, and a lock that has a module as it was before.

    Needs no key, no Node and no network.
    """
    found = [
        *documents.diagnostics,
        *action_problems(documents),
        *case_problems(documents),
        *flow_problems(documents),
        *flow_case_problems(documents),
        *limit_problems(documents),
        *module_problems(documents),
        *promotion_problems(documents),
        *_packages(documents),
    ]
    if not to_run and _is_sound(documents):
        found += use_problems(documents)
    for name in sorted(documents.tenants) if tenants is None else sorted(tenants):
        if name in documents.tenants:
            view = tenant_view(documents, name)
            found += [*override_problems(documents, view), *secret_problems(view), *guard_problems(view)]
            found += [
                *drift_problems(view),
                *tenant_limit_problems(view),
                *login_problems(view),
                *module_secret_problems(view),
                *(() if to_run else unset_secrets(view)),
            ]
    return tuple(sorted(set(found)))


def notices(documents: Documents, today: date) -> tuple[Diagnostic, ...]:
    """What nothing is wrong with and people should know all the same: words of tenant files whose time is over, and
    snapshots of cases that are gone."""
    views = [tenant_view(documents, name) for name in sorted(documents.tenants)]
    ended = (found for view in views for check in (ended_permissions, ended_ignores) for found in check(view, today))
    return tuple(
        sorted(
            {
                each._replace(severity="warning")
                for each in (*ended, *leftover_snapshots(documents), *case_notices(documents))
            }
        )
    )


def _is_sound(documents: Documents) -> bool:
    """Whether the lock file can be read."""
    return all(problem.span.file != LOCK_FILE for problem in documents.diagnostics)


def _packages(documents: Documents) -> Iterable[Diagnostic]:
    if not _is_sound(documents):
        return ()
    lock = documents.lock
    owners: dict[str, LoadedAction | LoadedModule] = {one.document.name: one for one in documents.actions}
    owners |= {f"modules/{one.document.name}": one for one in documents.modules}
    kept = lock.model_copy(
        update={
            "actions": {name: one for name, one in lock.actions.items() if name not in documents.broken},
            "modules": {name: one for name, one in lock.modules.items() if name not in documents.broken_modules},
        }
    )

    def place(owner: str, package: str) -> Span:
        return owners[owner].located.key("dependencies", package)

    return stale(kept, documents.ranges(), place, text=documents.lock_text)
