"""What was told of code before, kept so that Node need not read it again: it depends on the code alone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from reconciler.local.node.spawn import HOST

FILE = "code-facts.json"
READER = tuple(HOST / name for name in ("parse.js", "facts", "vendor/acorn.js", "vendor/eslint-scope.js"))
"""The JavaScript that reads code, files and folders of it. Its process can read nothing else, so it is all there."""

Told = Mapping[str, Any]


def digest(code: str) -> str:
    """What code is known by."""
    return hashlib.sha256(code.encode("utf-8", "surrogatepass")).hexdigest()


def load_known(folder: Path | None) -> dict[str, Told]:
    """By the digest of the code; nothing where the folder has none, or only what another version of the reader told."""
    if folder:
        with suppress(OSError, ValueError, KeyError, TypeError, RecursionError):  # then it is read again
            kept = json.loads((folder / FILE).read_bytes())
            if kept["reader"] == _reader():
                return dict(kept["told"])
    return {}


def keep_known(folder: Path | None, told: Mapping[str, Told]) -> None:
    """Keeps that and nothing else, where there is a folder: nobody who only reads is to find a new one."""
    if folder and folder.is_dir():
        text = json.dumps({"reader": _reader(), "told": told}, separators=(",", ":"))
        beside = folder / f".{FILE}.{digest(text)[:16]}"
        with suppress(OSError):  # as where the disk can only be read
            beside.write_text(text, encoding="utf-8")
            beside.replace(folder / FILE)


def _reader() -> str:
    """Changes with the JavaScript that reads the code."""
    every = hashlib.sha256()
    for place in READER:
        for file in sorted(place.rglob("*.js")) or (place,):
            every.update(file.read_bytes())
    return every.hexdigest()
