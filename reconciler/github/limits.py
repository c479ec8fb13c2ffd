"""GitHub's two rate limits: how long to wait, and when not to.

Source: docs.github.com/rest, "Rate limits for the REST API" and "Best practices": the primary limit is used up where
x-ratelimit-remaining is 0, until x-ratelimit-reset (seconds since 1970); the secondary limit says so in words and may
give Retry-After, otherwise a minute at least, then longer each time. Both are answered with 403 or 429. The servers of
an enterprise have no limits unless they are turned on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx

from reconciler.errors import GitHubRateLimited

PATIENCE = 180.0
"""Seconds that one call waits for limits, in all. The primary limit is per hour: nobody keeps a runner for that."""

MINUTE = 60.0
SHORTEST_WAIT = 1.0
"""Seconds before a call is sent again though the headers say that it may be sent: clocks differ."""

TOO_QUICKLY = "was submitted too quickly"
"""What a 422 says where too much is written in a minute: cli/cli issue 4801."""

_SECONDARY = ("secondary rate limit", "abuse detection")


@dataclass(frozen=True)
class Limit:
    """A limit that was met: `wait` is in seconds, `until` in seconds since 1970."""

    wait: float
    until: float
    error: GitHubRateLimited


def met(answer: httpx.Response, words: str, *, tried: int, now: datetime) -> Limit | None:
    """The limit that an answer speaks of, None for any other refusal. `tried` counts the tries of this call so far."""
    longer = MINUTE * 2 ** (tried - 1)
    if answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY and TOO_QUICKLY in words:
        return _limit(answer, words, longer, now)
    if answer.status_code not in (httpx.codes.FORBIDDEN, httpx.codes.TOO_MANY_REQUESTS):
        return None
    after = _number(answer, "retry-after")
    if after is not None:
        return _limit(answer, words, max(after, SHORTEST_WAIT), now)
    if used_up(answer):
        return _limit(answer, words, max(reset(answer) - now.timestamp(), SHORTEST_WAIT), now)
    if answer.status_code == httpx.codes.TOO_MANY_REQUESTS or any(each in words.lower() for each in _SECONDARY):
        return _limit(answer, words, longer, now)
    return None


def used_up(answer: httpx.Response) -> bool:
    """Whether nothing is left of the primary limit."""
    return answer.headers.get("x-ratelimit-remaining") == "0" and reset(answer) > 0


def reset(answer: httpx.Response) -> float:
    """When the primary limit begins anew, in seconds since 1970; 0 where the answer does not say."""
    return _number(answer, "x-ratelimit-reset") or 0.0


def over(until: float, words: str, status: int = 0) -> GitHubRateLimited:
    """The error for a limit that lasts too long to wait for."""
    when = datetime.fromtimestamp(until, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    return GitHubRateLimited(
        f"GitHub's rate limit is used up until {when}: {words}.", "Run it again after that.", status=status
    )


def _number(answer: httpx.Response, header: str) -> float | None:
    """The number that a header says, None for anything else; no date has more than ten digits."""
    said = answer.headers.get(header, "")
    return float(said) if re.fullmatch(r"[0-9]{1,10}", said) else None


def _limit(answer: httpx.Response, words: str, wait: float, now: datetime) -> Limit:
    until = now.timestamp() + wait
    return Limit(wait, until, over(until, words, answer.status_code))
