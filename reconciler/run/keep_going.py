"""Applies a plan change by change: what fails is put back and told, and everything that does not need it goes on.

Modules first, then each action from its cases to its read-back, then the flows whose actions are all as they should be,
deletes last. Each change has a journal of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from reconciler.errors import ApplyFailed, Exit, GitError, ReconcilerError, Rejected, Unreachable
from reconciler.model.event import Event
from reconciler.model.plan import ActionChange, FlowChange, ModuleChange, Plan
from reconciler.run import action_work, flow_work, module_work, rollback_work
from reconciler.run.action_journal import is_ours
from reconciler.run.apply import begun, journal_of, triggers_of
from reconciler.run.chosen import FLOWS
from reconciler.run.hands import Applied, Deployed, Failure, Hands
from reconciler.run.module_journal import label
from reconciler.run.settled import in_spite_of_all
from reconciler.run.work import Work

Step = Callable[[Work], Awaitable[None]]


async def apply_what_works(plan: Plan, hands: Hands) -> Applied:
    """What was made, and what failed.

    Raises StalePlan and Refused before the first write, as an apply does that does all or nothing, and ApplyFailed when
    it is stopped.
    """
    if not plan.commit:
        raise GitError("This plan was made from uncommitted changes.", "Commit them and plan again.")
    course = _Course(await begun(plan, hands))
    await course.run()
    return Applied(tuple(course.deployed), tuple(course.failures.values()))


@dataclass
class _Course:
    work: Work
    deployed: list[Deployed] = field(default_factory=list)
    failures: dict[str, Failure] = field(default_factory=dict)
    _made: list[str] = field(default_factory=list)
    _gone: bool = False

    async def run(self) -> None:
        try:
            await self._make_all()
            await self._verify()
        except asyncio.CancelledError as stop:
            raise self._stopped((), ()) from stop

    async def _make_all(self) -> None:
        plan = self.work.plan
        for module in plan.modules:
            if module.kind != "delete":
                await self._take(label(module), (), _writing_module(module))
        for change in plan.actions:
            if change.kind != "delete":
                await self._take(change.name, _needed_modules(plan, change), self._writing(change))
        for flow in plan.flows:
            await self._take(_flow(flow), (place.action for place in flow.after), _binding(flow))
        for change in plan.actions:
            if change.kind == "delete":
                await self._take(change.name, _flows_of(plan, change), _deleting(change))
        for module in plan.modules:
            if module.kind == "delete":
                await self._take(label(module), self._users(module), _deleting_module(module))

    async def _take(self, name: str, needs: Iterable[str], step: Step) -> None:
        missing = sorted({need for need in needs if need in self.failures})
        if missing:
            # It failed for no reason of its own, so it ends the process as what it needs does.
            why, code = ", ".join(missing), self.failures[missing[0]].exit_code
            self._fail(Failure(name, f"Not done, as it needs what failed: {why}.", exit_code=code))
        elif self._gone:
            self._fail(Failure(name, "Not tried, as the tenant cannot be reached."))
        else:
            await self._tried(name, replace(self.work, journal=journal_of(self.work.hands)), step)

    async def _tried(self, name: str, work: Work, step: Step) -> None:
        try:
            await step(work)
        except BaseException as failure:
            undone, left = await in_spite_of_all(work.journal.undo())
            if isinstance(failure, asyncio.CancelledError):
                raise self._stopped(undone, left) from failure
            if not isinstance(failure, ReconcilerError):
                raise
            told = " ".join((failure.message, *getattr(failure, "reasons", ())[:1]))
            self._fail(Failure(name, told, failure.remedy, failure.exit_code, undone, left))
            self._gone = isinstance(failure, Unreachable) and not await self._answers()
        else:
            self._made.append(name)

    def _fail(self, failure: Failure) -> None:
        self.failures[failure.name] = failure
        self.work.hands.tell(Event(verb="failed", name=failure.name, detail=failure.message))

    async def _answers(self) -> bool:
        """Whether the tenant still answers after an answer was lost."""
        try:
            await self.work.hands.gateway.read_actions()
        except Unreachable:
            return False
        return True

    def _stopped(self, undone: tuple[str, ...], left: tuple[str, ...]) -> ApplyFailed:
        how = {made.action: f"version {made.number}" for made in self.deployed}
        how |= dict.fromkeys(self._deleted(), "deleted")
        stay = tuple(f"{name}: stays {how.get(name, 'as it was made')}" for name in self._made)
        undone = (*(each for failure in self.failures.values() for each in failure.undone), *undone)
        left = (*(each for failure in self.failures.values() for each in failure.left), *left, *stay)
        remedy = "What was made before stays as it is; the next apply goes on."
        return ApplyFailed("Stopped on request.", remedy, undone=undone, left=left, cause=Exit.ERROR)

    def _deleted(self) -> Iterator[str]:
        plan = self.work.plan
        yield from (change.name for change in plan.actions if change.kind == "delete")
        yield from (label(change) for change in plan.modules if change.kind == "delete")

    def _writing(self, change: ActionChange) -> Step:
        async def step(work: Work) -> None:
            if change.kind == "rollback":
                made = [await rollback_work.redeploy(work, change)]
            else:
                await work.hands.test([change.name] if change.deploy else [])
                await action_work.stage(work, change)
                await action_work.until_built(work, [change])
                made = [await action_work.deploy(work, change)] if change.deploy else []
            await action_work.until_live(work, made)
            await _read_back(work, change)
            self.deployed += made

        return step

    def _users(self, module: ModuleChange) -> Iterator[str]:
        """The actions that use the module as long as their change is not made."""
        for action in self.work.live.actions:
            contents = [action.draft.content, *([action.version.content] if action.version else [])]
            if any(use.name == module.name for content in contents for use in content.modules):
                yield action.name

    async def _verify(self) -> None:
        """What is not as git wants it though nothing failed there, is told."""
        if self._gone:
            return
        work = self.work
        try:
            rest = work.hands.replan(await work.hands.gateway.read_live(triggers_of(work.plan)))
        except ReconcilerError as failure:
            self._fail(Failure("the read-back", failure.message, failure.remedy, failure.exit_code))
            return
        names = [*map(label, rest.modules), *(change.name for change in rest.actions), *map(_flow, rest.flows)]
        for name in names:
            if name not in self.failures:
                self._fail(Failure(name, "What came back differs from what was written.", "Plan again."))
        if not names:
            work.hands.tell(Event(verb="verified", name=work.plan.tenant, detail="a new plan is empty"))


async def _read_back(work: Work, change: ActionChange) -> None:
    there = await work.hands.gateway.read_action(work.ids[change.name])
    version = there.version
    runs = version is not None and version.number == change.number and is_ours(change, version)
    if not is_ours(change, there.draft) or (change.deploy and not runs):
        raise Rejected(
            f"What came back of {change.name} differs from what was written.",
            "Somebody may be working in the tenant; plan again.",
        )


def _writing_module(change: ModuleChange) -> Step:
    async def step(work: Work) -> None:
        await module_work.stage(work, change)
        if change.publish:
            await module_work.publish(work, change)
            await module_work.until_readable(work, [change])

    return step


def _binding(change: FlowChange) -> Step:
    async def step(work: Work) -> None:
        await work.hands.test([f"{FLOWS}{change.trigger}"])
        await flow_work.bind(work, change)

    return step


def _deleting(change: ActionChange) -> Step:
    async def step(work: Work) -> None:
        await action_work.delete(work, change)

    return step


def _deleting_module(change: ModuleChange) -> Step:
    async def step(work: Work) -> None:
        await module_work.delete(work, change)

    return step


def _needed_modules(plan: Plan, change: ActionChange) -> Iterator[str]:
    """The modules whose version that the action uses is made by this very plan."""
    made = {(module.name, module.number): label(module) for module in plan.modules if module.publish}
    for use in change.after.modules if change.after else ():
        if (use.name, use.number) in made:
            yield made[use.name, use.number]


def _flows_of(plan: Plan, change: ActionChange) -> Iterator[str]:
    """The flows that the action is taken out of."""
    for flow in plan.flows:
        if change.id in {place.action_id for place in flow.before}:
            yield _flow(flow)


def _flow(change: FlowChange) -> str:
    return f"flow {change.trigger}"
