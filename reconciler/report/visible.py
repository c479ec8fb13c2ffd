"""Text from elsewhere, made harmless for a terminal."""

from __future__ import annotations

import unicodedata

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Control and format characters (escape sequences, overwriting, writing from right to left) and what is no text."""


def visible(text: str) -> str:
    r"""The text with every character that a terminal would not show as itself spelt out: `\x1b`, `\u202e`. Tabs
    stay."""
    if text.isprintable():
        return text
    return "".join(each if each == "\t" or unicodedata.category(each) not in _HIDDEN else _spelt(each) for each in text)


def _spelt(character: str) -> str:
    return character.encode("unicode_escape").decode()
