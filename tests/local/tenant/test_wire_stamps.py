from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.local.stamp import Stamps, rfc3339
from tests.contract.instants import parse_rfc3339

INSTANTS = st.integers(min_value=0, max_value=4_102_444_800_000_000_000)


@given(INSTANTS)
def test_an_instant_is_read_back_as_it_was_printed(instant: int) -> None:
    assert parse_rfc3339(rfc3339(instant)) == instant


@given(INSTANTS)
def test_an_instant_has_0_3_6_or_9_digits_and_as_few_as_it_needs(instant: int) -> None:
    fraction = rfc3339(instant)[19:-1].removeprefix(".")
    assert len(fraction) in (0, 3, 6, 9)
    assert not fraction.endswith("000")


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (1_780_051_558_888_947_671, "2026-05-29T10:45:58.888947671Z"),
        (1_765_479_837_472_143_000, "2025-12-11T19:03:57.472143Z"),
        (1_780_051_558_000_000_000, "2026-05-29T10:45:58Z"),
    ],
)
def test_stamps_look_as_they_were_recorded(instant: int, text: str) -> None:
    assert rfc3339(instant) == text


@given(st.lists(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)), min_size=2))
def test_stamps_grow_even_where_the_clock_stands_or_goes_back(moments: list[datetime]) -> None:
    times = iter(moments)
    stamps = Stamps(lambda: next(times).replace(tzinfo=UTC), lambda count: b"\x00\x05"[:count])
    given_stamps = [stamps.next() for _ in moments]
    assert given_stamps == sorted(set(given_stamps))
    assert all(re.fullmatch(r"\d{4}-.*Z", rfc3339(each)) for each in given_stamps)
