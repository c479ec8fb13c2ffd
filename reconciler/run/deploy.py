"""Applies a plan that was saved, or one that was just made; everything but the plan comes from the commit it names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reconciler.desired.state import Loaded
from reconciler.engine import normalize, planner
from reconciler.errors import GitError, Refused
from reconciler.model.action import Action
from reconciler.model.plan import ActionChange, FlowChange, Plan
from reconciler.model.tenant import Desired, Live
from reconciler.run.apply import apply, refuse
from reconciler.run.cases import require
from reconciler.run.facts import read_facts
from reconciler.run.hands import Deployed, Hands, Notify
from reconciler.run.plan import Planned, planned
from reconciler.run.session import TOOL, open_session
from reconciler.run.settled import cancel_on_signals
from reconciler.run.validate import checked
from reconciler.run.workplace import Workplace


@dataclass(frozen=True)
class Ready:
    """A plan that can be shown and then carried out, with what its commit holds; `fresh` when it was made just now."""

    planned: Planned
    loaded: Loaded
    fresh: bool


@dataclass(frozen=True)
class Ways:
    """How an apply goes: which guards may pass, how long builds may take (seconds), and who hears of progress."""

    allow: tuple[str, ...]
    patience: float
    notify: Notify


async def prepare(place: Workplace, tenant: str, *, revision: str | None, allow: tuple[str, ...]) -> Ready:
    """Plans a commit; reads only."""
    loaded = await checked(place, place.committed_tree(revision), tenant)
    async with open_session(place, tenant, loaded.tenant) as session:
        made = await planned(session, loaded.desired, await read_facts(place, loaded, allow), applying=True)
    return Ready(made, loaded, fresh=True)


async def prepare_saved(place: Workplace, plan: Plan) -> Ready:
    """Loads the commit that a saved plan names; raises Refused for a plan that does not say what its commit says."""
    if not plan.commit:
        raise GitError("This plan was made from uncommitted changes.", "Commit them and plan again.")
    loaded = await checked(place, place.repository.tree(plan.commit), plan.tenant)
    wrong = [change.name for change in plan.actions if not _as_committed(change, loaded)]
    wrong += [change.trigger for change in plan.flows if not _flow_as_committed(change, loaded)]
    if wrong:
        raise Refused(
            f"The saved plan and commit {plan.commit[:12]} differ in {', '.join(wrong)}: the file was changed.",
            "Make the plan again.",
        )
    return Ready(Planned(plan), loaded, fresh=False)


async def carry_out(place: Workplace, ready: Ready, ways: Ways) -> tuple[Deployed, ...]:
    """Applies the plan; gives the versions made. From here on a signal undoes what was begun."""
    loaded, plan = ready.loaded, ready.planned.plan
    refuse(ready.planned.verdict.refusals)
    if plan.empty and ready.fresh:
        return ()
    cancel_on_signals()

    async def test(names: Sequence[str]) -> None:
        await require(place, loaded, names, ways.notify)

    def replan(live: Live) -> Plan:
        return planner.plan(loaded.desired, live, tool=TOOL)

    async with open_session(place, plan.tenant, loaded.tenant, writes=True) as session:
        hands = Hands(
            gateway=session.gateway,
            reveal=lambda action, name: loaded.vault.value(action, name).reveal(),
            test=test,
            replan=replan,
            notify=ways.notify,
            build_error=session.build_error,
            facts=await read_facts(place, loaded, ways.allow),
            patience=ways.patience,
        )
        return await apply(plan, hands)


def _as_committed(change: ActionChange, loaded: Loaded) -> bool:
    """Whether a change writes what the commit holds: the content, its provenance, secrets of the same fingerprints."""
    action = loaded.desired.action(change.name)
    if change.kind == "delete" or action is None:
        return change.kind == "delete" and action is None
    fingerprints = {secret.name: secret.fingerprint for secret in action.secrets}
    return (
        change.after == action.content
        and all(fingerprints.get(step.name) == step.fingerprint for step in change.secrets)
        and (not change.deploy or _signed_as_committed(change, action, loaded.desired))
    )


def _signed_as_committed(change: ActionChange, action: Action, desired: Desired) -> bool:
    told = change.provenance
    if told is None or (told.commit, told.repo, told.path) != (desired.commit, desired.repo, action.path):
        return False
    return told.digest == normalize.digest(action.content)


def _flow_as_committed(change: FlowChange, loaded: Loaded) -> bool:
    """Whether our own places of a flow are those that the commit names; a flow it does not name may only lose some."""
    flow = next((flow for flow in loaded.desired.flows if flow.trigger == change.trigger), None)
    if flow is None:
        return all(place in change.before for place in change.after)
    ours = [place.action for place in change.after if not place.foreign]
    return ours == [binding.action for binding in flow.bindings]
