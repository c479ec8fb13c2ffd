"""api.cache of every trigger: kept here, since each action runs in a process of its own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reconciler.catalogue import limits
from reconciler.local.node.told import CacheChange, Record


class TriggerCaches:
    """One cache per trigger, as long as the host lives. A run works on what was there when it began, and what it did is
    laid in when it is over: across runs the platform promises no more (limits.md, section 2)."""

    def __init__(self) -> None:
        self._records: dict[str, dict[str, Record]] = {}

    def records(self, trigger: str) -> list[tuple[str, dict[str, Any]]]:
        """Key and record of all that is in the cache of that trigger."""
        return [(key, record.model_dump()) for key, record in self._records.get(trigger, {}).items()]

    def keep(self, trigger: str, changes: Iterable[CacheChange]) -> None:
        """Lays in what a run did, the oldest keys making room."""
        records = self._records.setdefault(trigger, {})
        for change in changes:
            records.pop(change.key, None)
            if change.record:
                records[change.key] = change.record
            while len(records) > limits.CACHE_ENTRIES:
                del records[next(iter(records))]
