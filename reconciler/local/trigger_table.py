"""The triggers as `GET /actions/triggers` lists them.

The facts of the current versions come from the catalogue; the order, the deprecated versions and what is compatible
are as recorded (wire.md, section 3, and the lists of 2026-08 among the recordings).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from reconciler.catalogue.triggers import triggers

_ORDER = (
    "post-login",
    "credentials-exchange",
    "pre-user-registration",
    "post-user-registration",
    "post-change-password",
    "send-phone-message",
    "password-reset-post-challenge",
    "custom-phone-provider",
    "custom-email-provider",
    "custom-token-exchange",
    "event-stream",
    "password-hash-migration",
    "mcp-tool",
)
_COMPATIBLE = {("post-login", "v3"): (("post-login", "v2"),)}
_DEPRECATED = {("post-login", "v2"): (("node18", "node22"), "node16")}
_OLDEST = (("node22",), "node12")
"""Every v1 that is deprecated: its default is not among its runtimes."""


@dataclass(frozen=True)
class TriggerVersion:
    """One line of the list. `compatible` are the (id, version) pairs whose actions may be bound to it as well."""

    id: str
    version: str
    current: bool
    runtimes: tuple[str, ...]
    default_runtime: str
    entity_bound: bool
    compatible: tuple[tuple[str, str], ...] = ()


class TriggerTable:
    """The triggers that a tenant has."""

    def __init__(self, versions: Iterable[TriggerVersion]) -> None:
        self.versions = tuple(versions)
        self._by_key = {(line.id, line.version): line for line in self.versions}

    def current(self, trigger: str) -> TriggerVersion | None:
        """The current version of a trigger, or None where the tenant has no such trigger."""
        return next((line for line in self.versions if line.id == trigger and line.current), None)

    def find(self, trigger: str, version: str) -> TriggerVersion | None:
        return self._by_key.get((trigger, version))


@cache
def current_table() -> TriggerTable:
    """The table of a tenant of 2026."""
    return TriggerTable(line for trigger in _ORDER for line in _lines(trigger))


def known_triggers(table: TriggerTable) -> frozenset[str]:
    """Every trigger id that a path may name: those of the table, and those of which only the id is public."""
    return frozenset(line.id for line in table.versions) | frozenset(triggers())


def _lines(trigger: str) -> Iterator[TriggerVersion]:
    facts = triggers()[trigger]
    yield TriggerVersion(
        trigger,
        facts.version,
        True,
        facts.runtimes,
        facts.default_runtime,
        not facts.bindable,
        _COMPATIBLE.get((trigger, facts.version), ()),
    )
    for version in reversed(facts.deprecated_versions):
        runtimes, default = _DEPRECATED.get((trigger, version), _OLDEST)
        yield TriggerVersion(trigger, version, False, runtimes, default, not facts.bindable)
