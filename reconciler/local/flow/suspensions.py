"""Flows that wait for the user, kept in the database so that they outlive the process.

What is kept is sealed like the secrets of actions: the event tells of a person, and effects may hold a secret value.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.errors import Usage
from reconciler.local.flow.places import found, known_facts, noted
from reconciler.local.flow.run_record import Bound
from reconciler.local.flow.running import Course
from reconciler.local.keys import Keys
from reconciler.model.effects import Effects, Suspension
from reconciler.model.execution import Call

KEPT_SECONDS = 3600
"""limits.md, section 1: a redirect-based login as a whole has 1 hour."""

_STATE_BYTES = 16


@dataclass(frozen=True)
class Suspended:
    """A flow that waits. `waiting` is what the user has yet to do, the first of it now; `asked` is the action that
    wants it. `execution_id` is its record, `began` when it was fired."""

    course: Course
    waiting: tuple[Call, ...]
    asked: Bound
    execution_id: str
    began: int


@dataclass(frozen=True)
class Waiting:
    """A flow that waits, as far as it may be shown; `since` is an instant, `user_id` and `email` may be empty."""

    trigger: str
    since: int
    suspension: Suspension
    user_id: str
    email: str


def new_state(entropy: Callable[[int], bytes]) -> str:
    """An opaque value that nobody can guess, and that no command line takes for an option."""
    return entropy(_STATE_BYTES).hex()


def suspend(connection: sqlite3.Connection, keys: Keys, suspension: Suspension, flow: Suspended, now: int) -> None:
    """Keeps a flow under the state of its suspension, and drops those whose time is over. The hour counts from when the
    flow was fired, however often it is suspended."""
    connection.execute("DELETE FROM suspensions WHERE created_at < ?", (_oldest(now),))
    course = flow.course
    body = {
        "trigger": course.facts.id,
        "handler": course.handler,
        "event": course.event,
        "effects": course.effects.model_dump(mode="json"),
        "hidden": course.hidden,
        "places": [noted(place) for place in course.places],
        "waiting": [call.model_dump(mode="json") for call in flow.waiting],
        "asked": noted(flow.asked),
        "execution_id": flow.execution_id,
        "began": flow.began,
        "suspension": suspension.model_dump(mode="json"),
    }
    sealed = keys.sealed(json.dumps(body))
    connection.execute("INSERT INTO suspensions VALUES (?, ?, ?)", (suspension.state, flow.began, sealed))


def taken(connection: sqlite3.Connection, keys: Keys, state: str, now: int) -> Suspended:
    """The flow that waits under that state, which is used up by this. Usage where none does."""
    row = connection.execute(
        "DELETE FROM suspensions WHERE state = ? AND created_at >= ? RETURNING body", (state, _oldest(now))
    ).fetchone()
    if row is None:
        raise Usage(
            "No flow waits under that state: it was never given, was used already, or is older than an hour.",
            "Begin the flow again.",
        )
    body: Mapping[str, Any] = json.loads(keys.opened(row[0]))
    course = Course(
        facts=known_facts(body["trigger"]),
        handler=body["handler"],
        event=body["event"],
        places=tuple(found(connection, body["trigger"], note) for note in body["places"]),
        effects=Effects.model_validate(body["effects"]),
        hidden=tuple(body["hidden"]),
    )
    waiting = tuple(Call.model_validate(call) for call in body["waiting"])
    asked = found(connection, body["trigger"], body["asked"])
    return Suspended(course, waiting, asked, body["execution_id"], body["began"])


def list_waiting(connection: sqlite3.Connection, keys: Keys, now: int) -> tuple[Waiting, ...]:
    """The flows that wait, the newest first."""
    rows = connection.execute(
        "SELECT created_at, body FROM suspensions WHERE created_at >= ? ORDER BY rowid DESC", (_oldest(now),)
    )
    return tuple(_waiting(row[0], json.loads(keys.opened(row[1]))) for row in rows)


def _waiting(since: int, body: Mapping[str, Any]) -> Waiting:
    user = body["event"].get("user") or {}
    who = (str(user.get(name) or "") for name in ("user_id", "email"))
    return Waiting(body["trigger"], since, Suspension.model_validate(body["suspension"]), *who)


def _oldest(now: int) -> int:
    return now - KEPT_SECONDS * 1_000_000_000
