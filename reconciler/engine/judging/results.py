"""What the calls come to and what is left in the cache."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from reconciler.engine.effects.folding import folded, kept_calls
from reconciler.engine.judging.causes import cause_of
from reconciler.engine.judging.difference import differences
from reconciler.engine.judging.shown import told
from reconciler.engine.matching import mismatches
from reconciler.model.case import Expected, Failure
from reconciler.model.effects import Effects
from reconciler.model.execution import Call, Execution

NAMES: Final = tuple(Effects.model_fields)
"""What `effects` of an expectation may name."""


def effects_of(execution: Execution, event: Mapping[str, Any]) -> Effects:
    """What the calls of one action come to; of an action that threw nothing, as in a flow. Scopes are relative to
    those that the event says were asked for."""
    if execution.error is not None:
        return Effects()
    return folded(Effects(), kept_calls(execution.calls), scopes_asked(event))


def scopes_asked(event: Mapping[str, Any]) -> tuple[str, ...]:
    """The scopes that were asked for, as the event says."""
    transaction = event.get("transaction") or {}
    return tuple(transaction.get("target_scopes") or transaction.get("requested_scopes") or ())


def effect_failures(
    expect: Expected, effects: Effects, calls: Sequence[Call] = (), asked: Sequence[str] = ()
) -> Iterator[Failure]:
    """Why the effects are not as expected, as one failure; `calls` are those that they come from, where its place in
    the code is to be told, and `asked` the scopes that were asked for."""
    for failure in _failures("effects", expect.effects or {}, effects.model_dump(mode="json")):
        cause = cause_of(expect.effects or {}, effects, kept_calls(calls), asked)
        yield failure.model_copy(update={"line": cause.line, "column": cause.column}) if cause else failure


def cache_failures(expect: Expected, before: Mapping[str, str], done: Mapping[str, str | None]) -> Iterator[Failure]:
    """Why the cache is not as expected, as one failure; `before` is what it held, `done` what was done to it."""
    if expect.cache is not None:
        wanted = {key: {"$absent": True} if value is None else value for key, value in expect.cache.items()}
        got = {key: value for key, value in {**before, **done}.items() if value is not None}
        yield from _failures("cache", wanted, got)


def _failures(name: str, wanted: Mapping[str, Any], got: Mapping[str, Any]) -> Iterator[Failure]:
    why = [each._replace(path=each.path.removeprefix(".")) for each in mismatches(wanted, got, partial=True)]
    if why:
        more = f", and {len(why) - 1} more" if len(why) > 1 else ""
        yield Failure(message=f"{name}: {told(why[0])}{more}.", diff=differences(why))
