"""How much GitHub takes of each text: longer ones are cut, so that what is told at all is told.

Sources: docs.github.com/rest/commits/statuses and /deployments (140 characters of a description), /checks/runs (255
characters of an annotation's title, 64 KB of its message, 65,535 of a summary, which GitHub counts as bytes:
github/docs issue 35252). Titles of issues are refused above 256 characters, bodies of issues and comments above 65,536.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

DESCRIPTION = 140
TITLE = 255
BODY = 65_536
SUMMARY_BYTES = 65_535
MESSAGE_BYTES = 64_000
CUT = "…"


def cut(text: str, characters: int) -> str:
    """The text, at most so many characters long; a mark at its end says that it was longer."""
    return text if len(text) <= characters else text[: characters - len(CUT)] + CUT


def cut_bytes(text: str, size: int) -> str:
    """The text, at most so many bytes of UTF-8 long and cut between characters, marked as `cut` does."""
    encoded = text.encode()
    if len(encoded) <= size:
        return text
    return encoded[: size - len(CUT.encode())].decode(errors="ignore") + CUT


def fitted(sent: Any) -> Any:
    """The same JSON, no text in it longer than GitHub takes under its key."""
    if isinstance(sent, dict):
        return {
            key: _LIMITS[key](value) if key in _LIMITS and isinstance(value, str) else fitted(value)
            for key, value in sent.items()
        }
    return [fitted(each) for each in sent] if isinstance(sent, list) else sent


_LIMITS: dict[str, Callable[[str], str]] = {
    "body": lambda text: cut(text, BODY),
    "description": lambda text: cut(text, DESCRIPTION),
    "message": lambda text: cut_bytes(text, MESSAGE_BYTES),
    "summary": lambda text: cut_bytes(text, SUMMARY_BYTES),
    "title": lambda text: cut(text, TITLE),
}
