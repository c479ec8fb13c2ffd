"""Instants as the platform prints them.

An instant is a whole number of nanoseconds since 1970 in UTC. The platform is protobuf behind JSON: RFC 3339 with `Z`
and 0, 3, 6 or 9 fractional digits, as few as the value needs (wire.md, section 0).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = 1_000_000_000


class Stamps:
    """Gives instants that never repeat and never go back, even where the clock stands still or is set back.

    `clock` gives aware datetimes (microseconds); `entropy` gives random bytes, of which the last three digits are made,
    since the platform prints nanoseconds.
    """

    def __init__(self, clock: Callable[[], datetime], entropy: Callable[[int], bytes]) -> None:
        self._clock = clock
        self._entropy = entropy
        self._last = 0
        self._lock = threading.Lock()

    def now(self) -> int:
        """The instant of the clock, which may repeat and is never printed."""
        return nanoseconds(self._clock())

    def next(self) -> int:
        """The next instant: now, or just after the last one given."""
        fraction = int.from_bytes(self._entropy(2), "big") % 1000
        with self._lock:
            self._last = max(nanoseconds(self._clock()) + fraction, self._last + 1)
            return self._last


def nanoseconds(moment: datetime) -> int:
    """The instant of an aware datetime."""
    return (moment - _EPOCH) // timedelta(microseconds=1) * 1000


def moment(instant: int) -> datetime:
    """The aware datetime of an instant, cut to microseconds."""
    return _EPOCH + timedelta(microseconds=instant // 1000)


def rfc3339(instant: int) -> str:
    """`2026-05-29T10:45:58.888947671Z`: 0, 3, 6 or 9 fractional digits."""
    seconds, fraction = divmod(instant, _SECOND)
    text = moment(seconds * _SECOND).strftime("%Y-%m-%dT%H:%M:%S")
    if not fraction:
        return f"{text}Z"
    digits = f"{fraction:09d}"
    while digits.endswith("000"):
        digits = digits[:-3]
    return f"{text}.{digits}Z"


def log_date(instant: int) -> str:
    """A date as the tenant log prints it: always milliseconds."""
    return f"{moment(instant):%Y-%m-%dT%H:%M:%S}.{instant // 1_000_000 % 1000:03d}Z"
