"""Takes actions of a tenant back to versions that it still has.

The plan needs no desired state: a repository whose newest commit is broken must not stand in the way. Of git it wants
the name of the repository, the tenant file, and what the actions were at the commit that is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from reconciler.desired.load import Documents, load_repository
from reconciler.desired.state import desired_of
from reconciler.desired.tenant_documents import TenantDocument
from reconciler.engine import guards, rollback
from reconciler.engine.way_back import Aim, Picked
from reconciler.errors import InvalidInput, ReconcilerError
from reconciler.model.plan import Plan
from reconciler.model.rollback import EarlierSecret, Reverts, RolledBack, RunsAgain
from reconciler.model.tenant import Live, Version
from reconciler.run.apply import apply, refuse
from reconciler.run.deploy import Ways
from reconciler.run.facts import way_back_facts
from reconciler.run.hands import Deployed, Hands
from reconciler.run.look import document_of
from reconciler.run.plan import Planned
from reconciler.run.reverts import Back, reverts
from reconciler.run.rollback_wish import Wish, aim_of, among, chosen, commit_of, desired_then, origin_of, picked_of
from reconciler.run.session import TOOL, Session, identity, open_session
from reconciler.run.settled import cancel_on_signals
from reconciler.run.tenant_lock import TenantLock
from reconciler.run.workplace import Workplace


@dataclass(frozen=True)
class ReadyBack:
    """A rollback that can be shown and then carried out. `notes` say what it leaves alone, one sentence each."""

    planned: Planned
    document: TenantDocument
    before: Live
    picked: Mapping[str, Picked]
    replan: Callable[[Live], Plan]
    notes: tuple[str, ...] = ()


async def prepare(place: Workplace, tenant: str, wish: Wish, *, allow: tuple[str, ...], lock: TenantLock) -> ReadyBack:
    """Plans a rollback; reads only, and locks the tenant, so that the plan holds until it is applied.

    Raises NoWayBack naming every action that has no version to go back to.
    """
    number = wish.number
    documents = load_repository(place.tree(None))
    document, repo = document_of(documents, tenant), _name(documents)
    await lock.take(tenant, identity(place, tenant, document))
    async with open_session(place, tenant, document) as session:
        live = await session.gateway.read_live([wish.flow] if wish.flow else [])
        meant = chosen(live, wish, repo)
        histories = await session.gateway.read_histories(meant)
        requests = session.gateway.traffic.requests
    commit = commit_of(place, wish.to, histories) if number is None else ""
    then, why = desired_then(place, tenant, commit)
    aim = aim_of(place, commit, histories, then, why) if number is None else Aim(number=number)
    picked, absent = picked_of(meant, histories, aim, repo, one=bool(wish.action))

    def replan(now: Live) -> Plan:
        return rollback.plan(
            picked, now, repo=repo, tenant=tenant, commit=commit or origin_of(picked), tool=TOOL, flow=wish.flow
        )

    made = replan(live)
    verdict = guards.judged(made, live, way_back_facts(place, document, allow, made.commit), applying=True)
    left = rollback.left_alone(then, live, picked.keys(), everything=not wish.action and not wish.flow)
    strange = rollback.not_ours(then, live, () if wish.action else among(live, wish))
    notes = (*absent, *_running(made, picked), *strange, *left)
    return ReadyBack(Planned(made, verdict, requests), document, live, picked, replan, notes)


async def carry_out(place: Workplace, ready: ReadyBack, ways: Ways) -> RolledBack:
    """Rolls back; from here on a signal undoes what was begun."""
    plan = ready.planned.plan
    refuse(ready.planned.verdict.refusals)
    if plan.empty:
        return RolledBack(tenant=plan.tenant, notes=ready.notes)
    cancel_on_signals()
    async with open_session(place, plan.tenant, ready.document, writes=True) as session:
        deployed = await apply(plan, _hands(place, ready, ways, session))
        secrets, unknown = await _secrets(place, ready, session)
    names = {each.action for each in deployed}
    backs = [
        Back(there, ready.picked[there.name].version, ready.picked[there.name].versions)
        for there in ready.before.actions
        if there.name in names
    ]
    return RolledBack(
        tenant=plan.tenant,
        deployed=tuple(_runs_again(made, ready.picked[made.action].version) for made in deployed),
        drafts=tuple(change.name for change in plan.actions if not change.deploy),
        notes=ready.notes,
        secrets=secrets,
        secrets_unknown=unknown,
        reverts=_reverts(place, plan.tenant, backs),
    )


def _runs_again(made: Deployed, version: Version) -> RunsAgain:
    provenance = version.provenance
    assert provenance is not None
    return RunsAgain(action=made.action, number=made.number, version=provenance.number, commit=provenance.commit)


def _hands(place: Workplace, ready: ReadyBack, ways: Ways, session: Session) -> Hands:
    async def no_cases(names: Sequence[str]) -> None:
        """What ran before was tested before; the cases of today are those of other code."""

    def no_values(name: str, secret: str) -> str:
        raise AssertionError("a rollback sends no secret: the version holds its own")

    return Hands(
        gateway=session.gateway,
        reveal=no_values,
        test=no_cases,
        replan=ready.replan,
        notify=ways.notify,
        build_error=session.build_error,
        facts=way_back_facts(place, ready.document, ways.allow, ready.planned.plan.commit),
        patience=ways.patience,
    )


def _name(documents: Documents) -> str:
    if documents.repository is None:
        raise InvalidInput(documents.diagnostics)
    return documents.repository.document.name


def _running(plan: Plan, picked: Mapping[str, Picked]) -> tuple[str, ...]:
    changed = {change.name for change in plan.actions if change.deploy}
    return tuple(f"{name} runs that already." for name in picked if name not in changed)


async def _secrets(place: Workplace, ready: ReadyBack, session: Session) -> tuple[tuple[EarlierSecret, ...], str]:
    """Secrets that are not as git wants them now, or why that cannot be told: what was done is done all the same."""
    plan = ready.planned.plan
    try:
        live = await session.gateway.read_live(())
        desired = desired_of(load_repository(place.tree(None)), plan.tenant, sops=place.sops).desired
    except ReconcilerError as unknown:
        return (), unknown.message
    return rollback.earlier_secrets(desired, live, ready.before, ready.picked), ""


def _reverts(place: Workplace, tenant: str, backs: Iterable[Back]) -> Reverts:
    try:
        return reverts(place, tenant, backs)
    except ReconcilerError as unknown:
        return Reverts(notes=(f"What to revert in git is not known: {unknown.message}",))
