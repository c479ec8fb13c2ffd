"""A secret that git expects in the tenant is there."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.engine.guards.facts import Facts
from reconciler.engine.guards.looking import action_file, module_file
from reconciler.model.plan import Plan, Refusal
from reconciler.model.tenant import Live


def refusals(plan: Plan, live: Live, facts: Facts) -> Iterator[Refusal]:
    for kept in plan.kept:
        there = live.action(kept.name) if kept.kind == "action" else live.module(kept.name)
        if there is None or kept.secret not in {stamp.name for stamp in there.draft.secrets}:
            yield Refusal(
                guard="missing-secret",
                message=f"{kept.name} keeps the secret {kept.secret}, which the tenant does not have.",
                remedy="Set it in the tenant, once there is what it belongs to, or give it a value in git.",
                place=(action_file if kept.kind == "action" else module_file)(kept.name),
            )
