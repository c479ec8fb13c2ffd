"""Files of a repository, changed one after the other in memory, each change seeing those before it."""

from __future__ import annotations

from collections.abc import Callable

from ruamel.yaml.comments import CommentedMap

from reconciler.desired.tree import Tree
from reconciler.desired.writing.overlay import Overlay
from reconciler.desired.writing.yaml_text import edited, remove


class Edits:
    """What is to be written over a tree; `changes` maps each path to its new content, None where the file goes."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self.changes: dict[str, bytes | None] = {}

    @property
    def tree(self) -> Overlay:
        """The tree with what was changed so far."""
        return Overlay(self._tree, self.changes)

    def write(self, path: str, content: bytes) -> None:
        """Put a file there, unless it holds just that."""
        if path not in self.tree.paths or self.tree.load(path) != content:
            self.changes[path] = content

    def edit(self, path: str, change: Callable[[CommentedMap], None]) -> None:
        """Change what a YAML file says."""
        self.write(path, edited(self.tree.load(path).decode("utf-8-sig"), change).encode())

    def remove_folder(self, folder: str) -> None:
        """Take every file of a folder away."""
        for path in self.tree.paths:
            if path.startswith(f"{folder}/"):
                self.changes[path] = None


def inner(document: CommentedMap, *keys: str) -> CommentedMap:
    """The mapping at that path; what is missing of it is made."""
    for key in keys:
        if not isinstance(document.get(key), CommentedMap):
            document[key] = CommentedMap()
        document = document[key]
    return document


def drop(document: CommentedMap, *keys: str) -> None:
    """Take away what is at that path, and the mappings that it leaves empty."""
    *parents, last = keys
    chain = [document]
    for key in parents:
        found = chain[-1].get(key)
        if not isinstance(found, CommentedMap):
            return
        chain.append(found)
    if last in chain[-1]:
        remove(chain[-1], last)
    for mapping, key in reversed(list(zip(chain, parents, strict=False))):
        if not mapping[key]:
            remove(mapping, key)
