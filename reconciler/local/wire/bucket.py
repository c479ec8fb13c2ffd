"""A token bucket, without a clock of its own: time comes in, in milliseconds.

Source: the platform's rate limit policy (limits.md, section 7). All sums are whole numbers, so nothing drifts.
"""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.catalogue.limits import Rate


@dataclass(frozen=True)
class Level:
    """How full a bucket is: `amount` in 1/per_ms of a request, as of the millisecond `at`."""

    amount: int
    at: int


@dataclass(frozen=True)
class Taken:
    """What came of asking for one request: the bucket afterwards, whether it was let through, how many more whole
    requests there are, and the millisecond from which there is one again."""

    level: Level
    allowed: bool
    remaining: int
    next_at: int


def full(rate: Rate, now: int) -> Level:
    """A bucket that nobody has asked yet."""
    return Level(rate.burst * rate.per_ms, now)


def taken(rate: Rate, before: Level, now: int) -> Taken:
    """Takes one request out of the bucket, or refuses it and takes nothing. A clock that goes back refills nothing."""
    filled = _filled(rate, before, now)
    allowed = filled.amount >= rate.per_ms
    after = Level(filled.amount - rate.per_ms, filled.at) if allowed else filled
    missing = max(0, rate.per_ms - after.amount)
    steps = -(-missing // (rate.refill * rate.step_ms))
    next_at = after.at + steps * rate.step_ms if missing else now
    return Taken(after, allowed, after.amount // rate.per_ms, next_at)


def _filled(rate: Rate, before: Level, now: int) -> Level:
    steps = max(0, now - before.at) // rate.step_ms
    amount = min(before.amount + steps * rate.step_ms * rate.refill, rate.burst * rate.per_ms)
    return Level(amount, before.at + steps * rate.step_ms)
