"""Runs the actions of a flow in order, up to its end or to where it waits for the user."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from reconciler.catalogue import limits
from reconciler.catalogue.triggers import TriggerFacts
from reconciler.engine.effects.arguments import sound
from reconciler.engine.effects.counted import counted
from reconciler.engine.effects.ending import Ending, cannot_wait, completion, denial, waits
from reconciler.engine.effects.folding import folded, kept_calls
from reconciler.engine.effects.onward import next_event
from reconciler.local.flow.run_record import Bound, Step, masked
from reconciler.local.means import Means
from reconciler.local.node.job import Install, Job, Runner
from reconciler.local.stamp import log_date
from reconciler.local.state.jobs import job, runnable_version
from reconciler.local.state.store import Store
from reconciler.model.effects import Effects
from reconciler.model.execution import Call, Execution, Thrown

MISSING = "HandlerMissing"
GRACE_SECONDS = 2.0
"""How long after its limit the host may take to tell how a run ended."""


@dataclass(frozen=True)
class Course:
    """A flow under way: the event that the next action sees, the effects so far, and the actions that come next.

    `hidden` are the secret values of the actions that ran, which nothing that is kept or shown may hold.
    """

    facts: TriggerFacts
    handler: str
    event: Mapping[str, Any]
    places: tuple[Bound, ...]
    effects: Effects = field(default_factory=Effects)
    hidden: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Passage:
    """One run through the actions without a pause. `waiting` is what the user has to do, and `asked` whose wish it is,
    where the flow is suspended."""

    course: Course
    steps: tuple[Step, ...]
    ending: Ending
    waiting: tuple[Call, ...] = ()
    asked: Bound | None = None


class Running:
    """Runs the flows of one tenant. Each passage has 20 seconds of its own (limits.md, section 1: a separate limit
    before and after a redirect)."""

    def __init__(self, store: Store, runner: Runner, install: Install, means: Means) -> None:
        self._store = store
        self._runner = runner
        self._install = install
        self._means = means

    async def passage(self, course: Course, again: Bound | None = None, handler: str = "") -> Passage:
        """Runs the handler of the action that sent the user away, where it has one, and then the actions that come
        next; the event of the course is the first one's."""
        deadline = time.monotonic() + limits.EXECUTION_SECONDS
        steps: list[Step] = []
        if again is not None:
            course, step, calls = await self._step(course, again, handler, deadline)
            if not _is_missing(step):
                steps.append(step)
                stop = _stop(course, step, calls)
                if stop:
                    return _stopped(course, steps, stop, calls)
        while course.places:
            place, course = course.places[0], replace(course, places=course.places[1:])
            course, step, calls = await self._step(course, place, course.handler, deadline)
            steps.append(step)
            stop = _stop(course, step, calls)
            if stop:
                return _stopped(course, steps, stop, calls)
        return Passage(course, tuple(steps), completion(course.facts.id, course.effects))

    async def _step(
        self, course: Course, place: Bound, handler: str, deadline: float
    ) -> tuple[Course, Step, tuple[Call, ...]]:
        """The course after that action, what it did with its secrets masked, and its calls as they were."""
        heard: list[Call] = []
        version = place.version
        what = await self._store.read(lambda connection: runnable_version(connection, place.action.name, version))
        work = await job(what, handler, course.event, self._install, self._means)
        work = replace(work, so_far=counted(course.effects), heard=heard.append)
        started, clock = self._means.stamps.next(), time.monotonic()
        execution = await self._run(work, deadline)
        elapsed, ended = (time.monotonic() - clock) * 1000, self._means.stamps.next()
        hidden = tuple(dict.fromkeys((*course.hidden, *work.secret_values())))
        calls = sound(course.facts, tuple(heard) or execution.calls)
        course = replace(_moved(course, execution, calls, log_date(ended)), hidden=hidden)
        return course, Step(place, masked(execution, hidden), started, ended, elapsed), calls

    async def _run(self, work: Job, deadline: float) -> Execution:
        """What the run did; one that ended too late failed, whatever it did. The host ends a run at its limit and tells
        what it had done by then; our own timeout is for a host that does not."""
        began = time.monotonic()
        left = max(0.0, deadline - began)
        try:
            async with asyncio.timeout(left + GRACE_SECONDS if left else 0.0):
                execution = await self._runner.run(replace(work, limit=left))
        except TimeoutError:
            execution = Execution(action=work.action, handler=work.handler)
        elapsed = time.monotonic() - began
        if execution.error is None and elapsed < left:
            return execution
        return execution.model_copy(
            update={"error": execution.error or _too_late(), "duration_ms": execution.duration_ms or elapsed * 1000}
        )


def _moved(course: Course, execution: Execution, calls: Sequence[Call], now: str) -> Course:
    """The course with what that action asked for. An action that threw asked for nothing: whether the platform keeps
    what it had called by then is not documented, and a half-done action is no decision."""
    if execution.error is not None:
        return course
    transaction = course.event.get("transaction") or {}
    asked = transaction.get("target_scopes") or transaction.get("requested_scopes") or ()
    effects = folded(course.effects, kept_calls(calls), asked)
    return replace(course, effects=effects, event=next_event(course.event, effects, calls, now))


def _stop(course: Course, step: Step, calls: Sequence[Call]) -> Ending | None:
    """How the flow stops after that action, or None where it goes on."""
    if step.execution.error is not None:
        return Ending("failed", step.execution.error.message)
    refused = denial(course.facts.id, calls)
    waiting = waits(calls, course.event)
    if refused or not waiting:
        return refused
    return cannot_wait(waiting[0], course.effects, course.event) or Ending("suspended", waiting[0].method)


def _stopped(course: Course, steps: Sequence[Step], stop: Ending, calls: Sequence[Call]) -> Passage:
    suspended = stop.status == "suspended"
    return Passage(
        course,
        tuple(steps),
        stop,
        waits(calls, course.event) if suspended else (),
        steps[-1].bound if suspended else None,
    )


def _is_missing(step: Step) -> bool:
    return step.execution.error is not None and step.execution.error.name == MISSING


def _too_late() -> Thrown:
    message = f"The actions of one trigger together have {limits.EXECUTION_SECONDS} seconds."
    return Thrown(name="ActionTimeout", message=message)
