"""An action finds the version of a module that git wants it to use."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.engine.guards.facts import Facts
from reconciler.engine.guards.looking import action_file, deployed, rolled_back
from reconciler.model.plan import Plan, Refusal
from reconciler.model.tenant import Live


def refusals(plan: Plan, live: Live, facts: Facts) -> Iterator[Refusal]:
    if live.modules is None:
        yield from _without_the_feature(plan)
        return
    there = {(module.name, version.number) for module in live.modules for version in module.versions}
    there |= {(change.name, change.number) for change in plan.modules if change.publish}
    for change in (*deployed(plan), *rolled_back(plan)):
        for use in change.after.modules if change.after else ():
            if (use.name, use.number) not in there:
                number = f"version {use.number} of " if use.number else ""
                yield Refusal(
                    guard="missing-module",
                    message=f"{change.name} uses {number}the module {use.name}, which neither the tenant has nor this "
                    "plan publishes.",
                    remedy="Choose another version to go back to."
                    if change.kind == "rollback"
                    else f"Name a version that it has (`reconciler versions modules/{use.name}`), or latest.",
                    place=action_file(change.name),
                )


def _without_the_feature(plan: Plan) -> Iterator[Refusal]:
    names = {change.name for change in plan.modules}
    names |= {use.name for change in deployed(plan) if change.after for use in change.after.modules}
    if names:
        yield Refusal(
            guard="missing-module",
            message=f"The tenant does not have the feature Modules, and git has {', '.join(sorted(names))}.",
            remedy=f"Have it switched on, or leave them out by `enabled: false` in tenants/{plan.tenant}.yaml.",
        )
