"""Applies a plan that was saved, or one that was just made; everything but the plan comes from the commit it names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reconciler.desired.state import Loaded
from reconciler.engine import guards, planner
from reconciler.errors import GitError, NotApproved
from reconciler.model.plan import Plan
from reconciler.model.tenant import Desired, Live
from reconciler.run.apply import apply, refuse, triggers_of
from reconciler.run.cases import require
from reconciler.run.facts import read_facts
from reconciler.run.hands import Applied, Hands, Notify
from reconciler.run.keep_going import apply_what_works
from reconciler.run.plan import Planned, planned
from reconciler.run.session import TOOL, Session, identity, open_session
from reconciler.run.settled import cancel_on_signals
from reconciler.run.standing import require_standing
from reconciler.run.tenant_lock import TenantLock
from reconciler.run.validate import checked
from reconciler.run.workplace import Workplace


@dataclass(frozen=True)
class Ready:
    """A plan that can be shown and then carried out, with what its commit holds. `replan` makes it again of what the
    tenant holds by then."""

    planned: Planned
    loaded: Loaded
    replan: Callable[[Live], Plan]


@dataclass(frozen=True)
class Ways:
    """How an apply goes: which guards may pass, how long builds may take (seconds), who hears of progress, and whether
    it keeps going when a change fails rather than putting everything back."""

    allow: tuple[str, ...]
    patience: float
    notify: Notify
    keep_going: bool = False


async def prepare(
    place: Workplace,
    tenant: str,
    *,
    revision: str | None,
    allow: tuple[str, ...],
    lock: TenantLock,
    stamp: bool = False,
) -> Ready:
    """Plans a commit; reads only. The tenant is locked from here on, so that the plan holds until it is applied."""
    loaded = await checked(place, place.committed_tree(revision), tenant)
    await lock.take(tenant, identity(place, tenant, loaded.tenant))
    async with open_session(place, tenant, loaded.tenant) as session:
        facts = await read_facts(place, loaded, allow)
        made = await planned(session, loaded.desired, facts, applying=True, stamp=stamp)
    return Ready(made, loaded, _planning(loaded.desired, stamp))


async def prepare_saved(place: Workplace, plan: Plan, *, allow: tuple[str, ...], lock: TenantLock) -> Ready:
    """Loads the commit that a saved plan names and looks whether the plan still stands; reads only.

    The tenant is locked from here on.

    Raises StalePlan when the tenant moved since, and Refused for a plan that is not what its commit comes to.
    """
    if not plan.commit:
        raise GitError("This plan was made from uncommitted changes.", "Commit them and plan again.")
    loaded = await checked(place, place.repository.tree(plan.commit), plan.tenant)
    await lock.take(plan.tenant, identity(place, plan.tenant, loaded.tenant))
    async with open_session(place, plan.tenant, loaded.tenant) as session:
        live = await session.gateway.read_live(triggers_of(plan))
        replan = _planning(loaded.desired, _stamps(plan, loaded.desired, live))
        await require_standing(session.gateway, plan, live, replan)
        # It does the very same, and what it tells people is what git and the tenant come to: no checksum covers that.
        again = replan(live)
        verdict = guards.judged(again, live, await read_facts(place, loaded, allow), applying=True)
        return Ready(Planned(again, verdict, session.gateway.traffic.requests), loaded, replan)


def approve(ready: Ready, checksum: str) -> None:
    """Raises NotApproved unless that is the checksum of the plan, or the plan is empty: nothing is done then that
    anybody would have to approve, and a pipeline that runs once more ends well."""
    if not ready.planned.plan.empty and checksum != ready.planned.checksum:
        raise NotApproved(checksum, ready.planned.checksum)


async def carry_out(place: Workplace, ready: Ready, ways: Ways) -> Applied:
    """Applies the plan. From here on a signal undoes what was begun."""
    loaded, plan = ready.loaded, ready.planned.plan
    refuse(ready.planned.verdict.refusals)
    if plan.empty:
        return Applied()
    cancel_on_signals()
    async with open_session(place, plan.tenant, loaded.tenant, writes=True) as session:
        hands = await _hands(place, ready, ways, session)
        return await apply_what_works(plan, hands) if ways.keep_going else Applied(await apply(plan, hands))


async def _hands(place: Workplace, ready: Ready, ways: Ways, session: Session) -> Hands:
    loaded = ready.loaded

    async def test(names: Sequence[str]) -> None:
        await require(place, loaded, names, ways.notify)

    return Hands(
        gateway=session.gateway,
        reveal=lambda name, secret: loaded.vault.value(name, secret).reveal(),
        test=test,
        replan=ready.replan,
        notify=ways.notify,
        build_error=session.build_error,
        facts=await read_facts(place, loaded, ways.allow),
        patience=ways.patience,
    )


def _planning(desired: Desired, stamp: bool) -> Callable[[Live], Plan]:
    return lambda live: planner.plan(desired, live, tool=TOOL, stamp=stamp)


def _stamps(plan: Plan, desired: Desired, live: Live) -> bool:
    """Whether a saved plan was made to record commits: it deploys what another would leave as it is."""
    left = planner.plan(desired, live, tool=TOOL).unstamped
    return any(change.name in left for change in plan.actions)
