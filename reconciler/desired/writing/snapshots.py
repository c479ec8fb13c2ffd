"""Snapshot files: what happened in cases, for people to review."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from reconciler.desired.writing.yaml_text import inline, render_document

SHORT = 120
"""Characters that a call or a request may have to stand in one line."""

_COMMENT = "Written by `reconciler test --update`. Review it; a run that does anything else fails."


def render_snapshots(path: str, entries: Mapping[str, Mapping[str, Any]]) -> bytes:
    """The text of a snapshot file: name of a case -> what happened in it, sorted by name."""
    kind = "flow-snapshot" if path.startswith("flows/") else "snapshot"
    schema = f"{'../' * path.count('/')}schemas/{kind}.schema.json"
    value = {name: {key: _short(each) for key, each in entries[name].items()} for name in sorted(entries)}
    return render_document(value, schema, _COMMENT).encode()


def _short(value: Any) -> Any:
    """The same value, with what is short in one line."""
    if isinstance(value, list):
        return [_in_line(each) if isinstance(each, Mapping) else each for each in value]
    return value


def _in_line(value: Mapping[str, Any]) -> Any:
    if len(json.dumps(value, ensure_ascii=False)) <= SHORT:
        return inline(value)
    return {key: _short(each) for key, each in value.items()}
