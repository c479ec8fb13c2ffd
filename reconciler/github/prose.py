"""The texts in what is sent to GitHub: what people read, as against names, numbers and digests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Edit = Callable[[str], str]

PROSE = frozenset({"title", "body", "text", "summary", "message", "description"})
"""The keys of GitHub's API whose values are for people to read. All others are names by which things are found."""


def edited(sent: Any, edit: Edit, *, prose: bool = False) -> Any:
    """The same JSON with every text in it edited."""
    if isinstance(sent, dict):
        return {key: edited(value, edit, prose=key in PROSE) for key, value in sent.items()}
    if isinstance(sent, list | tuple):
        return [edited(value, edit, prose=prose) for value in sent]
    return edit(sent) if prose and isinstance(sent, str) else sent
