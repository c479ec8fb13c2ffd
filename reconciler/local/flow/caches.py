"""`api.cache`: one for each trigger, in the memory of the tenant.

The platform promises it within one execution only (limits.md, section 2); here it lasts as long as the tenant is open,
and no longer, since an action may keep a secret in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconciler.local.node.job import CacheChange


class Caches:
    """The records of every trigger: key -> {value, expires_at}; what is over is sorted out by who reads it."""

    def __init__(self) -> None:
        self._records: dict[str, dict[str, Mapping[str, Any]]] = {}

    def records(self, trigger: str) -> dict[str, Mapping[str, Any]]:
        """What a run of that trigger starts with."""
        return dict(self._records.get(trigger, {}))

    def change(self, trigger: str, change: CacheChange) -> None:
        """Takes over what a run did."""
        records = self._records.setdefault(trigger, {})
        if change.record is None:
            records.pop(change.key, None)
        else:
            records[change.key] = change.record
