"""What every write of the tenant needs besides the request: keys, instants, ids, and the table of triggers."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from reconciler.local.keys import Keys
from reconciler.local.stamp import Stamps
from reconciler.local.trigger_table import TriggerTable


@dataclass(frozen=True)
class Means:
    """Time and randomness come in as values, so that a test can fix them."""

    keys: Keys
    stamps: Stamps
    table: TriggerTable
    entropy: Callable[[int], bytes]

    def new_id(self) -> str:
        """A lower-case UUIDv4, as the platform's ids of actions, versions and bindings are."""
        return str(uuid.UUID(bytes=self.entropy(16), version=4))
