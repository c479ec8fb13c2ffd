"""Numbers with what they count."""

from __future__ import annotations


def number_of(count: int, noun: str) -> str:
    """`1 case`, `2 cases`, `0 cases`: of a noun whose plural ends in s."""
    return f"{count} {noun}{'s' if count != 1 else ''}"
