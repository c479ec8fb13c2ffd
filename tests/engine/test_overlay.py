"""Laying one event over another: a JSON merge patch."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine.overlay import laid_over

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=10,
)
MAPPINGS = st.dictionaries(st.text(max_size=2), JSON, max_size=4)


def test_an_overlay_merges_mappings_replaces_lists_and_takes_away_what_is_null() -> None:
    sample = {"user": {"email": "a@example.com", "roles": ["a", "b"], "name": "A"}, "stats": {"logins": 1}}
    overlay = {"user": {"roles": ["c"], "name": None, "plan": {"id": 1, "end": None}}, "stats": 3}
    assert laid_over(sample, overlay) == {
        "user": {"email": "a@example.com", "roles": ["c"], "plan": {"id": 1}},
        "stats": 3,
    }
    assert sample["user"]["name"] == "A"  # type: ignore[index]


@given(MAPPINGS, MAPPINGS)
def test_laying_an_overlay_twice_is_laying_it_once(sample: dict[str, Any], overlay: dict[str, Any]) -> None:
    once = laid_over(sample, overlay)
    assert laid_over(once, overlay) == once


@given(MAPPINGS)
def test_an_empty_overlay_changes_nothing(sample: dict[str, Any]) -> None:
    assert laid_over(sample, {}) == sample


@given(MAPPINGS, MAPPINGS, MAPPINGS)
def test_two_overlays_one_after_the_other_leave_what_the_last_one_says(
    sample: dict[str, Any], first: dict[str, Any], last: dict[str, Any]
) -> None:
    both = laid_over(laid_over(sample, first), last)
    assert laid_over(both, last) == both
    assert all(key not in both for key, value in last.items() if value is None)


@given(MAPPINGS, MAPPINGS)
def test_neither_side_is_changed(sample: dict[str, Any], overlay: dict[str, Any]) -> None:
    before = copy.deepcopy((sample, overlay))
    laid_over(sample, overlay)
    assert (sample, overlay) == before
