"""The recordings of real tenants: what was asked and what was answered, in order.

They are cassettes of the official clients' own tests, with credentials taken out; wire.md of the project's platform
notes names their origin, and each interaction carries it in `source`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "recordings"
ACTIONS = "/api/v2/actions/actions"
TRIGGERS = "/api/v2/actions/triggers"
MODULES = "/api/v2/actions/modules"


@dataclass(frozen=True)
class Interaction:
    """One request and its answer."""

    number: int
    method: str
    path: str
    query: Mapping[str, str]
    request: Any
    status: int
    answer: Any

    @property
    def action_id(self) -> str:
        """The id of the one action that the path names, or nothing."""
        rest = self.path.removeprefix(f"{ACTIONS}/")
        return rest.partition("/")[0] if rest != self.path else ""


@dataclass(frozen=True)
class Recording:
    """One cassette."""

    name: str
    interactions: tuple[Interaction, ...]

    def objects(self) -> Iterator[Mapping[str, Any]]:
        """Every object in every answer, in order."""
        for interaction in self.interactions:
            yield from _objects(interaction.answer)


def recordings() -> list[Recording]:
    """Every recording, in the order of their names."""
    return [_recording(path) for path in sorted(FOLDER.glob("*.json"))]


def _recording(path: Path) -> Recording:
    entries = json.loads(path.read_text(encoding="utf-8"))
    return Recording(
        path.stem,
        tuple(
            Interaction(
                entry["n"],
                entry["method"],
                entry["path"],
                entry["query"] or {},
                entry["request_body"],
                entry["status"],
                entry["response_body"],
            )
            for entry in entries
        ),
    )


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from _objects(part)
    elif isinstance(value, list):
        for part in value:
            yield from _objects(part)
