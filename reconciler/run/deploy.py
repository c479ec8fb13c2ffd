"""Applies a plan that was saved, or one that was just made: loads what its commit holds, and hands both to apply."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reconciler.desired.state import Loaded
from reconciler.engine import planner
from reconciler.errors import GitError
from reconciler.model.plan import Plan
from reconciler.model.tenant import Live
from reconciler.run.apply import Deployed, Hands, apply, refuse
from reconciler.run.cases import require
from reconciler.run.journal import Notify
from reconciler.run.plan import Planned, allowed, planned
from reconciler.run.session import TOOL, Session, open_session
from reconciler.run.sigterm import cancel_on_sigterm
from reconciler.run.validate import checked
from reconciler.run.workplace import Workplace


@dataclass(frozen=True)
class Ways:
    """How an apply goes: which guards may pass, how long builds may take (seconds), who hears of progress, and who is
    asked before the first write."""

    allow: tuple[str, ...]
    patience: float
    notify: Notify
    agreed: Callable[[Planned], bool]


@dataclass(frozen=True)
class Applied:
    """The plan that was carried out and the versions it made; `agreed` is False where the person said no."""

    plan: Plan
    deployed: tuple[Deployed, ...] = ()
    agreed: bool = True


async def deploy(place: Workplace, tenant: str, *, revision: str | None, ways: Ways) -> Applied:
    """Plans a commit, asks, and applies."""
    loaded = await checked(place, place.committed_tree(revision), tenant)
    async with open_session(place, tenant, loaded.tenant) as session:
        made = await planned(session, loaded.desired, allowed(loaded.tenant, ways.allow))
        return await _carried_out(place, session, loaded, made, ways)


async def deploy_saved(place: Workplace, plan: Plan, *, ways: Ways) -> Applied:
    """Applies a saved plan; everything but the plan itself comes from the commit it names."""
    if not plan.commit:
        raise GitError("This plan was made from uncommitted changes.", "Commit them and plan again.")
    loaded = await checked(place, place.repository.tree(plan.commit), plan.tenant)
    async with open_session(place, plan.tenant, loaded.tenant) as session:
        return await _carried_out(place, session, loaded, Planned(plan), ways)


async def _carried_out(place: Workplace, session: Session, loaded: Loaded, made: Planned, ways: Ways) -> Applied:
    if made.plan.empty:
        return Applied(made.plan)
    cancel_on_sigterm()
    asked = ways.agreed(made)
    refuse(made.refusals)
    if not asked:
        return Applied(made.plan, agreed=False)

    async def test(names: Sequence[str]) -> None:
        await require(place, loaded, names, ways.notify)

    def replan(live: Live) -> Plan:
        return planner.plan(loaded.desired, live, tool=TOOL)

    hands = Hands(
        gateway=session.gateway,
        reveal=lambda action, name: loaded.vault.value(action, name).reveal(),
        test=test,
        replan=replan,
        notify=ways.notify,
        build_error=session.build_error,
        allowed=allowed(loaded.tenant, ways.allow),
        patience=ways.patience,
    )
    return Applied(made.plan, await apply(made.plan, hands))
