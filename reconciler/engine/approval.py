"""What is approved when a plan is approved: everything that an apply of it does, told by one number.

Left out is what says the same thing in other words. The commit: a squash merge gives the same content another one. The
tool and the format's name for people (`Why`), which steer nothing. What is in git and in the tenant alike.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from reconciler.engine.signing import NO_COMMIT
from reconciler.model.plan import Plan, PlanDocument, Verdict


def checksum(plan: Plan) -> str:
    """64 hex digits: SHA-256 over format, repository, tenant, what was seen in it, and every change to it. Empty for a
    plan that was made without a tenant: there is nothing to approve."""
    if plan.against:
        return ""
    return hashlib.sha256(_text(_acts(plan)).encode()).hexdigest()


def alike(plan: Plan, again: Plan) -> bool:
    """Whether two plans do the very same, their commits included."""
    return plan.commit == again.commit and checksum(plan) == checksum(again)


def document(plan: Plan, verdict: Verdict) -> PlanDocument:
    """The plan as it is saved and printed as JSON."""
    fields = {name: getattr(plan, name) for name in Plan.model_fields}
    return PlanDocument(**fields, checksum=checksum(plan), guards=verdict)


def _acts(plan: Plan) -> dict[str, Any]:
    told = plan.model_dump(mode="json", include=Plan.model_fields.keys() - {"tool", "commit", "unstamped", "against"})
    for change in (*told["modules"], *told["actions"]):
        del change["why"]
        # A commit that is not the plan's own would be a forged one: it stays in, and is seen.
        if _is_signed_anew(change) and change["provenance"]["commit"] in (plan.commit, NO_COMMIT):
            del change["provenance"]["commit"]
    return told


def _is_signed_anew(change: dict[str, Any]) -> bool:
    """Whether it makes a version of what git says: what is put back keeps the commit that it has."""
    made = change["kind"] in ("create", "update") and (change["deploy"] if "deploy" in change else change["publish"])
    return bool(made and change["provenance"])


def _text(acts: dict[str, Any]) -> str:
    return json.dumps(acts, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
