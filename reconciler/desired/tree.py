"""One protocol for the files of a repository, whether they are on disk or in a commit."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Protocol

from reconciler.errors import Diagnostic, InvalidInput, Span

ROOT_FILE = "reconciler.yaml"
SKIPPED = frozenset({".git", ".reconciler", ".venv", "node_modules", "__pycache__"})
NOT_CONTENT = frozenset({"jsconfig.json"})
"""What editors are told beside the code (`reconciler types`), git or not: it stays behind where git takes an action's
files away, and its folder is no action for that."""


class Tree(Protocol):
    """The files below the folder that holds reconciler.yaml. Paths are relative to it, with slashes.

    `label` names the tree for people; `commit` is its 40 hex digits, empty for a worktree; `folder` is where the
    repository's folder is on disk, for what git does not hold (key files).
    """

    @property
    def label(self) -> str: ...

    @property
    def commit(self) -> str: ...

    @property
    def folder(self) -> Path: ...

    @property
    def paths(self) -> tuple[str, ...]:
        """Every regular file, sorted. Symbolic links and submodules are not files."""
        ...

    def load(self, path: str) -> bytes:
        """The content of one of `paths`. Raises InvalidInput where it cannot be read."""
        ...


class Worktree:
    """The files as they are on disk now, without those in `SKIPPED` folders and what is `NOT_CONTENT`."""

    label = "worktree"
    commit = ""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """Every regular file, sorted."""
        return tuple(sorted(_files(str(self.folder), "")))

    def load(self, path: str) -> bytes:
        """The content of a file. Raises InvalidInput where it cannot be read."""
        try:
            # A Path for each file costs as much as reading it.
            with open(f"{self.folder}/{path}", "rb", buffering=0) as file:  # noqa: PTH123
                return file.read()
        except OSError as problem:
            reason = os.strerror(problem.errno) if problem.errno else "it cannot be read"
            raise InvalidInput([Diagnostic(Span(path), f"the file cannot be read: {reason}.")]) from problem


class CommitTree:
    """The files of one commit, read from git without a checkout."""

    def __init__(self, folder: Path, commit: str, blobs: Mapping[str, str], blob: Callable[[str], bytes]) -> None:
        """`blobs` maps each path to its blob's id; `blob` gives the content of one."""
        self.folder = folder
        self.commit = commit
        self.label = commit[:12]
        self._blobs = blobs
        self._blob = blob

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """Every regular file, sorted."""
        return tuple(sorted(self._blobs))

    def load(self, path: str) -> bytes:
        """The content of a file. Raises InvalidInput where the commit does not hold it."""
        if path not in self._blobs:
            raise InvalidInput([Diagnostic(Span(path), f"commit {self.label} does not hold this file.")])
        return self._blob(self._blobs[path])


def _files(folder: str, prefix: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_file(follow_symlinks=False) and entry.name not in NOT_CONTENT:
                yield prefix + entry.name
            elif entry.is_dir(follow_symlinks=False) and entry.name not in SKIPPED:
                yield from _files(entry.path, f"{prefix}{entry.name}/")
