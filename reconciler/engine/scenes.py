"""What a case sets up before the code runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconciler.engine.overlay import laid_over
from reconciler.model.case import Scene


def staged_event(scene: Scene, base: Mapping[str, Any]) -> dict[str, Any]:
    """The event of a case: its overlay laid over `base`, and its metadata of the transaction put in. `base` is the
    trigger's sample event, or what a file gives in its place."""
    event = laid_over(base, scene.event)
    if not scene.transaction:
        return event
    transaction = event.get("transaction") or {}
    metadata = {**(transaction.get("metadata") or {}), **scene.transaction}
    return {**event, "transaction": {**transaction, "metadata": metadata}}
