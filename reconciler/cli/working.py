"""Opens the workplace of a command from its options."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from reconciler.desired.located_yaml import parse
from reconciler.errors import InvalidInput, Usage
from reconciler.run.workplace import Workplace, open_workplace
from reconciler.settings import process_settings


@contextmanager
def workplace(repo: Path | None, *, new: bool = False) -> Iterator[Workplace]:
    """The repository around `--repo`, or around the working folder; with `new` one that is about to be made there."""
    settings = process_settings()
    with open_workplace(replace(settings, start=repo) if repo else settings, new=new) as place:
        yield place


def event_overlay(path: Path | None) -> dict[str, Any]:
    """What an event file holds, as JSON knows values. Raises InvalidInput with places, Usage for what is no mapping."""
    if path is None:
        return {}
    parsed = parse(path.read_bytes(), str(path))
    if parsed.diagnostics:
        raise InvalidInput(parsed.diagnostics)
    if not isinstance(parsed.value, dict):
        raise Usage(f"{path} does not hold a mapping.", "Give an event such as {user: {email: ada@example.com}}.")
    return parsed.value
