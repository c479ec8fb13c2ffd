"""Takes actions of a tenant back to versions that it still has.

The plan needs no desired state: a repository whose newest commit is broken must not stand in the way. Of git it wants
the name of the repository, the tenant file, and what the actions were at the commit that is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from reconciler.desired.documents import TenantDocument
from reconciler.desired.load import Documents, load_repository
from reconciler.desired.state import desired_of
from reconciler.desired.validation import did_you_mean
from reconciler.engine import guards, rollback
from reconciler.engine.planner import owner
from reconciler.engine.way_back import Aim, Miss, Picked, Then, listed, pick
from reconciler.errors import GitError, InvalidInput, NotFound, NoWayBack, ReconcilerError, Usage
from reconciler.model.plan import Plan
from reconciler.model.rollback import EarlierSecret, Reverts, RolledBack, RunsAgain
from reconciler.model.tenant import Desired, Live, LiveAction, Version
from reconciler.run.apply import apply, refuse
from reconciler.run.deploy import Ways
from reconciler.run.facts import way_back_facts
from reconciler.run.hands import Deployed, Hands
from reconciler.run.look import document_of
from reconciler.run.plan import Planned
from reconciler.run.reverts import Back, reverts
from reconciler.run.session import TOOL, Session, identity, open_session
from reconciler.run.settled import cancel_on_signals
from reconciler.run.tenant_lock import TenantLock
from reconciler.run.workplace import Workplace

Histories = Mapping[str, tuple[Version, ...]]

_NUMBER = re.compile(r"[0-9]{1,6}")
_DIGITS = re.compile(r"[0-9a-f]{7,40}")


@dataclass(frozen=True)
class Wish:
    """What goes back, one of an action, the actions of a flow, or all of them; and where to: a version, or a commit."""

    to: str
    action: str = ""
    flow: str = ""

    @property
    def number(self) -> int | None:
        """The version that is meant, None where it is a commit. Fewer than seven digits are a version, as the shortest
        form of a commit has seven; version numbers are an action's own."""
        if not _NUMBER.fullmatch(self.to):
            return None
        if not self.action:
            raise Usage("The number of a version means one action.", "Name the action, or a commit.")
        return int(self.to)


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
        chosen = _chosen(live, wish, repo)
        histories = await session.gateway.read_histories(chosen)
        requests = session.gateway.traffic.requests
    commit = _commit(place, wish.to, histories) if number is None else ""
    then, why = _then(place, tenant, commit)
    aim = _aim(place, number, commit, histories, then, why)
    picked, absent = _picked(chosen, histories, aim, repo, one=bool(wish.action))

    def replan(now: Live) -> Plan:
        return rollback.plan(
            picked, now, repo=repo, tenant=tenant, commit=commit or _origin(picked), tool=TOOL, flow=wish.flow
        )

    made = replan(live)
    verdict = guards.judged(made, live, way_back_facts(place, document, allow, made.commit), applying=True)
    left = rollback.left_alone(then, live, picked.keys(), everything=not wish.action and not wish.flow)
    notes = (*absent, *_running(made, picked), *left)
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
    backs = [Back(there, ready.picked[there.name].version) for there in ready.before.actions if there.name in names]
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


def _chosen(live: Live, wish: Wish, repo: str) -> tuple[LiveAction, ...]:
    """The actions that are meant; of a flow or of all only those of this repository."""
    if wish.action:
        action = live.action(wish.action)
        if action is None:
            raise _unknown(live, wish.action)
        return (action,)
    if wish.flow and live.flow(wish.flow) is None:
        raise Usage(f"There is no flow {wish.flow}.", "Name a trigger that actions are bound to, such as post-login.")
    bound = set(rollback.bound(live, wish.flow)) if wish.flow else {action.name for action in live.actions}
    chosen = tuple(action for action in live.actions if action.name in bound and _is_ours(action, repo))
    if not chosen:
        where = f"bound to {wish.flow}" if wish.flow else "deployed"
        raise NoWayBack([f"No action of {repo} is {where}."])
    return chosen


def _unknown(live: Live, name: str) -> NotFound:
    if live.module(name):
        remedy = "Each version of an action names the versions of the modules it uses: roll back the actions."
        return NotFound(f"{name} is a module, not an action.", remedy)
    near = did_you_mean(name, [action.name for action in live.actions])
    return NotFound(f"The tenant has no action '{name}'{near}", "`reconciler flows` shows what runs.")


def _is_ours(action: LiveAction, repo: str) -> bool:
    return action.version is not None and owner(action) == repo


def _commit(place: Workplace, text: str, histories: Histories) -> str:
    """The commit that is meant, 40 hex digits: as git knows it, else one that a version names. Raises GitError for a
    revision that git does not know, NoWayBack for digits that no version has either."""
    try:
        return place.repository.resolve(text)
    except GitError:
        digits = text.lower()
        found = sorted(commit for commit in _named(histories) if commit.startswith(digits))
        if _DIGITS.fullmatch(digits) is None:
            raise
        if not found:
            known = [f"{name}: {listed(versions)}" for name, versions in sorted(histories.items())]
            raise NoWayBack([f"Neither git nor any version knows a commit {text}.", *known]) from None
        if len(found) > 1:
            raise Usage(f"Several commits begin with {text}: {', '.join(found)}.", "Write more of it.") from None
        return found[0]


def _then(place: Workplace, tenant: str, commit: str) -> tuple[Desired | None, str]:
    """What git wants of the tenant at a commit, without the values of secrets; or why that is not known."""
    if not commit:
        return None, ""
    try:
        return desired_of(load_repository(place.repository.tree(commit)), tenant, sops=None).desired, ""
    except InvalidInput as broken:
        return None, f"what git has there cannot be read ({broken.diagnostics[0]})."
    except ReconcilerError as missing:
        return None, f"{missing.message} {missing.remedy}"


def _aim(
    place: Workplace, number: int | None, commit: str, histories: Histories, then: Desired | None, why: str
) -> Aim:
    if number is not None:
        return Aim(number=number)
    if then is None:
        return Aim(then=Then(commit=commit, unknown=why))
    contents = {action.name: action.content for action in then.actions}
    past = place.repository.past(commit, _named(histories))
    return Aim(then=Then(commit=commit, contents=contents, past=tuple(sorted(past))))


def _named(histories: Histories) -> set[str]:
    """Every commit that a version names."""
    return {version.provenance.commit for each in histories.values() for version in each if version.provenance}


def _picked(
    chosen: Iterable[LiveAction], histories: Histories, aim: Aim, repo: str, *, one: bool
) -> tuple[Mapping[str, Picked], tuple[str, ...]]:
    """The version of each action, and what is said of those that were not there at that commit: of several actions they
    are left alone."""
    outcomes = {action.name: pick(action, histories[action.name], aim, repo) for action in chosen}
    picked = {name: outcome for name, outcome in sorted(outcomes.items()) if isinstance(outcome, Picked)}
    misses = [outcome for _, outcome in sorted(outcomes.items()) if isinstance(outcome, Miss)]
    wrong = [miss for miss in misses if one or not picked or not miss.absent]
    if wrong:
        raise NoWayBack([miss.message for miss in wrong])
    return picked, tuple(f"{miss.message} It is left as it is." for miss in misses)


def _origin(picked: Mapping[str, Picked]) -> str:
    """The commit of the one version that a number means."""
    return next(each.version.provenance.commit for each in picked.values() if each.version.provenance)


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
