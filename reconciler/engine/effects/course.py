"""A flow under way: what each action leaves to the next one, and how the flow ends or waits."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from reconciler.catalogue.triggers import TriggerFacts
from reconciler.engine.effects.addresses import with_query
from reconciler.engine.effects.ending import FORM, REDIRECT, Ending, cannot_wait, completion, denial, waits
from reconciler.engine.effects.folding import folded, kept_calls
from reconciler.engine.effects.onward import next_event
from reconciler.model.effects import Effects
from reconciler.model.execution import Call, Execution

P = TypeVar("P")
"""What stands for an action in its place of the flow."""

S = TypeVar("S")
"""What whoever runs the actions keeps of one that ran."""

_MISSING = "HandlerMissing"
_CONTINUE = "onContinue"


@dataclass(frozen=True)
class Course(Generic[P]):
    """A flow under way: the event that the next action sees, the effects so far, and the actions that come next.

    `hidden` are the secret values of the actions that ran, which nothing that is kept or shown may hold.
    """

    facts: TriggerFacts
    handler: str
    event: Mapping[str, Any]
    places: tuple[P, ...]
    effects: Effects = field(default_factory=Effects)
    hidden: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Passage(Generic[P, S]):
    """One run through the actions without a pause. `waiting` is what the user has to do, and `asked` whose wish it is,
    where the flow is suspended."""

    course: Course[P]
    steps: tuple[S, ...]
    ending: Ending
    waiting: tuple[Call, ...] = ()
    asked: P | None = None


@dataclass(frozen=True)
class Done(Generic[S]):
    """One action that ran: what it did as it may be shown, its calls as they were, the instant it ended as events write
    it, and the secret values that it could read."""

    step: S
    execution: Execution
    calls: tuple[Call, ...]
    now: str
    hidden: tuple[str, ...] = field(default=(), repr=False)


Run = Callable[[Course[P], P, str], Awaitable[Done[S]]]
"""Runs that handler of an action with the event of the course."""


async def passed(course: Course[P], run: Run[P, S], again: P | None = None, handler: str = "") -> Passage[P, S]:
    """Runs that handler of the action that sent the user away (`again`), where it has one, and then the actions that
    come next, up to the end or to where the flow waits; the event of the course is the first one's."""
    steps: list[S] = []
    if again is not None:
        done = await run(course, again, handler)
        course = _moved(course, done)
        if not _is_missing(done.execution):
            steps.append(done.step)
            stop = _stop(course, done)
            if stop:
                return _stopped(course, steps, stop, done.calls, again)
    while course.places:
        place, course = course.places[0], replace(course, places=course.places[1:])
        done = await run(course, place, course.handler)
        course = _moved(course, done)
        steps.append(done.step)
        stop = _stop(course, done)
        if stop:
            return _stopped(course, steps, stop, done.calls, place)
    return Passage(course, tuple(steps), completion(course.facts.id, course.effects))


def continuing(facts: TriggerFacts, waited: Call) -> str:
    """The handler of the action that sent the user away which runs when the user is back; empty where none does: after
    a factor, or where the trigger has none."""
    if waited.method not in (REDIRECT, FORM):
        return ""
    return next((name for name in facts.handlers if name.startswith(_CONTINUE)), "")


def sent_to(waited: Call, more: Mapping[str, Any]) -> str:
    """Where the user is sent, with the query that the action asked for and `more`; empty for a factor or a form, which
    the platform shows itself."""
    if waited.method != REDIRECT:
        return ""
    options = waited.args[1] if len(waited.args) > 1 and waited.args[1] else {}
    return with_query(waited.args[0], {**(options.get("query") or {}), **more})


def _moved(course: Course[P], done: Done[S]) -> Course[P]:
    """The course with what that action asked for. An action that threw asked for nothing: whether the platform keeps
    what it had called by then is not documented, and a half-done action is no decision."""
    course = replace(course, hidden=tuple(dict.fromkeys((*course.hidden, *done.hidden))))
    if done.execution.error is not None:
        return course
    transaction = course.event.get("transaction") or {}
    asked = transaction.get("target_scopes") or transaction.get("requested_scopes") or ()
    effects = folded(course.effects, kept_calls(done.calls), asked)
    return replace(course, effects=effects, event=next_event(course.event, effects, done.calls, done.now))


def _stop(course: Course[P], done: Done[S]) -> Ending | None:
    """How the flow stops after that action, or None where it goes on."""
    if done.execution.error is not None:
        return Ending("failed", done.execution.error.message)
    refused = denial(course.facts.id, done.calls)
    waiting = waits(done.calls, course.event)
    if refused or not waiting:
        return refused
    return cannot_wait(waiting[0], course.effects, course.event) or Ending("suspended", waiting[0].method)


def _stopped(course: Course[P], steps: Sequence[S], stop: Ending, calls: Sequence[Call], place: P) -> Passage[P, S]:
    suspended = stop.status == "suspended"
    return Passage(
        course, tuple(steps), stop, waits(calls, course.event) if suspended else (), place if suspended else None
    )


def _is_missing(execution: Execution) -> bool:
    return execution.error is not None and execution.error.name == _MISSING
