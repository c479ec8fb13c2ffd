"""Instants as the platform prints them, read back."""

from __future__ import annotations

from datetime import UTC, datetime

from reconciler.local.stamp import nanoseconds


def parse_rfc3339(text: str) -> int:
    """The instant of a text as `rfc3339` prints it; ValueError where it is none."""
    seconds, _, fraction = text.removesuffix("Z").partition(".")
    whole = datetime.strptime(seconds, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC)
    return nanoseconds(whole) + int(f"{fraction:0<9}"[:9] or 0)
