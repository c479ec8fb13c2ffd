"""Opens the workplace of a command from its options."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from reconciler.errors import Usage
from reconciler.run.workplace import Workplace, open_workplace
from reconciler.settings import process_settings


@contextmanager
def workplace(repo: Path | None) -> Iterator[Workplace]:
    """The repository around `--repo`, or around the working folder."""
    settings = process_settings()
    with open_workplace(replace(settings, start=repo) if repo else settings) as place:
        yield place


def event_overlay(path: Path | None) -> dict[str, Any]:
    """What an event file holds; JSON is YAML too. Raises Usage for anything but a mapping."""
    if path is None:
        return {}
    try:
        overlay = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as broken:
        raise Usage(f"{path} is neither YAML nor JSON.", "Give an event as a mapping.") from broken
    if not isinstance(overlay, dict):
        raise Usage(f"{path} does not hold a mapping.", "Give an event such as {user: {email: ada@example.com}}.")
    return overlay
