"""What a pipeline's apply came to for one tenant."""

from typing import Literal

from reconciler.model.approved import Approved, NothingApproved
from reconciler.model.frozen import Frozen
from reconciler.model.pipeline import DeployedVersion
from reconciler.model.plan import Plan, Verdict

Result = Literal["applied", "applied in part", "nothing to change", "not approved", "failed", "not tried", "planned"]


class Setback(Frozen):
    """What could not be done: what is wrong, the way out and every detail. `name` is the thing that it happened to,
    empty where it is all of it. `undone` and `left` say what was put back and what could not be, one sentence each."""

    name: str = ""
    message: str
    remedy: str = ""
    details: tuple[str, ...] = ()
    undone: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


class Delivery(Frozen):
    """What became of one tenant.

    `plan` is what there was to do right before, None where it did not come to that; `versions` and `deleted` (names)
    are what was done of it. `now` is what there is to do after a failure, where that is known. `moved` says why the
    plan may be another one than the one that was approved, one sentence each. `planned` is the result of a dry run;
    `blocker` is the tenant that failed before this one, so that it was not tried.
    """

    tenant: str
    commit: str
    result: Result
    plan: Plan | None = None
    verdict: Verdict = Verdict()
    approved: Approved | NothingApproved | None = None
    versions: tuple[DeployedVersion, ...] = ()
    deleted: tuple[str, ...] = ()
    setbacks: tuple[Setback, ...] = ()
    moved: tuple[str, ...] = ()
    now: Plan | None = None
    blocker: str = ""
    exit_code: int = 0
