"""A repository as it would be after some files were written: read, checked and planned before a byte is on disk."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from reconciler.desired.tree import Tree

Changes = Mapping[str, bytes | None]
"""Path in the repository, with slashes -> new content, None for a file that goes away."""


class Overlay:
    """The files of a tree with changes laid over them; it is no commit."""

    commit = ""

    def __init__(self, tree: Tree, changes: Changes) -> None:
        self._tree = tree
        self._changes = changes

    @property
    def label(self) -> str:
        """The name of the tree below."""
        return self._tree.label

    @property
    def folder(self) -> Path:
        """Where the repository's folder is on disk."""
        return self._tree.folder

    @property
    def paths(self) -> tuple[str, ...]:
        """Every file, sorted."""
        gone = {path for path, content in self._changes.items() if content is None}
        return tuple(sorted({*self._tree.paths, *self._changes} - gone))

    @property
    def unread(self) -> tuple[str, ...]:
        """What is no file, without those in whose place one comes."""
        return tuple(path for path in self._tree.unread if path not in self._changes)

    def load(self, path: str) -> bytes:
        """The content of a file. Raises InvalidInput where it cannot be read."""
        changed = self._changes.get(path)
        return self._tree.load(path) if changed is None else changed
