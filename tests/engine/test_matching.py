"""Expected values against what there is."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine.matchers import found, mistakes, written
from reconciler.engine.matching import ABSENT, fits, mismatches

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("a$._", max_size=3), inner, max_size=3),
    max_leaves=10,
)


@given(JSON)
def test_every_value_fits_itself_as_a_case_writes_it(value: Any) -> None:
    assert fits(written(value), value)
    assert list(mistakes(written(value))) == []


@given(JSON, JSON, st.booleans())
def test_a_value_fits_just_where_nothing_is_amiss(wanted: Any, got: Any, partial: bool) -> None:
    assert fits(wanted, got, partial=partial) == (list(mismatches(wanted, got, partial=partial)) == [])


@given(JSON, JSON)
def test_what_fits_whole_fits_in_part(wanted: Any, got: Any) -> None:
    assert not fits(wanted, got) or fits(wanted, got, partial=True)


@given(JSON, JSON)
def test_a_plain_value_fits_only_its_equal(wanted: Any, got: Any) -> None:
    assert not fits(written(wanted), got) or fits(written(got), wanted)


FITTING = [
    (1, 1.0), ([1, [2]], (1, (2,))), ({"a": None}, {"a": None}),
    ({"$any": True}, None), ({"$any": "string"}, ""), ({"$any": "number"}, 0), ({"$any": "number"}, 0.5),
    ({"$any": "boolean"}, False), ({"$any": "object"}, {}), ({"$any": "array"}, []),
    ({"$regex": "b+"}, "abbc"), ({"$regex": "(?i)^ABC$"}, "abc"),
    ({"$contains": "b"}, "abc"), ({"$contains": 2}, [1, 2]), ({"$contains": {"a": 1}}, [{"a": 1, "b": 2}]),
    ({"$contains": [3, 1]}, [1, 2, 3]), ({"$contains": {"a": {"b": 1}}}, {"a": {"b": 1, "c": 2}, "d": 3}),
    ({"$contains": {"$regex": "^x"}}, ["y", "xy"]),
    ({"a": 1, "b": {"$absent": True}}, {"a": 1}), (["x", {"$absent": True}], ["x"]),
    ({"$$any": True}, {"$any": True}), ({"$$$a": 1}, {"$$a": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("wanted", "got"), FITTING)
def test_fits(wanted: Any, got: Any) -> None:
    assert fits(wanted, got)


DIFFERING = [
    (1, True), (0, False), (1, "1"), (None, ABSENT), ([1], [1, 2]), ([1, 2], [1]), ({"a": 1}, {"a": 1, "b": 2}),
    ({}, []), ("", None),
    ({"$any": True}, ABSENT), ({"$any": "number"}, True), ({"$any": "string"}, None), ({"$any": "object"}, []),
    ({"$regex": "^b"}, "ab"), ({"$regex": "1"}, 1), ({"$regex": "x"}, None),
    ({"$contains": "x"}, "abc"), ({"$contains": 3}, [1, 2]), ({"$contains": "a"}, {"a": 1}), ({"$contains": 1}, 1),
    ({"$absent": True}, None), ({"a": {"$absent": True}}, {"a": None}),
    ({"$$any": True}, {"a": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("wanted", "got"), DIFFERING)
def test_does_not_fit(wanted: Any, got: Any) -> None:
    assert not fits(wanted, got)


def test_in_part_an_object_may_have_more_at_any_depth() -> None:
    wanted = {"a": [{"b": 1}]}
    assert fits(wanted, {"a": [{"b": 1, "c": 2}], "d": 3}, partial=True)
    assert not fits(wanted, {"a": [{"b": 1}, {}]}, partial=True)
    assert not fits({"a": {"$absent": True}}, {"a": 1}, partial=True)


def test_every_mismatch_has_its_path() -> None:
    wanted = {"user": {"roles": ["a", {"$regex": "^b"}], "e mail": "x"}, "gone": 1}
    got = {"user": {"roles": ["a", "c", "d"], "e mail": "y"}, "more": True}
    assert [tuple(each) for each in mismatches(wanted, got)] == [
        (".user.roles[1]", {"$regex": "^b"}, "c"),
        (".user.roles[2]", ABSENT, "d"),
        ('.user["e mail"]', "x", "y"),
        (".gone", 1, ABSENT),
        (".more", ABSENT, True),
    ]


def test_no_regex_takes_longer_than_the_text_is_long() -> None:
    started = time.process_time()
    assert not found(r"^(a+)+$", "a" * 100_000 + "b")
    assert not found(r"^(.*?,){12}P", "1,2,3,4,5,6,7,8,9,10,11,12,13,14" * 100)
    assert time.process_time() - started < 2


def test_a_regex_takes_any_text() -> None:
    assert found("^x.y$", "x\ud800y")
    assert not found("(", "(")
