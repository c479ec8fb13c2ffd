"""What a command did to several tenants."""

from typing import Any, Literal

from reconciler.model.frozen import Frozen


class Problem(Frozen):
    """Why a tenant failed: what is wrong, the way out, and every detail, one line each."""

    message: str
    remedy: str = ""
    details: tuple[str, ...] = ()


class TenantResult(Frozen):
    """What became of one tenant.

    `exit_code` is what the command would have ended with for it alone. `changes` counts what differs; of drift, the
    findings that count. `refused` names the guards that refuse, `versions` tells each version made or to be made.
    `outcome` is what the command prints as JSON for one tenant, None where there is a `problem` or nothing was tried.
    """

    tenant: str
    result: Literal[
        "nothing to change", "changes", "refused", "applied", "declined", "no drift", "drift", "failed", "not tried"
    ]
    exit_code: int = 0
    changes: int = 0
    refused: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    problem: Problem | None = None
    outcome: dict[str, Any] | None = None


class Results(Frozen):
    """Every tenant that was meant, in the order in which they had their turns."""

    tenants: tuple[TenantResult, ...]
