"""Makes a tenant what a plan says: all of it, or nothing (laws 3, 4 and 5).

Everything but deletes is written first, and read back. A failure up to there, whatever it is, runs the journal
backwards. Deletes come last, since nothing brings a deleted action back: a failure among them undoes nothing, and the
next apply goes on where this one stopped.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from reconciler.auth0.gateway import Gateway
from reconciler.engine import guards, seen
from reconciler.engine.guards.facts import Facts
from reconciler.errors import (
    ApplyFailed,
    Exit,
    GitError,
    NotFound,
    ReconcilerError,
    Refused,
    Rejected,
    StalePlan,
    TenantError,
    Unreachable,
)
from reconciler.model.event import Event
from reconciler.model.plan import ActionChange, FlowChange, Plan, Refusal
from reconciler.model.tenant import Live, LiveAction
from reconciler.run.journal import Inverse, Journal, Notify
from reconciler.run.settled import in_spite_of_all, settled
from reconciler.run.waiting import until_none, when_ready

T = TypeVar("T")

SETTLE_SECONDS = 3.0
"""How long a write whose answer was lost is given to take effect before anything is put back."""


@dataclass(frozen=True)
class Deployed:
    """A version that an apply made."""

    action: str
    number: int


@dataclass(frozen=True)
class Hands:
    """What an apply works with besides the plan.

    `reveal` gives the value of a secret by action and name; `test` runs the cases of the named actions and raises
    CasesFailed; `replan` plans again for the read-back; `build_error` says why a build failed where that can be known.
    `patience` bounds builds (seconds), `settle` is waited after a lost answer.
    """

    gateway: Gateway
    reveal: Callable[[str, str], str]
    test: Callable[[Sequence[str]], Awaitable[None]]
    replan: Callable[[Live], Plan]
    notify: Notify
    build_error: Callable[[str], Awaitable[str]]
    facts: Facts = field(default_factory=Facts)
    patience: float = 120.0
    settle: float = SETTLE_SECONDS

    def tell(self, event: Event) -> None:
        """Notifies; a listener that went away stops no work."""
        with contextlib.suppress(OSError):
            self.notify(event)


async def apply(plan: Plan, hands: Hands) -> tuple[Deployed, ...]:
    """The versions made, in name order; none for an empty plan.

    The cases run first, then the tenant is read once more, right before the first write. Raises CasesFailed, StalePlan
    when the tenant moved, Refused when a guard says no, and ApplyFailed when it stopped after the first write.
    """
    if not plan.commit:
        raise GitError("This plan was made from uncommitted changes.", "Commit them and plan again.")
    await hands.test([change.name for change in plan.actions if change.kind != "delete" and change.deploy])
    live = await hands.gateway.read_live(_triggers(plan))
    _still_right(plan, live, hands.facts)
    if plan.empty:
        return ()
    work = _Work(plan, live, hands, Journal(hands.gateway, hands.tell))
    try:
        deployed = await work.written()
    except BaseException as failure:
        undone, left = await in_spite_of_all(work.put_back(failure))
        if isinstance(failure, ReconcilerError | asyncio.CancelledError):
            raise _failed(failure, undone, left) from failure
        raise
    await work.deleted()
    return deployed


def refuse(refusals: Sequence[Refusal]) -> None:
    """Raises Refused with every reason and the words that allow them."""
    if refusals:
        names = sorted({refusal.guard for refusal in refusals})
        raise Refused(
            " ".join(refusal.message for refusal in refusals),
            "If that is wanted, say so: " + " ".join(f"--allow {name}" for name in names),
        )


def _triggers(plan: Plan) -> list[str]:
    return [each.name for each in plan.seen if each.kind == "flow"]


def _still_right(plan: Plan, live: Live, facts: Facts) -> None:
    moved = seen.moved(plan, live)
    if moved:
        raise StalePlan(moved)
    refuse(guards.refusals(plan, live, facts))


@dataclass
class _Work:
    plan: Plan
    live: Live
    hands: Hands
    journal: Journal
    ids: dict[str, str] = field(default_factory=dict)

    async def written(self) -> tuple[Deployed, ...]:
        """Everything but the deletes, read back."""
        changes = [change for change in self.plan.actions if change.kind != "delete"]
        for change in changes:
            await self._stage(change)
        await self._until_built(changes)
        deployed = [await self._deploy(change) for change in changes if change.deploy]
        await self._until_live(deployed)
        for flow in self.plan.flows:
            await self._bind(flow)
        await self._verify()
        return tuple(deployed)

    async def deleted(self) -> None:
        """What left git, deleted; raises ApplyFailed naming what is still there."""
        doomed = [change for change in self.plan.actions if change.kind == "delete"]
        gone: set[str] = set()
        try:
            for change in doomed:
                await settled(self._delete(change, gone))
        except (ReconcilerError, asyncio.CancelledError) as failure:
            left = tuple(f"{change.name}: not deleted yet" for change in doomed if change.name not in gone)
            raise _failed(failure, (), left) from failure

    async def put_back(self, failure: BaseException) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What was undone and what is left."""
        # A gateway in between may give up, too, on a write that the tenant still carries out.
        if isinstance(failure, Unreachable) or getattr(failure, "status", 0) >= 500:
            await asyncio.sleep(self.hands.settle)
        return await self.journal.undo()

    async def _stage(self, change: ActionChange) -> None:
        assert change.after is not None
        values = {step.name: self.hands.reveal(change.name, step.name) for step in change.secrets if step.write}
        gateway, before = self.hands.gateway, self.live.action(change.name)
        if before is None:
            after, provenance = change.after, change.provenance
            created = await self._write(
                self.journal.created(change), lambda: gateway.create(change.name, after, provenance, values)
            )
            self.ids[change.name] = created.id
        else:
            self.ids[change.name] = before.id
            body = (before.id, change.after, change.provenance, _whole(change, before, values))
            await self._write(self.journal.staged(change, before), lambda: gateway.update_draft(*body))
        self.hands.tell(Event(verb="staged", name=change.name))

    async def _write(self, inverse: Inverse | None, write: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Sends a write and waits for its end, whatever happens meanwhile. Its inverse is noted already, and is taken
        back where the tenant refused: then nothing was written."""
        try:
            return await when_ready(lambda: settled(write()), self.hands.patience)
        except TenantError as refusal:
            if inverse and 400 <= refusal.status < 500:
                self.journal.withdraw(inverse)
            raise

    async def _until_built(self, changes: Sequence[ActionChange]) -> None:
        waiting = {self.ids[change.name]: change.name for change in changes}

        async def still_building() -> Mapping[str, str]:
            for action in await self.hands.gateway.read_actions() if waiting else ():
                if action.id in waiting and await self._is_built(action):
                    self.hands.tell(Event(verb="built", name=waiting.pop(action.id)))
            return waiting

        await until_none(still_building, "did not finish building", self.hands.patience)

    async def _is_built(self, action: LiveAction) -> bool:
        if action.draft.status == "failed":
            reason = await self.hands.build_error(action.id)
            raise Rejected(
                f"The draft of {action.name} failed to build{': ' + reason if reason else '.'}",
                "Check its dependencies in action.yaml and reconciler.lock.",
            )
        return action.draft.status == "built"

    async def _deploy(self, change: ActionChange) -> Deployed:
        before = self.live.action(change.name)
        # A created action is removed with all its versions, so its deploy needs no inverse of its own.
        inverse = self.journal.deployed(change, before) if before else None
        number = await self._write(inverse, lambda: self.hands.gateway.deploy(self.ids[change.name]))
        if number != change.number:
            raise Rejected(
                f"{change.name} became version {number} instead of {change.number}: "
                "somebody else deployed it meanwhile.",
                "Plan again and look at what they did.",
            )
        self.hands.tell(Event(verb="deployed", name=change.name, detail=f"version {number}"))
        return Deployed(action=change.name, number=number)

    async def _until_live(self, deployed: Sequence[Deployed]) -> None:
        waiting = {self.ids[each.action]: each for each in deployed}

        async def not_live() -> Mapping[str, str]:
            for action in await self.hands.gateway.read_actions() if waiting else ():
                version, awaited = action.version, waiting.get(action.id)
                if awaited and version and version.live and version.number == awaited.number:
                    del waiting[action.id]
            return {key: each.action for key, each in waiting.items()}

        await until_none(not_live, "did not become live after its deploy", self.hands.patience)

    async def _bind(self, change: FlowChange) -> None:
        places = tuple(
            place.model_copy(update={"action_id": place.action_id or self.ids[place.action]}) for place in change.after
        )
        inverse = self.journal.bound(change, places)
        await self._write(inverse, lambda: self.hands.gateway.bind(change.trigger, places))
        names = " > ".join(place.action for place in places) or "nothing"
        self.hands.tell(Event(verb="bound", name=change.trigger, detail=names))

    async def _delete(self, change: ActionChange, gone: set[str]) -> None:
        try:
            await self.hands.gateway.delete(change.id)
        except Unreachable:
            # The answer is lost, not the truth: the tenant tells whether the action is gone.
            if await self.hands.gateway.read_action_named(change.name) is not None:
                raise
        except NotFound:
            pass  # somebody else was faster
        gone.add(change.name)
        self.hands.tell(Event(verb="deleted", name=change.name))

    async def _verify(self) -> None:
        live = await self.hands.gateway.read_live(_triggers(self.plan))
        rest = self.hands.replan(live)
        doomed = {change.name for change in self.plan.actions if change.kind == "delete"}
        names = [change.name for change in rest.actions if change.kind != "delete" or change.name not in doomed]
        names += [flow.trigger for flow in rest.flows]
        if names:
            raise Rejected(
                f"What came back differs from what was written: {', '.join(names)}.",
                "Somebody may be working in the tenant; plan again.",
            )
        told = "a new plan holds only the deletes" if doomed else "a new plan is empty"
        self.hands.tell(Event(verb="verified", name=self.plan.tenant, detail=told))


def _whole(change: ActionChange, before: LiveAction, values: Mapping[str, str]) -> Mapping[str, str | None] | None:
    """The secrets to send: None to leave them alone; a name without a value only where there is a value to keep."""
    if not change.send_secrets:
        return None
    there = {stamp.name for stamp in before.draft.secrets}
    return {step.name: values.get(step.name) for step in change.secrets if step.write or step.name in there}


def _failed(failure: BaseException, undone: tuple[str, ...], left: tuple[str, ...]) -> ApplyFailed:
    message, remedy, exit_code = "Stopped on request.", "", Exit.ERROR
    if isinstance(failure, ReconcilerError):
        message, remedy, exit_code = failure.message, failure.remedy, failure.exit_code
    ending = "What is left is listed; the next apply mends it." if left else "Everything was put back."
    return ApplyFailed(message, f"{remedy} {ending}".strip(), undone=undone, left=left, cause=exit_code)
