"""Makes a tenant what a plan says: all of it, or nothing (laws 3, 4 and 5).

Everything but deletes is written first, and read back. A failure up to there, whatever it is, runs the journal
backwards. Deletes come last, since nothing brings a deleted action back: a failure among them undoes nothing, and the
next apply goes on where this one stopped.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from reconciler.engine import guards
from reconciler.engine.guard_words import GUARDS
from reconciler.errors import ApplyFailed, Exit, GitError, ReconcilerError, Refused, Rejected
from reconciler.model.event import Event
from reconciler.model.plan import ActionChange, ModuleChange, Plan, Refusal
from reconciler.run import action_work, flow_work, module_work, rollback_work
from reconciler.run.chosen import FLOWS
from reconciler.run.hands import Deployed, Hands
from reconciler.run.journal import Journal
from reconciler.run.module_journal import label
from reconciler.run.settled import in_spite_of_all
from reconciler.run.standing import require_standing
from reconciler.run.work import Work

Changes = Sequence[ActionChange] | Sequence[ModuleChange]


async def apply(plan: Plan, hands: Hands) -> tuple[Deployed, ...]:
    """The versions made, in name order; none for an empty plan.

    The cases run first, then the tenant is read once more, right before the first write. Raises CasesFailed, StalePlan
    when the tenant moved, Refused when a guard says no or the plan is not what planning again gives, and ApplyFailed
    when it stopped after the first write.
    """
    if not plan.commit:
        raise GitError("This plan was made from uncommitted changes.", "Commit them and plan again.")
    await hands.test(_tested(plan))
    work = await begun(plan, hands)
    if plan.empty:
        return ()
    try:
        deployed = await _written(work)
    except BaseException as failure:
        undone, left = await in_spite_of_all(work.journal.undo())
        if isinstance(failure, ReconcilerError | asyncio.CancelledError):
            raise failed(failure, undone, left, about=work.refused) from failure
        raise
    await _deleted(work)
    return deployed


def _tested(plan: Plan) -> list[str]:
    """What gets new code or another order."""
    actions = [change.name for change in plan.actions if change.kind != "delete" and change.deploy]
    return [*actions, *(f"{FLOWS}{flow.trigger}" for flow in plan.flows)]


async def begun(plan: Plan, hands: Hands) -> Work:
    """The work of a plan right before the first write, once nothing speaks against it. Raises StalePlan and Refused."""
    live = await hands.gateway.read_live(triggers_of(plan))
    await require_standing(hands.gateway, plan, live, hands.replan)
    refuse(guards.refusals(plan, live, hands.facts))
    return Work(plan, live, hands, journal_of(hands))


def journal_of(hands: Hands) -> Journal:
    """An empty journal."""
    return Journal(hands.gateway, hands.tell, patience=hands.patience, settle=hands.settle)


def refuse(refusals: Sequence[Refusal]) -> None:
    """Raises Refused with every reason, and the words that allow those that can be allowed."""
    if refusals:
        names = sorted({refusal.guard for refusal in refusals})
        raise Refused(" ".join(refusal.told for refusal in refusals), _way_out(names), guards=names)


def _way_out(names: Sequence[str]) -> str:
    hopeless = [name for name in names if GUARDS[name].hopeless]
    allow = " ".join(f"--allow {name}" for name in names if name not in hopeless)
    if not hopeless:
        return f"If that is wanted, say so: {allow}"
    told = f"The platform itself refuses {', '.join(hopeless)}, allowed or not."
    return f"{told} If the rest is wanted, say so: {allow}" if allow else told


def triggers_of(plan: Plan) -> list[str]:
    """The flows that the plan has seen."""
    return [each.name for each in plan.seen if each.kind == "flow"]


def failed(failure: BaseException, undone: tuple[str, ...], left: tuple[str, ...], about: str = "") -> ApplyFailed:
    """The error for an apply that stopped after its first write; `about` names what it stopped at, where that is known
    and the failure tells only the tenant's id of it."""
    message, remedy, exit_code = "Stopped on request.", "", Exit.ERROR
    if isinstance(failure, ReconcilerError):
        told = f"{about}: {failure.message}" if about else failure.message
        message, remedy, exit_code = told, failure.remedy, failure.exit_code
    ending = "What is left is listed; the next apply mends it." if left else "Everything was put back."
    return ApplyFailed(message, f"{remedy} {ending}".strip(), undone=undone, left=left, cause=exit_code)


async def _written(work: Work) -> tuple[Deployed, ...]:
    """Everything but the deletes, read back."""
    await module_work.write_all(work)
    changes = [change for change in work.plan.actions if change.kind != "delete"]
    staged = [change for change in changes if change.kind != "rollback"]
    for change in staged:
        await action_work.stage(work, change)
    await action_work.until_built(work, staged)
    deployed = [await _deployed(work, change) for change in changes if change.deploy]
    await action_work.until_live(work, deployed)
    for flow in work.plan.flows:
        await flow_work.bind(work, flow)
    await _verify(work)
    return tuple(deployed)


async def _deployed(work: Work, change: ActionChange) -> Deployed:
    step = rollback_work.redeploy if change.kind == "rollback" else action_work.deploy
    return await step(work, change)


async def _deleted(work: Work) -> None:
    """Deletes what left git; raises ApplyFailed naming what is still there."""
    doomed = [change for change in work.plan.actions if change.kind == "delete"]
    unused = [change for change in work.plan.modules if change.kind == "delete"]
    try:
        for change in doomed:
            await action_work.delete(work, change)
        for module in unused:  # which the platform keeps as long as an action uses it
            await module_work.delete(work, module)
    except (ReconcilerError, asyncio.CancelledError) as failure:
        there = [change.name for change in doomed if change.name not in work.gone]
        there += [label(module) for module in unused if not module_work.is_deleted(work, module)]
        left = tuple(f"{name}: not deleted yet" for name in there)
        raise failed(failure, (), left, about=work.refused) from failure


def _unexpected(planned: Changes, rest: Changes) -> list[str]:
    """The names of what there is still to do besides the deletes, which come last."""
    doomed = {change.name for change in planned if change.kind == "delete"}
    return [change.name for change in rest if change.kind != "delete" or change.name not in doomed]


async def _verify(work: Work) -> None:
    live = await work.hands.gateway.read_live(triggers_of(work.plan))
    rest = work.hands.replan(live)
    names = _unexpected(work.plan.modules, rest.modules) + _unexpected(work.plan.actions, rest.actions)
    names += [flow.trigger for flow in rest.flows]
    if names:
        raise Rejected(
            f"What came back differs from what was written: {', '.join(names)}.",
            "Somebody may be working in the tenant; plan again.",
        )
    told = "a new plan is empty" if rest.empty else "a new plan holds only the deletes"
    work.hands.tell(Event(verb="verified", name=work.plan.tenant, detail=told))
