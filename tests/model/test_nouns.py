"""Every noun is a value: frozen, hashable, the same after a trip through JSON."""

from __future__ import annotations

import importlib
import pkgutil
import typing
from collections.abc import Iterator

import pytest
from pydantic import ValidationError

import reconciler.model
from reconciler.model.frozen import Frozen
from tests.engine.worlds import action, desired, live_action


def nouns() -> Iterator[type[Frozen]]:
    for module in pkgutil.iter_modules(reconciler.model.__path__):
        for value in vars(importlib.import_module(f"reconciler.model.{module.name}")).values():
            if isinstance(value, type) and issubclass(value, Frozen) and value.__module__.endswith(module.name):
                yield value


@pytest.mark.parametrize("noun", [*nouns()], ids=lambda noun: noun.__name__)
def test_a_noun_is_frozen_closed_and_made_of_tuples(noun: type[Frozen]) -> None:
    assert noun.model_config["frozen"] and noun.model_config["extra"] == "forbid"
    for name, field in noun.model_fields.items():
        assert typing.get_origin(field.annotation) not in (list, set), name


def test_a_noun_cannot_be_changed_and_equal_ones_have_one_hash() -> None:
    one, other = action("alpha"), action("alpha")
    assert len({one, other}) == 1
    with pytest.raises(ValidationError):
        one.name = "beta"  # type: ignore[misc]


def test_what_is_there_is_found_by_name() -> None:
    wanted = desired(action("alpha"))
    assert wanted.action("alpha") == wanted.actions[0]
    assert wanted.action("beta") is None
    assert type(live_action("alpha")).model_validate_json(live_action("alpha").model_dump_json()) == live_action(
        "alpha"
    )
