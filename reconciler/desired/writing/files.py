"""Writing several files: all of them, or none."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

from reconciler.desired import atomic
from reconciler.desired.writing.overlay import Changes
from reconciler.errors import Usage


def write_all(folder: Path, changes: Changes) -> None:
    """Writes and removes the files below a folder; folders are made, and removed where they are left empty.

    Raises OSError with everything as it was before, and Usage where a symbolic link leads out of the folder, or
    something else stands where a folder is to be.
    """
    for path in changes:
        _require_inside(folder, path)
    before = {path: _content(folder / path) for path in changes}
    made = [path for path in _folders(folder, changes) if not path.exists()]
    done: list[str] = []
    try:
        for path, content in changes.items():
            done.append(path)
            _put(folder / path, content)
    except BaseException:
        for path in reversed(done):
            with contextlib.suppress(OSError):  # the failure that is told is the first one
                _put(folder / path, before[path])
        _remove_empty(made)
        raise
    _remove_empty([path for path in _folders(folder, changes) if path.is_dir()])


def _require_inside(folder: Path, path: str) -> None:
    if not (folder / path).parent.resolve().is_relative_to(folder.resolve()):
        raise Usage(
            f"{path} is not in {folder}: a symbolic link leads out of it.", "Put a folder in the place of the link."
        )
    there = next(each for each in (folder / path).parents if os.path.lexists(each))
    if not there.is_dir():
        raise Usage(f"{there} is not a folder, and {path} is to be in it.", "Move it away.")


def _content(file: Path) -> bytes | None:
    return file.read_bytes() if file.is_file() else None


def _put(file: Path, content: bytes | None) -> None:
    if content is None:
        file.unlink(missing_ok=True)
    else:
        atomic.write(file, content)


def _folders(folder: Path, changes: Changes) -> list[Path]:
    """Every folder between the top and a file, the deepest first."""
    found = {parent for path in changes for parent in (folder / path).parents if folder in parent.parents}
    return sorted(found, key=lambda path: len(path.parts), reverse=True)


def _remove_empty(folders: Iterable[Path]) -> None:
    for folder in folders:
        with contextlib.suppress(OSError):  # not empty, or never made
            folder.rmdir()
