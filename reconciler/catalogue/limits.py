"""The documented limits of the platform.

Sources: Auth0's limitations page (LIM), its entity limit policy (ENT) and its management OpenAPI (OAS); the
numbers are collected in this project's platform notes."""

from __future__ import annotations

from typing import NamedTuple

ACTIONS_PER_TENANT = 100
"""ENT, deployed or not."""

BINDINGS_PER_TRIGGER = 20
"""ENT."""

BINDINGS_OF_POST_CHALLENGE = 4
"""The page of password-reset-post-challenge; ENT still says 20. The smaller one is the one that cannot hurt."""

ACTIONS_OF_PROVIDER_TRIGGER = 1
"""custom-phone-provider and custom-email-provider: creating a second action fails (end of life 2025-12-16)."""

VERSIONS_PER_ACTION = 50
"""ENT; the oldest unused one is dropped beyond."""

CODE_BYTES = 100_000
"""LIM: code of one action; npm modules not counted."""

MODULE_CODE_CHARACTERS = 65_536
"""OAS, request schema of a module."""

MODULES_PER_TENANT = 100
MODULES_PER_ACTION = 3
"""ENT."""

VERSIONS_PER_MODULE = 50
"""ENT, OAS; publishing beyond is refused."""

DEPENDENCIES = 10
"""ENT, for an action and for a module."""

DEPENDENCY_NAME_CHARACTERS = 255
DEPENDENCY_VERSION_CHARACTERS = 50
"""OAS."""

SECRETS = 30
"""ENT, for an action and for a module."""

SECRET_NAME_CHARACTERS = 128
"""LIM."""

SECRET_VALUE_CHARACTERS = 4096
"""LIM, OAS."""

MODULE_NAME_PATTERN = "[a-z0-9][a-z0-9_-]*"
"""Enforced by the Management API since May 2026, as a client of the platform's own says; other names were accepted in
February."""

MODULE_NAME_CHARACTERS = 255
MODULE_SECRET_NAME_CHARACTERS = 255
"""OAS, request schema of a module."""

CLIENT_METADATA_KEYS = 10
CLIENT_METADATA_CHARACTERS = 255
"""Page on metadata fields: of an application; each name and each value."""

EXECUTION_SECONDS = 20
"""LIM: all actions of one trigger together."""

CONSOLE_CHARACTERS = 256
"""LIM: console output kept of one action's execution."""

EXECUTION_RECORD_DAYS = 10
"""OAS."""

RETIRED_RUNTIMES = {"node12": "2025-08-15", "node16": "2025-08-15"}
"""DEP: runtime id -> its end of life; code on them is forced to Node 22."""

LOGS_PER_PAGE = 100
"""Log retrieval page; also the most that one page of actions holds."""

TENANT_LOG_DAYS = 30
"""Log retention page: the longest that a plan offers."""

LOG_RESULTS = 1000
"""Log retrieval page: what all pages of one search reach; checkpoint mode (`from`, `take`) has no end."""

CACHE_ENTRIES = 20
CACHE_KEY_BYTES = 64
CACHE_VALUE_BYTES = 4_000
CACHE_TOTAL_BYTES = 8_000
CACHE_DEFAULT_SECONDS = 15 * 60
CACHE_MAX_SECONDS = 24 * 60 * 60
"""LIM, api.cache."""


class Rate(NamedTuple):
    """A token bucket: `burst` requests at once, `refill` more in every `per_ms` milliseconds, given in steps of
    `step_ms`. Per-second limits refill by the millisecond, per-minute limits by the second (RATE)."""

    burst: int
    refill: int
    per_ms: int = 1000
    step_ms: int = 1


class RatePlan(NamedTuple):
    """The Management API's rates on one plan. Calls for Actions have no rate of their own on any: they count in the
    global one, None where the plan's pages state none."""

    everything: Rate | None
    read_logs: Rate | None = None


RATE_PLANS = {
    "free": RatePlan(Rate(2, 2)),
    "professional": RatePlan(None, read_logs=Rate(10, 100, 60_000, 1000)),
    "enterprise": RatePlan(Rate(50, 16)),
}
"""The rate limit pages of free, Essentials and Professional (which say the same), and Enterprise public production."""


def bindings(trigger: str) -> int:
    """How many bindings the flow of that trigger may have."""
    return BINDINGS_OF_POST_CHALLENGE if trigger == "password-reset-post-challenge" else BINDINGS_PER_TRIGGER


def actions(trigger: str) -> int:
    """How many actions of that trigger a tenant may have."""
    single = trigger in ("custom-phone-provider", "custom-email-provider")
    return ACTIONS_OF_PROVIDER_TRIGGER if single else ACTIONS_PER_TENANT
