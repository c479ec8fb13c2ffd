"""What an apply made of its plan, but for what failed in one that kept going."""

from __future__ import annotations

from reconciler.model.plan import ModuleChange, Plan
from reconciler.run.hands import Applied
from reconciler.run.module_journal import label


def published(plan: Plan, applied: Applied) -> tuple[ModuleChange, ...]:
    """The modules of which a version was made."""
    failed = _failed(applied)
    return tuple(change for change in plan.modules if change.publish and label(change) not in failed)


def deleted(plan: Plan, applied: Applied) -> tuple[str, ...]:
    """What is gone, as people are told of it: actions by name, then modules."""
    doomed = [change.name for change in plan.actions if change.kind == "delete"]
    doomed += [label(change) for change in plan.modules if change.kind == "delete"]
    failed = _failed(applied)
    return tuple(name for name in doomed if name not in failed)


def _failed(applied: Applied) -> frozenset[str]:
    return frozenset(failure.name for failure in applied.failed)
