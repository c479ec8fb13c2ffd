"""Fires a trigger: runs its bound actions in order, stops where one says so, and keeps what happened."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from reconciler.catalogue import limits
from reconciler.catalogue.triggers import TriggerFacts, triggers
from reconciler.errors import TenantError, Usage
from reconciler.local.flow.run_record import (
    Bound,
    Step,
    about_event,
    execution_record,
    failure_entry,
    masked,
    write_record,
)
from reconciler.local.means import Means
from reconciler.local.node.job import Install, Job, Runner
from reconciler.local.state.flows import bound
from reconciler.local.state.jobs import Runnable, job
from reconciler.local.state.rows import list_actions, live_versions
from reconciler.local.state.store import Store
from reconciler.local.state.tenant_log import Entry, write_entry
from reconciler.model.execution import Call, Execution, FlowRun, Thrown

Status = Literal["completed", "denied", "failed", "suspended"]

_RECORDED = {"completed": "final", "denied": "final", "failed": "partial", "suspended": "suspended"}
"""The status of the execution record. A fixture of 2021 shows `partial` for a thrown error (logs.md, section 4);
`suspended` fits by its name; a denial is the action's own, regular end."""

_SUCCESS_WORDS = {"s": "Successful login"}


@dataclass(frozen=True)
class Ending:
    """How a flow ended, and why."""

    status: Status
    reason: str = ""


class Firing:
    """Runs flows of one tenant."""

    def __init__(self, store: Store, runner: Runner, install: Install, means: Means) -> None:
        self._store = store
        self._runner = runner
        self._install = install
        self._means = means

    async def fire(self, trigger: str, event: Mapping[str, Any], *, handler: str = "", action: str = "") -> FlowRun:
        """What firing that trigger with that event came to; see `EmbeddedTenant.fire`."""
        facts = known_facts(trigger)
        chosen = _handler(facts, handler)
        flow = await self._store.read(lambda connection: _flow(connection, facts, action))
        steps, ending = await self._steps(facts, chosen, flow, event)
        execution_id = self._means.new_id() if steps else ""
        about = about_event(event)
        log_id = await self._store.write(
            lambda connection: self._keep(connection, facts, execution_id, steps, ending, about)
        )
        return FlowRun(
            trigger=trigger,
            status=ending.status,
            reason=ending.reason,
            executions=tuple(step.execution for step in steps),
            execution_id=execution_id,
            log_id=log_id,
        )

    async def _steps(
        self, facts: TriggerFacts, handler: str, flow: Sequence[Bound], event: Mapping[str, Any]
    ) -> tuple[list[Step], Ending]:
        """The actions that ran, in order, and how it ended. All of them together have 20 seconds (limits.md, 1)."""
        steps: list[Step] = []
        deadline = time.monotonic() + limits.EXECUTION_SECONDS
        for place in flow:
            step = await self._step(place, handler, event, deadline)
            steps.append(step)
            ending = _ending(facts, step.execution)
            if ending is not None:
                return steps, ending
        return steps, Ending("completed")

    async def _step(self, place: Bound, handler: str, event: Mapping[str, Any], deadline: float) -> Step:
        version = place.version
        what = Runnable(version.id, place.action.name, version.material, version.packages)
        work = await job(what, handler, event, self._install, self._means)
        started, clock = self._means.stamps.next(), time.monotonic()
        try:
            async with asyncio.timeout(max(0.0, deadline - clock)):
                execution = await self._runner.run(work)
        except TimeoutError:
            execution = _timed_out(work, (time.monotonic() - clock) * 1000)
        elapsed = (time.monotonic() - clock) * 1000
        return Step(place, masked(execution, work.secrets.values()), started, self._means.stamps.next(), elapsed)

    def _keep(
        self,
        connection: sqlite3.Connection,
        facts: TriggerFacts,
        execution_id: str,
        steps: Sequence[Step],
        ending: Ending,
        about: Mapping[str, Any],
    ) -> str:
        """Writes the execution record and the entries; the log id of the flow's entry."""
        ended = self._means.stamps.next()
        if steps:
            record = execution_record(execution_id, facts.id, _RECORDED[ending.status], steps, ended)
            write_record(connection, record, steps[0].started)
        log_id = ""
        failures = (failure_entry(execution_id, facts.id, step, about) for step in steps)
        for failure in failures:
            log_id = write_entry(connection, failure, self._means) if failure else log_id
        entry = _flow_entry(facts, execution_id, steps, ending, ended, about)
        return write_entry(connection, entry, self._means) if entry else log_id


def known_facts(trigger: str) -> TriggerFacts:
    """The catalogue's facts of a trigger whose handlers are public; Usage otherwise."""
    facts = triggers().get(trigger)
    if facts is None or not facts.handlers:
        known = ", ".join(name for name, each in triggers().items() if each.handlers)
        raise Usage(f"The trigger {trigger} cannot be fired: its handlers are not known.", f"Use one of: {known}.")
    return facts


def _handler(facts: TriggerFacts, handler: str) -> str:
    if handler and handler not in facts.handlers:
        raise Usage(f"The trigger {facts.id} has no handler {handler}.", f"Use one of: {', '.join(facts.handlers)}.")
    return handler or facts.handlers[0]


def _flow(connection: sqlite3.Connection, facts: TriggerFacts, action: str) -> list[Bound]:
    """What runs: the bound actions; for an entity-bound trigger, whose binding lies in a resource that this tenant does
    not have, its single deployed action, or the one that is named."""
    if facts.bindable:
        return [Bound(*place) for place in bound(connection, facts.id)]
    actions = [row for row in list_actions(connection) if row.material.trigger_id == facts.id]
    live = live_versions(connection, actions)
    ready = [Bound(None, row, live[row.id]) for row in actions if row.id in live and live[row.id].status == "built"]
    if action:
        ready = [place for place in ready if place.action.name == action]
    if action and not ready:
        raise TenantError(f"No deployed action {action} has the trigger {facts.id}.", "Deploy it first.")
    if len(ready) > 1:
        names = ", ".join(place.action.name for place in ready)
        raise TenantError(f"Several deployed actions have the trigger {facts.id}.", f"Name one of them: {names}.")
    return ready


def _timed_out(job: Job, elapsed_ms: float) -> Execution:
    message = f"The actions of one trigger together have {limits.EXECUTION_SECONDS} seconds."
    thrown = Thrown(name="ActionTimeout", message=message)
    return Execution(action=job.action, handler=job.handler, error=thrown, duration_ms=elapsed_ms)


def _ending(facts: TriggerFacts, execution: Execution) -> Ending | None:
    """How the flow ends after this action, or None where it goes on. Of several such calls the first one counts."""
    if execution.error is not None:
        return Ending("failed", execution.error.message)
    methods = {method.name: method for method in facts.methods}
    for call in execution.calls:
        method = methods.get(call.method)
        if method is not None and (method.suspends_flow or call.method == "prompt.render"):
            return Ending("suspended", call.method)  # prompt.render ends the flow by showing a form: no denial
        if method is not None and method.ends_flow:
            return Ending("denied", _reason(call))
    return None


def _reason(call: Call) -> str:
    """The last text among the arguments, which is the reason of access.deny; else the name of the method."""
    texts = [argument for argument in call.args if isinstance(argument, str)]
    return texts[-1] if texts else call.method


def _flow_entry(
    facts: TriggerFacts,
    execution_id: str,
    steps: Sequence[Step],
    ending: Ending,
    ended: int,
    about: Mapping[str, Any],
) -> Entry | None:
    """The entry of the flow itself: the first code the catalogue names for its end.

    None where the platform documents no code for that end (event-stream, providers that succeed, post-challenge …), and
    for a suspended flow, which has not ended.
    """
    codes = facts.log_success if ending.status == "completed" else facts.log_failure
    if ending.status == "suspended" or not codes:
        return None
    began = steps[0].started if steps else ended
    details: dict[str, Any] = {
        "initiatedAt": began // 1_000_000,
        "completedAt": ended // 1_000_000,
        "elapsedTime": (ended - began) // 1_000_000,
    }
    if ending.status != "completed":
        details["error"] = {"message": ending.reason}
    if execution_id:
        details["actions"] = {"executions": [execution_id]}
    return Entry(codes[0], ending.reason or _SUCCESS_WORDS.get(codes[0], ""), details, about)
