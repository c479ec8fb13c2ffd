"""The `fields` and `include_fields` of a list, which the log and the applications have alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def chosen_fields(shown: Mapping[str, Any], query: Mapping[str, Any]) -> dict[str, Any]:
    """The object with the fields that the query names only, or without them; as it is where none are named."""
    if not query.get("fields"):
        return dict(shown)
    named = {name.strip() for name in query["fields"].split(",")}
    include = query.get("include_fields", True)
    return {key: value for key, value in shown.items() if (key in named) == include}
