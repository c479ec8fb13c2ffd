"""Only what is on the protected branch of a tenant is applied to it: what was not merged was not reviewed."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.engine.guards.facts import Facts
from reconciler.model.plan import Plan, Refusal
from reconciler.model.standing import Standing
from reconciler.model.tenant import Live

_SHALLOW = (
    "This clone is shallow, so that git may not see it: fetch everything (`git fetch --unshallow`, fetch-depth: 0)."
)


def refusals(plan: Plan, live: Live, facts: Facts) -> Iterator[Refusal]:
    standing = facts.standing
    if standing and not standing.on and not plan.empty:
        yield _off(standing, plan) if standing.ref else _unknown(standing, plan)


def _off(standing: Standing, plan: Plan) -> Refusal:
    return Refusal(
        guard="branch",
        message=f"Commit {plan.commit[:12]} is not on {standing.ref}, from which alone {plan.tenant} is applied.",
        remedy=_SHALLOW if standing.shallow else "Merge it first.",
    )


def _unknown(standing: Standing, plan: Plan) -> Refusal:
    return Refusal(
        guard="branch",
        message=f"Git knows no branch {standing.branch} here, from which alone {plan.tenant} is applied.",
        remedy="Check its name in the tenant file, or fetch it: "
        f"`git fetch origin {standing.branch}:refs/remotes/origin/{standing.branch}`.",
    )
