"""Rate limits: the bucket by its laws, and what a client sees of it on the wire."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.catalogue.limits import RATE_PLANS, Rate, RatePlan
from reconciler.local.wire.bucket import full, taken
from tests.local.tenant.opened import ACTIONS, LOGS, Session, opened

FREE, PROFESSIONAL, ENTERPRISE = RATE_PLANS["free"], RATE_PLANS["professional"], RATE_PLANS["enterprise"]
PER_MINUTE = Rate(10, 100, 60_000, 1000)
RATES = st.builds(Rate, st.integers(1, 60), st.integers(1, 100), st.sampled_from([1000, 60_000]), st.sampled_from([1]))
PAUSES = st.lists(st.integers(0, 3000), max_size=60)


class Still:
    """A clock that stands until it is set forward."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 8, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_ms(self, milliseconds: int) -> None:
        self.now += timedelta(milliseconds=milliseconds)


@given(RATES, PAUSES)
def test_a_bucket_lets_no_more_through_than_its_burst_and_what_was_refilled(rate: Rate, pauses: list[int]) -> None:
    level, now, allowed = full(rate, 0), 0, 0
    for pause in pauses:
        now += pause
        came = taken(rate, level, now)
        level, allowed = came.level, allowed + came.allowed
        assert allowed <= rate.burst + now * rate.refill / rate.per_ms
        assert 0 <= came.remaining < rate.burst


@given(RATES, PAUSES)
def test_a_bucket_says_truly_when_there_is_a_request_again(rate: Rate, pauses: list[int]) -> None:
    level, now = full(rate, 0), 0
    for pause in pauses:
        now += pause
        came = taken(rate, level, now)
        level = came.level
        assert taken(rate, level, max(came.next_at, now)).allowed
        if came.next_at > now:
            assert not taken(rate, level, came.next_at - 1).allowed


@given(RATES, st.integers(0, 10_000))
def test_a_clock_that_goes_back_refills_nothing(rate: Rate, back: int) -> None:
    level = full(rate, 10_000)
    for _ in range(rate.burst):
        level = taken(rate, level, 10_000).level
    assert not taken(rate, level, 10_000 - back).allowed


def test_a_limit_per_minute_refills_by_the_second() -> None:
    level = full(PER_MINUTE, 0)
    for _ in range(PER_MINUTE.burst):
        level = taken(PER_MINUTE, level, 0).level
    assert not taken(PER_MINUTE, level, 999).allowed
    assert taken(PER_MINUTE, level, 1000).allowed


@pytest.mark.anyio
async def test_every_answer_shows_the_limit_and_one_over_it_is_the_recorded_refusal(tmp_path: Path) -> None:
    clock = Still()
    async with opened(tmp_path, rate=FREE, clock=clock) as session:
        first, second, third = [await session.send("GET", ACTIONS) for _ in range(3)]
        assert [_told(each) for each in (first, second, third)] == [
            (200, "2", "1", str(int(clock.now.timestamp()))),
            (200, "2", "0", str(int(clock.now.timestamp()) + 1)),
            (429, "2", "0", str(int(clock.now.timestamp()) + 1)),
        ]
        assert third.json() == {
            "statusCode": 429,
            "error": "Too Many Requests",
            "message": "Global limit has been reached",
            "errorCode": "too_many_requests",
        }
        assert third.headers["content-type"] == "application/json; charset=utf-8"
        clock.pass_ms(499)
        assert (await session.send("GET", ACTIONS)).status_code == 429
        clock.pass_ms(1)
        assert (await session.send("GET", "/api/v2/nothing")).status_code == 404
        assert (await session.send("GET", ACTIONS)).status_code == 429


@pytest.mark.anyio
async def test_a_request_without_a_token_counts_and_a_token_does_not(tmp_path: Path) -> None:
    async with opened(tmp_path, rate=FREE, clock=Still()) as session:
        for _ in range(3):
            assert (await session.client.post("/oauth/token", json={})).status_code == 400
        del session.client.headers["Authorization"]
        found = [(await session.send("GET", ACTIONS)).status_code for _ in range(3)]
        assert found == [401, 401, 429]


@pytest.mark.anyio
async def test_the_limit_of_an_endpoint_has_words_of_its_own(tmp_path: Path) -> None:
    async with opened(tmp_path, rate=PROFESSIONAL, clock=Still()) as session:
        answers = [await session.send("GET", LOGS) for _ in range(11)]
        assert [each.status_code for each in answers] == [200] * 10 + [429]
        assert answers[-1].json()["message"] == "Endpoint limit has been reached"
        unlimited = await session.send("GET", ACTIONS)
        assert "x-ratelimit-limit" not in unlimited.headers


@pytest.mark.anyio
async def test_the_global_limit_is_looked_at_first(tmp_path: Path) -> None:
    both = RatePlan(Rate(1, 1), read_logs=Rate(5, 5))
    async with opened(tmp_path, rate=both, clock=Still()) as session:
        assert _told(await session.send("GET", LOGS))[:3] == (200, "5", "4")
        assert (await session.send("GET", LOGS)).json()["message"] == "Global limit has been reached"


@pytest.mark.anyio
async def test_a_limit_that_is_reached_is_logged_once_an_hour(tmp_path: Path) -> None:
    clock = Still()
    async with opened(tmp_path, rate=ENTERPRISE, clock=clock) as session:
        for _ in range(60):
            await session.send("GET", ACTIONS)
        clock.pass_ms(10_000)
        assert [entry["type"] for entry in await _limits(session)] == ["api_limit", "api_limit_warning"]
        for _ in range(60):
            await session.send("GET", ACTIONS)
        clock.pass_ms(3_590_000)
        for _ in range(60):
            await session.send("GET", ACTIONS)
        clock.pass_ms(10_000)
        found = await _limits(session)
        assert [entry["type"] for entry in found] == ["api_limit", "api_limit_warning"] * 2
        assert found[0]["description"] == "Global limit has been reached"
        assert found[0]["ip"] == "127.0.0.1"
        assert found[0]["details"]["request"] == {"method": "get", "path": ACTIONS}


async def _limits(session: Session) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await session.answer("GET", LOGS, q="type:api_limit*")
    return found


def _told(answer: httpx.Response) -> tuple[int, str, str, str]:
    shown = [answer.headers[f"x-ratelimit-{name}"] for name in ("limit", "remaining", "reset")]
    return (answer.status_code, *shown)  # type: ignore[return-value]
