"""What every write of the tenant needs besides the request: keys, instants, ids, and the table of triggers."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from reconciler.local.keys import Keys
from reconciler.local.stamp import Stamps
from reconciler.local.trigger_table import TriggerTable

ModulesMode = Literal["on", "early", "off"]
"""Whether the tenant has modules: `off` answers 403 to them [recorded 18 times]; `early` is as in February 2026, when a
module could have any name [recorded]; `on` holds names against the pattern that is enforced since."""


@dataclass(frozen=True)
class Means:
    """Time and randomness come in as values, so that a test can fix them."""

    keys: Keys
    stamps: Stamps
    table: TriggerTable
    entropy: Callable[[int], bytes]
    modules: ModulesMode = "on"

    def new_id(self) -> str:
        """A lower-case UUIDv4, as the platform's ids of actions, versions and bindings are."""
        return str(uuid.UUID(bytes=self.entropy(16), version=4))
