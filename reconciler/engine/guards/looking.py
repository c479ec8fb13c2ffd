"""What several guards look at."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.module import LiveModule
from reconciler.model.plan import ActionChange, ModuleChange, Plan
from reconciler.model.tenant import Live, LiveAction


def updates(plan: Plan, live: Live) -> Iterator[tuple[ActionChange, LiveAction]]:
    """Everything that is there and is changed or rolled back, with what is there."""
    for change, there in touched(plan, live):
        if change.kind in ("update", "rollback"):
            yield change, there


def touched(plan: Plan, live: Live) -> Iterator[tuple[ActionChange, LiveAction]]:
    """Everything that is there and is changed, rolled back or deleted, with what is there."""
    for change in plan.actions:
        there = live.action(change.name)
        if change.kind != "create" and there is not None:
            yield change, there


def module_updates(plan: Plan, live: Live) -> Iterator[tuple[ModuleChange, LiveModule]]:
    """Every change of a module that is there, with what is there."""
    for change in plan.modules:
        there = live.module(change.name)
        if change.kind == "update" and there is not None:
            yield change, there


def action_file(name: str) -> str:
    """Where git says what an action is made of."""
    return f"actions/{name}/action.yaml"


def module_file(name: str) -> str:
    """Where git says what a module is made of."""
    return f"modules/{name}/module.yaml"


def deployed(plan: Plan) -> Iterator[ActionChange]:
    """Every change that makes a version of what git says. A version that is rolled back to is none of them: a way back
    is not held up by what is wrong with what was there before."""
    for change in plan.actions:
        if change.kind in ("create", "update") and change.deploy:
            yield change


def rolled_back(plan: Plan) -> Iterator[ActionChange]:
    """Every change that makes an earlier version run again."""
    return (change for change in plan.actions if change.kind == "rollback")
