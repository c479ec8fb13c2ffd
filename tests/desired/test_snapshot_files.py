"""Snapshot files: what is written reads back as it was, the same way every time."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.desired.located_yaml import parse
from reconciler.desired.writing.snapshots import render_snapshots
from reconciler.engine.snapshots import plain, recorded
from reconciler.model.effects import Effects
from reconciler.model.execution import Call, Execution

FILE = "actions/a/cases.snapshot.yaml"
TEXTS = st.text(st.characters(exclude_categories=()))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(TEXTS, below, max_size=4),
    max_leaves=10,
)


def snapshot(*args: Any, console: tuple[str, ...] = ()) -> dict[str, Any]:
    """The snapshot of a run that makes one call."""
    execution = Execution(action="a", handler="b", calls=(Call(method="user.setX", args=args),), console=console)
    return plain(recorded(execution, Effects(user_metadata={f"at {at}": arg for at, arg in enumerate(args)})))


@given(st.dictionaries(st.text(min_size=1), st.lists(VALUES, max_size=3), min_size=1, max_size=3), st.lists(TEXTS))
def test_whatever_happened_reads_back_as_it_was(happened: dict[str, list[Any]], console: list[str]) -> None:
    entries = {name: snapshot(*args, console=tuple(console)) for name, args in happened.items()}
    source = parse(render_snapshots(FILE, entries), FILE)
    assert source.diagnostics == ()
    assert json.dumps(source.value, sort_keys=True) == json.dumps(entries, sort_keys=True)


def test_the_order_of_names_is_that_of_the_alphabet() -> None:
    one, other = snapshot({"b": 1, "a": 2}), snapshot({"a": 2, "b": 1})
    assert render_snapshots(FILE, {"x": one, "w": other}) == render_snapshots(FILE, {"w": one, "x": other})


@pytest.mark.parametrize(("number", "kept"), [(1.0, 1), (1e21, str(10**21)), (1e-7, 1e-7), (5e-324, "5e-324")])
def test_a_number_is_kept_as_yaml_can_have_it(number: float, kept: Any) -> None:
    assert snapshot(number)["api"][0]["args"] == [kept]
