"""Fires a trigger: runs its bound actions in order, stops where one says so, and keeps what happened."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from reconciler.engine.effects.course import continuing, sent_to
from reconciler.engine.effects.ending import Ending
from reconciler.engine.effects.onward import event_on_return
from reconciler.local.flow.entries import Told, entries
from reconciler.local.flow.places import check_shape, known_facts, known_handler, places
from reconciler.local.flow.run_record import (
    execution_record,
    find_record,
    longer_record,
    masked_run,
    write_record,
)
from reconciler.local.flow.running import Course, Passage, Running
from reconciler.local.flow.suspensions import Suspended, Waiting, list_waiting, new_state, suspend, taken
from reconciler.local.means import Means
from reconciler.local.node.job import Install, Runner
from reconciler.local.stamp import log_date
from reconciler.local.state.store import Store
from reconciler.local.state.tenant_log import write_entry
from reconciler.model.effects import Effects, Suspension
from reconciler.model.execution import FlowRun

Heed = Callable[[Effects], Awaitable[None]]
"""Hears what the actions of a flow asked for, secret values as they are."""


class Firing:
    """Runs flows of one tenant."""

    def __init__(self, store: Store, runner: Runner, install: Install, means: Means) -> None:
        self._store = store
        self._means = means
        self._running = Running(store, runner, install, means)

    async def fire(
        self,
        trigger: str,
        event: Mapping[str, Any],
        *,
        handler: str = "",
        action: str = "",
        reveal: bool = False,
        heed: Heed | None = None,
    ) -> FlowRun:
        """What firing that trigger with that event came to; see `EmbeddedTenant.fire`.

        `reveal` leaves secret values that actions put into claims, metadata, URLs or reasons as they are: for what is
        handed to the user's browser or written into a token, never for what is shown, logged or kept. `heed` hears of
        them at the end of the flow, for what is kept sealed.
        """
        facts = known_facts(trigger)
        chosen = known_handler(facts, handler)
        check_shape(facts, event)
        bound = await self._store.read(lambda connection: places(connection, facts, action))
        began = self._means.stamps.next()
        execution_id = self._means.new_id() if bound else ""
        passage = await self._running.passage(Course(facts, chosen, event, tuple(bound)))
        return await self._ended(passage, execution_id, began, again=False, reveal=reveal, heed=heed)

    async def resume(
        self, state: str, overlay: Mapping[str, Any], *, reveal: bool = False, heed: Heed | None = None
    ) -> FlowRun:
        """What a suspended flow came to, now that the user is back; see `EmbeddedTenant.resume` and `fire`."""
        flow = await self._store.write(lambda connection: self._taken(connection, state, overlay))
        course, done = flow.course, flow.waiting[0]
        if flow.waiting[1:]:
            still = Passage(course, (), Ending("suspended", flow.waiting[1].method), flow.waiting[1:], flow.asked)
            return await self._ended(still, flow.execution_id, flow.began, again=True, reveal=reveal, heed=heed)
        handler = continuing(course.facts, done)
        again = flow.asked if handler else None
        passage = await self._running.passage(course, again, handler)
        return await self._ended(passage, flow.execution_id, flow.began, again=True, reveal=reveal, heed=heed)

    def _taken(self, connection: sqlite3.Connection, state: str, overlay: Mapping[str, Any]) -> Suspended:
        """The flow that waits, with the event that it goes on with; it goes on waiting where that makes no sense."""
        now = self._means.stamps.next()
        flow = taken(connection, self._means.keys, state, now)
        event = event_on_return(flow.course.event, flow.waiting[0], state, overlay, log_date(now))
        check_shape(flow.course.facts, event)
        return replace(flow, course=replace(flow.course, event=event))

    async def waiting(self) -> tuple[Waiting, ...]:
        """The flows that wait for a user, the newest first."""
        now = self._means.stamps.next()
        return await self._store.read(lambda connection: list_waiting(connection, self._means.keys, now))

    async def _ended(
        self, passage: Passage, execution_id: str, began: int, *, again: bool, reveal: bool, heed: Heed | None
    ) -> FlowRun:
        suspension = self._suspension(passage)
        log_id = await self._store.write(
            lambda connection: self._keep(connection, passage, execution_id, began, suspension, again)
        )
        run = FlowRun(
            trigger=passage.course.facts.id,
            status=passage.ending.status,
            reason=passage.ending.reason,
            code=passage.ending.code,
            user_message=passage.ending.user_message,
            executions=tuple(step.execution for step in passage.steps),
            effects=passage.course.effects,
            suspension=suspension,
            execution_id=execution_id,
            log_id=log_id,
        )
        if heed is not None and suspension is None:
            await heed(run.effects)
        return run if reveal else masked_run(run, passage.course.hidden)

    def _suspension(self, passage: Passage) -> Suspension | None:
        """Where the user is sent: the URL with its query and the state in it."""
        if passage.asked is None:
            return None
        call, state = passage.waiting[0], new_state(self._means.entropy)
        url = sent_to(call, {"state": state})
        return Suspension(state=state, method=call.method, action=passage.asked.action.name, args=call.args, url=url)

    def _keep(
        self,
        connection: sqlite3.Connection,
        passage: Passage,
        execution_id: str,
        began: int,
        suspension: Suspension | None,
        again: bool,
    ) -> str:
        """Writes the execution record, the suspension and the entries; the log id of the flow's entry."""
        ended, course = self._means.stamps.next(), passage.course
        status = _record_status(passage)
        if again:
            before = find_record(connection, execution_id)
            write_record(connection, longer_record(before, status, passage.steps, ended), began)
        elif passage.steps:
            write_record(
                connection, execution_record(execution_id, course.facts.id, status, passage.steps, ended), began
            )
        if suspension and passage.asked:
            flow = Suspended(course, passage.waiting, passage.asked, execution_id, began)
            suspend(connection, self._means.keys, suspension, flow, ended)
        log_id = ""
        for entry in entries(Told(course, passage.steps, passage.ending, execution_id, began, ended)):
            log_id = write_entry(connection, entry, self._means)
        return log_id


def _record_status(passage: Passage) -> str:
    """The status of the execution record. A fixture of 2021 shows `partial` for a thrown error (logs.md, section 4);
    `suspended` fits by its name; a denial is the action's own, regular end."""
    if any(step.execution.error for step in passage.steps):
        return "partial"
    return "suspended" if passage.ending.status == "suspended" else "final"
