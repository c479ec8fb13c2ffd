"""The files this room is about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
ACTION = ROOT / ".github" / "actions" / "reconcile" / "action.yml"
EXAMPLES = ROOT / "example-repo" / ".github" / "workflows"
WORKFLOWS = sorted([*EXAMPLES.glob("*.yml"), *(ROOT / ".github" / "workflows").glob("*.yml")])


def load(path: Path) -> dict[str, Any]:
    """A file of YAML 1.2, in which `on` is a word."""
    document: dict[str, Any] = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    return document


def name_of(path: Path) -> str:
    """A short name for a test."""
    return str(path.relative_to(ROOT))
