"""Runs the actions of a flow in order, up to its end or to where it waits for the user."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

from reconciler.catalogue import limits
from reconciler.engine.effects import course
from reconciler.engine.effects.arguments import sound
from reconciler.engine.effects.counted import counted
from reconciler.engine.effects.course import Done, passed
from reconciler.local.flow.run_record import Bound, Step, masked
from reconciler.local.means import Means
from reconciler.local.node.job import Install, Job, Runner
from reconciler.local.stamp import log_date
from reconciler.local.state.jobs import job, runnable_version
from reconciler.local.state.store import Store
from reconciler.model.execution import Call, Execution, Thrown

GRACE_SECONDS = 2.0
"""How long after its limit the host may take to tell how a run ended."""

Course = course.Course[Bound]
Passage = course.Passage[Bound, Step]


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

        async def run(course: Course, place: Bound, handler: str) -> Done[Step]:
            return await self._step(course, place, handler, deadline)

        return await passed(course, run, again, handler)

    async def _step(self, course: Course, place: Bound, handler: str, deadline: float) -> Done[Step]:
        """What that action did, with its secrets masked, and its calls as they were."""
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
        step = Step(place, masked(execution, hidden), started, ended, elapsed)
        return Done(step, step.execution, calls, log_date(ended), hidden)

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


def _too_late() -> Thrown:
    message = f"The actions of one trigger together have {limits.EXECUTION_SECONDS} seconds."
    return Thrown(name="ActionTimeout", message=message)
