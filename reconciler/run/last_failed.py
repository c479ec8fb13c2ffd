"""Remembers which cases failed when they last ran, in the state folder."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from reconciler.desired import atomic
from reconciler.model.case import Outcome

FILE = "failed-cases.json"

Key = tuple[str, str]
"""The file of a case, and its name."""


def load_failed(state: Path) -> frozenset[Key]:
    """Those that failed when they last ran; none where nothing ran yet."""
    return frozenset(_kept(state))


def keep_failed(state: Path, outcomes: Iterable[Outcome]) -> None:
    """Notes which of the cases failed; what is known of cases that did not run now stays as it is."""
    ended = {(each.file, each.case): each.status == "failed" for each in outcomes}
    known = {key for key in _kept(state) if key not in ended}
    failed = sorted(known | {key for key, wrong in ended.items() if wrong})
    if failed or _kept(state):
        atomic.write(state / FILE, (json.dumps(failed, indent=1, ensure_ascii=False) + "\n").encode())


def _kept(state: Path) -> list[Key]:
    told: Any = []
    with suppress(OSError, ValueError):  # it says nothing that the next run would not say again
        told = json.loads((state / FILE).read_text(encoding="utf-8"))
    return [(each[0], each[1]) for each in told if isinstance(each, list) and len(each) == 2]
