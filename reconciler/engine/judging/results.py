"""What the calls come to and what is left in the cache."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from reconciler.engine.effects.folding import folded, kept_calls
from reconciler.engine.judging.difference import differences
from reconciler.engine.judging.shown import told
from reconciler.engine.matching import mismatches
from reconciler.model.case import Expected, Failure
from reconciler.model.effects import Effects
from reconciler.model.execution import Execution

NAMES: Final = tuple(Effects.model_fields)
"""What `effects` of an expectation may name."""


def effects_of(execution: Execution, event: Mapping[str, Any]) -> Effects:
    """What the calls of one action come to; of an action that threw nothing, as in a flow. Scopes are relative to
    those that the event says were asked for."""
    if execution.error is not None:
        return Effects()
    transaction = event.get("transaction") or {}
    asked = transaction.get("target_scopes") or transaction.get("requested_scopes") or ()
    return folded(Effects(), kept_calls(execution.calls), asked)


def effect_failures(expect: Expected, effects: Effects) -> Iterator[Failure]:
    """Why the effects are not as expected, as one failure."""
    if expect.effects is not None:
        yield from _failures("effects", expect.effects, effects.model_dump(mode="json"))


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
