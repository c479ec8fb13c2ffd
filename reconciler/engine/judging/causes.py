"""Which call an effect comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.engine.effects.folding import folded
from reconciler.engine.matchers import key_of
from reconciler.engine.matching import ABSENT, fits
from reconciler.model.effects import Effects
from reconciler.model.execution import Call


def cause_of(wanted: Mapping[str, Any], effects: Effects, calls: Sequence[Call], asked: Sequence[str]) -> Call | None:
    """The last call that changed the first effect that is not as wanted; None where no call did. `effects` are what
    the calls come to, `asked` the scopes that were asked for."""
    place = _first_amiss(wanted, effects)
    so_far, cause = Effects(), None
    for call in calls if place else ():
        after = folded(so_far, [call], asked)
        if _at(after, place) != _at(so_far, place):
            cause = call
        so_far = after
    return cause


def _first_amiss(wanted: Mapping[str, Any], effects: Effects) -> tuple[str, ...]:
    """The name of the effect and, where it has keys, the first key that is not as wanted."""
    for name, value in wanted.items():
        if fits(value, _at(effects, (name,)), partial=True):
            continue
        keys = value if isinstance(value, Mapping) else ()
        wrong = (key_of(key) for key in keys if not fits(value[key], _at(effects, (name, key_of(key))), partial=True))
        return (name, *list(wrong)[:1])
    return ()


def _at(effects: Effects, place: tuple[str, ...]) -> Any:
    value = getattr(effects, place[0], ABSENT)
    for key in place[1:]:
        value = value.get(key, ABSENT) if isinstance(value, Mapping) else ABSENT
    return value
