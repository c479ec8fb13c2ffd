"""Makes a tenant what a plan says: all of it, or nothing (laws 3, 4 and 5)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from tenacity import (
    AsyncRetrying,
    RetryError,
    retry_if_exception,
    retry_if_result,
    stop_after_delay,
    wait_exponential,
)

from reconciler.auth0.gateway import Gateway
from reconciler.engine import guards, seen
from reconciler.errors import ApplyFailed, Exit, GitError, ReconcilerError, Refused, Rejected, StalePlan
from reconciler.model.event import Event
from reconciler.model.plan import ActionChange, FlowChange, Plan, Refusal
from reconciler.model.tenant import Live, LiveAction
from reconciler.run.journal import Journal, Notify

T = TypeVar("T")

NOT_YET = ("must be in the 'built' state", "has not been deployed yet")
"""The platform may refuse for a moment what its own reads already show as done (wire.md, section 0 and 3)."""


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
    """

    gateway: Gateway
    reveal: Callable[[str, str], str]
    test: Callable[[Sequence[str]], Awaitable[None]]
    replan: Callable[[Live], Plan]
    notify: Notify
    build_error: Callable[[str], Awaitable[str]]
    allowed: Iterable[str] = ()
    patience: float = 120.0


async def apply(plan: Plan, hands: Hands) -> tuple[Deployed, ...]:
    """The versions made, in name order; none for an empty plan.

    Raises StalePlan when the tenant moved, Refused when a guard says no, CasesFailed before anything is written, and
    ApplyFailed when it stopped later and put everything back.
    """
    if plan.empty:
        return ()
    if not plan.commit:
        raise GitError("This plan was made from uncommitted changes.", "Commit them and plan again.")
    live = await hands.gateway.read_live(_triggers(plan))
    _still_right(plan, live, hands.allowed)
    await hands.test([change.name for change in plan.actions if change.kind != "delete" and change.deploy])
    work = _Work(plan, live, hands, Journal(hands.gateway, hands.notify))
    try:
        return await work.done()
    except (ReconcilerError, asyncio.CancelledError) as failure:
        undone, left = await work.journal.undo()
        raise _failed(failure, undone, left) from failure


def _triggers(plan: Plan) -> list[str]:
    return [each.name for each in plan.seen if each.kind == "flow"]


def _still_right(plan: Plan, live: Live, allowed: Iterable[str]) -> None:
    moved = seen.moved(plan, live)
    if moved:
        raise StalePlan(moved)
    refuse(guards.refusals(plan, live, allowed))


def refuse(refusals: Sequence[Refusal]) -> None:
    """Raises Refused with every reason and the words that allow them."""
    if refusals:
        names = sorted({refusal.guard for refusal in refusals})
        raise Refused(
            " ".join(refusal.message for refusal in refusals),
            "If that is wanted, say so: " + " ".join(f"--allow {name}" for name in names),
        )


@dataclass
class _Work:
    plan: Plan
    live: Live
    hands: Hands
    journal: Journal
    ids: dict[str, str] = field(default_factory=dict)

    async def done(self) -> tuple[Deployed, ...]:
        written = [change for change in self.plan.actions if change.kind != "delete"]
        for change in written:
            await self._stage(change)
        await self._until_built(written)
        deployed = [await self._deploy(change) for change in written if change.deploy]
        await self._until_live(deployed)
        for flow in self.plan.flows:
            await self._bind(flow)
        for change in self.plan.actions:
            if change.kind == "delete":
                await self._delete(change)
        await self._verify()
        return tuple(deployed)

    async def _stage(self, change: ActionChange) -> None:
        assert change.after is not None
        values = {step.name: self._value(change, step.name) for step in change.secrets if step.write}
        if change.kind == "create":
            self.journal.note_created(change)
            there = await self.hands.gateway.create(change.name, change.after, change.provenance, values)
            self.ids[change.name] = there.id
        else:
            before = self._before(change)
            self.ids[change.name] = before.id
            self.journal.note_staged(change, before)
            whole = {step.name: values.get(step.name) for step in change.secrets} if change.send_secrets else None
            await self.hands.gateway.update_draft(before.id, change.after, change.provenance, whole)
        self.hands.notify(Event(verb="staged", name=change.name))

    def _value(self, change: ActionChange, name: str) -> str:
        return self.hands.reveal(change.name, name)

    def _before(self, change: ActionChange) -> LiveAction:
        before = self.live.action(change.name)
        assert before is not None, "seen.moved lets no plan through whose action is gone"
        return before

    async def _until_built(self, changes: Sequence[ActionChange]) -> None:
        waiting = {self.ids[change.name]: change.name for change in changes}

        async def still_building() -> Mapping[str, str]:
            for action in await self.hands.gateway.read_actions() if waiting else ():
                if action.id in waiting and await self._is_built(action):
                    self.hands.notify(Event(verb="built", name=waiting.pop(action.id)))
            return waiting

        await self._until_none(still_building, "did not finish building")

    async def _is_built(self, action: LiveAction) -> bool:
        if action.draft.status == "failed":
            reason = await self.hands.build_error(action.id)
            raise Rejected(
                f"The draft of {action.name} failed to build{': ' + reason if reason else '.'}",
                "Check its dependencies in action.yaml and reconciler.lock.",
            )
        return action.draft.status == "built"

    async def _deploy(self, change: ActionChange) -> Deployed:
        self.journal.note_deployed(change, self.live.action(change.name))
        number = await _when_ready(lambda: self.hands.gateway.deploy(self.ids[change.name]), self.hands.patience)
        expected = change.provenance.number if change.provenance else number
        if number != expected:
            raise Rejected(
                f"{change.name} became version {number} instead of {expected}: somebody else deployed it meanwhile.",
                "Plan again and look at what they did.",
            )
        self.hands.notify(Event(verb="deployed", name=change.name, detail=f"version {number}"))
        return Deployed(action=change.name, number=number)

    async def _until_live(self, deployed: Sequence[Deployed]) -> None:
        waiting = {self.ids[each.action]: each for each in deployed}

        async def not_live() -> Mapping[str, str]:
            for action in await self.hands.gateway.read_actions() if waiting else ():
                version, awaited = action.version, waiting.get(action.id)
                if awaited and version and version.live and version.number == awaited.number:
                    del waiting[action.id]
            return {key: each.action for key, each in waiting.items()}

        await self._until_none(not_live, "did not become live after its deploy")

    async def _until_none(self, rest: Callable[[], Awaitable[Mapping[str, str]]], trouble: str) -> None:
        retrying = AsyncRetrying(
            wait=wait_exponential(multiplier=0.1, max=2.0),
            stop=stop_after_delay(self.hands.patience),
            retry=retry_if_result(bool),
        )
        try:
            await retrying(rest)
        except RetryError as late:
            names = ", ".join(sorted(late.last_attempt.result().values()))
            raise Rejected(
                f"{names}: {trouble} within {self.hands.patience:.0f} s.", "Try again, or wait longer with --patience."
            ) from late

    async def _bind(self, change: FlowChange) -> None:
        places = [
            place.model_copy(update={"action_id": self._id(place.action, place.action_id)}) for place in change.after
        ]
        self.journal.note_bound(change, change.before)
        await _when_ready(lambda: self.hands.gateway.bind(change.trigger, places), self.hands.patience)
        names = " > ".join(place.action for place in places)
        self.hands.notify(Event(verb="bound", name=change.trigger, detail=names))

    def _id(self, name: str, known: str) -> str:
        return known or self.ids[name]

    async def _delete(self, change: ActionChange) -> None:
        self.journal.note_deleted(change)
        await self.hands.gateway.delete(change.id)
        self.hands.notify(Event(verb="deleted", name=change.name))

    async def _verify(self) -> None:
        live = await self.hands.gateway.read_live(_triggers(self.plan))
        rest = self.hands.replan(live)
        if not rest.empty:
            names = [change.name for change in rest.actions] + [flow.trigger for flow in rest.flows]
            raise Rejected(
                f"What came back differs from what was written: {', '.join(names)}.",
                "Somebody may be working in the tenant; plan again.",
            )
        self.hands.notify(Event(verb="verified", name=self.plan.tenant, detail="a new plan is empty"))


async def _when_ready(call: Callable[[], Awaitable[T]], patience: float) -> T:
    async for attempt in AsyncRetrying(
        wait=wait_exponential(multiplier=0.1, max=2.0),
        stop=stop_after_delay(patience),
        retry=retry_if_exception(lambda error: any(text in str(error) for text in NOT_YET)),
        reraise=True,
    ):
        with attempt:
            return await call()
    raise AssertionError("tenacity ended without an outcome")


def _failed(failure: BaseException, undone: tuple[str, ...], left: tuple[str, ...]) -> ApplyFailed:
    stopped = isinstance(failure, asyncio.CancelledError)
    message = "Stopped on request." if stopped or not isinstance(failure, ReconcilerError) else failure.message
    remedy = failure.remedy if isinstance(failure, ReconcilerError) else ""
    exit_code = failure.exit_code if isinstance(failure, ReconcilerError) else Exit.ERROR
    ending = "What could not be put back is listed; the next apply mends it." if left else "Everything was put back."
    return ApplyFailed(message, f"{remedy} {ending}".strip(), undone=undone, left=left, cause=exit_code)
