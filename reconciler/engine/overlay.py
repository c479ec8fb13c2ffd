"""Events laid over events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def laid_over(event: Mapping[str, Any], overlay: Mapping[str, Any]) -> dict[str, Any]:
    """The event with the overlay laid over it as a JSON merge patch (RFC 7396): mappings merge, null takes the key
    away, everything else (lists too) replaces. Neither argument is changed; what is the same in the result is shared
    with them, so change nothing below its top."""
    merged = dict(event)
    for key, value in overlay.items():
        if isinstance(value, dict):  # a Mapping would take far longer to tell, and events are of JSON and YAML
            below = merged.get(key)
            merged[key] = laid_over(below if isinstance(below, dict) else {}, value)
        elif value is None:
            merged.pop(key, None)
        else:
            merged[key] = value
    return merged
