"""Runs the cases of flows: all bound actions together, each with what the earlier ones left."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from reconciler.catalogue import limits
from reconciler.catalogue.triggers import triggers
from reconciler.desired.located_cases import LocatedFlowCase
from reconciler.desired.state import Loaded
from reconciler.engine.effects.arguments import sound
from reconciler.engine.effects.counted import counted
from reconciler.engine.effects.course import Course, Done, Passage, continuing, passed, sent_to
from reconciler.engine.effects.ending import Ending
from reconciler.engine.effects.onward import event_on_return
from reconciler.engine.flow_cases import flow_outcome
from reconciler.engine.overlay import laid_over
from reconciler.local.node.job import Job, Runner
from reconciler.local.stamp import log_date, nanoseconds
from reconciler.model.case import Outcome
from reconciler.model.effects import Suspension
from reconciler.model.execution import Execution, FlowRun
from reconciler.model.flow_case import FlowCase, Return
from reconciler.run.case_jobs import Packages, action_job
from reconciler.run.case_runs import CaseRun
from reconciler.run.modules import given_over
from reconciler.run.snapshots import Pictured, Snapshots, hidden_of_each

STATE = "state"
"""What a flow that waits is known by, in place of the platform's random one."""

NOT_ON_TENANT = "skipped: the endpoint runs one action by itself"

Steps = tuple[Execution, ...]


class Stage(NamedTuple):
    """What the cases of flows are run with. `now` is what the clock says, for cases that do not say it; `on_tenant` is
    whether cases are asked to run on a tenant as well."""

    loaded: Loaded
    packages: Packages
    now: datetime
    on_tenant: bool = False


def flow_runs_of(stage: Stage, cases: Iterable[LocatedFlowCase], snapshots: Snapshots) -> Iterator[CaseRun]:
    """A run for each of those cases, in their order."""
    return (_run(stage, each, snapshots) for each in cases)


def bound_actions(loaded: Loaded, triggers: Iterable[str]) -> tuple[str, ...]:
    """The names of the actions that those flows run, each once."""
    flows = (flow for trigger in triggers if (flow := loaded.desired.flow(trigger)))
    return tuple(dict.fromkeys(binding.action for flow in flows for binding in flow.bindings))


def _run(stage: Stage, located: LocatedFlowCase, snapshots: Snapshots) -> CaseRun:
    case = located.case

    async def run(runner: Runner) -> Outcome:
        play = _Play(stage, located, runner)
        ended = await play.played()
        outcome = flow_outcome(case, ended, waits_left=play.waits_left, file=located.file, line=located.line)
        return outcome.model_copy(update={"on_tenant": NOT_ON_TENANT}) if stage.on_tenant else outcome

    git = stage.loaded.desired
    secrets = {**hidden_of_each(case.module_secrets, git.module), **hidden_of_each(case.secrets, git.action)}
    return snapshots.of(run, Pictured(located.file, case.name, secrets)) if case.snapshot else run


class _Play:
    """One case of a flow while it runs. The cache, and the replies that are left, are as the actions so
    far left them."""

    def __init__(self, stage: Stage, located: LocatedFlowCase, runner: Runner) -> None:
        self._stage = stage
        self._case: FlowCase = located.case
        self._event = located.event
        self._key = f"{located.trigger}:{located.line}"
        self._runner = runner
        self._facts = triggers()[located.trigger]
        self._flow = stage.loaded.desired.flow(located.trigger)
        self._now = log_date(nanoseconds(located.case.now or stage.now))
        self._cache = dict(located.case.cache)
        self._answered: Counter[int] = Counter()
        self.waits_left = len(located.case.returns)
        self._deadline = 0.0
        self._number = 0

    async def played(self) -> FlowRun:
        """What the flow came to, after all that the user came back with."""
        places = tuple(binding.action for binding in self._flow.bindings) if self._flow else ()
        passage = await self._passed(Course(self._facts, self._facts.handlers[0], self._event, places))
        steps = passage.steps
        for back in self._case.returns:
            if passage.ending.status != "suspended":
                break
            self.waits_left -= 1
            passage = await self._returned(passage, back)
            steps += passage.steps
        return self._flow_run(passage, steps)

    async def _returned(self, passage: Passage[str, Execution], back: Return) -> Passage[str, Execution]:
        """The flow after the user did the first of what it waits for: it waits for the next, or goes on."""
        waited, *still = passage.waiting
        event = event_on_return(passage.course.event, waited, STATE, {"request": _request(back)}, self._now)
        course = replace(passage.course, event=laid_over(event, back.event))
        if still:
            return Passage(course, (), Ending("suspended", still[0].method), tuple(still), passage.asked)
        handler = continuing(self._facts, waited)
        return await self._passed(course, passage.asked if handler else None, handler)

    async def _passed(
        self, course: Course[str], again: str | None = None, handler: str = ""
    ) -> Passage[str, Execution]:
        """One run through the actions; each has 20 seconds of its own (limits.md, section 1)."""
        self._deadline = time.monotonic() + limits.EXECUTION_SECONDS
        return await passed(course, self._step, again, handler)

    async def _step(self, course: Course[str], name: str, handler: str) -> Done[Execution]:
        execution = await self._runner.run(self._job(course, name, handler))
        self._answered.update(request.stub for request in execution.requests if request.stub is not None)
        for key, value in execution.cache.items():
            self._cache.pop(key, None)
            if value is not None:
                self._cache[key] = value
        return Done(execution, execution, sound(course.facts, execution.calls), self._now)

    def _job(self, course: Course[str], name: str, handler: str) -> Job:
        stage, case = self._stage, self._case
        action = stage.loaded.desired.action(name)
        assert action, "the checks let no flow pass that binds what is not there"
        job = action_job(stage.loaded, stage.packages, action)
        self._number += 1
        return replace(
            job,
            key=f"{self._key}:{self._number}",
            handler=handler,
            event=course.event,
            secrets={**job.secrets, **case.secrets.get(name, {})},
            modules=given_over(job.modules, case.module_secrets),
            stubs=case.http,
            now=case.now,
            limit=max(0.0, self._deadline - time.monotonic()),
            so_far=counted(course.effects),
            seed=None if case.seed is None else f"{case.seed}:{self._number}",
            cache=dict(self._cache),
            answered=dict(self._answered),
        )

    def _flow_run(self, passage: Passage[str, Execution], steps: Steps) -> FlowRun:
        return FlowRun(
            trigger=self._facts.id,
            status=passage.ending.status,
            reason=passage.ending.reason,
            code=passage.ending.code,
            user_message=passage.ending.user_message,
            executions=steps,
            effects=passage.course.effects,
            suspension=_suspension(passage),
        )


def _request(back: Return) -> Mapping[str, Any]:
    """A form that is sent back is a POST."""
    sent = {"method": "POST", "body": back.body} if back.body else {}
    return {"query": back.query, **sent}


def _suspension(passage: Passage[str, Execution]) -> Suspension | None:
    if passage.asked is None:
        return None
    call = passage.waiting[0]
    return Suspension(state=STATE, method=call.method, action=passage.asked, args=call.args, url=sent_to(call, {}))
