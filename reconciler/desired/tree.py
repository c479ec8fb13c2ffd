"""One protocol for the files of a repository, whether they are on disk or in a commit."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Protocol

from reconciler.errors import Diagnostic, InvalidInput, Span

ROOT_FILE = "reconciler.yaml"
SKIPPED = frozenset({".git", ".reconciler", ".venv", "node_modules", "__pycache__"})
NOT_CONTENT = frozenset({"jsconfig.json", ".git"})
"""What editors are told beside the code (`reconciler types`), git or not: it stays behind where git takes an action's
files away, and its folder is no action for that. And what leads from a worktree to its repository."""


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

    @property
    def unread(self) -> tuple[str, ...]:
        """Where something else stands, sorted: symbolic links and submodules."""
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
        return self._listing[0]

    @property
    def unread(self) -> tuple[str, ...]:
        """Every symbolic link, and every folder that is a git repository of its own, sorted."""
        return self._listing[1]

    def load(self, path: str) -> bytes:
        """The content of a file. Raises InvalidInput where it cannot be read."""
        try:
            # A Path for each file costs as much as reading it.
            with open(f"{self.folder}/{path}", "rb", buffering=0) as file:  # noqa: PTH123
                return file.read()
        except OSError as problem:
            reason = os.strerror(problem.errno) if problem.errno else "it cannot be read"
            raise InvalidInput([Diagnostic(Span(path), f"the file cannot be read: {reason}.")]) from problem

    @cached_property
    def _listing(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        files: list[str] = []
        unread: list[str] = []
        _gather(str(self.folder), "", files, unread)
        return tuple(sorted(files)), tuple(sorted(unread))


class CommitTree:
    """The files of one commit, read from git without a checkout."""

    def __init__(
        self, folder: Path, commit: str, blobs: Mapping[str, str], unread: Iterable[str], blob: Callable[[str], bytes]
    ) -> None:
        """`blobs` maps the path of each file to its blob's id; `blob` gives the content of one."""
        self.folder = folder
        self.commit = commit
        self.label = commit[:12]
        self.unread = tuple(sorted(unread))
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


def _gather(folder: str, prefix: str, files: list[str], unread: list[str]) -> None:
    had = len(files), len(unread)
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                name = entry.name
                if name not in NOT_CONTENT and entry.is_file(follow_symlinks=False):
                    files.append(prefix + name)
                elif name not in SKIPPED and entry.is_dir(follow_symlinks=False):
                    _gather(entry.path, f"{prefix}{name}/", files, unread)
                elif name == ".git" and prefix:
                    del files[had[0] :], unread[had[1] :]
                    unread.append(prefix.removesuffix("/"))
                    return
                elif name not in SKIPPED and entry.is_symlink():
                    unread.append(prefix + name)
    except OSError as problem:
        reason = os.strerror(problem.errno) if problem.errno else "it cannot be read"
        place = Span(prefix.removesuffix("/") or ".")
        raise InvalidInput([Diagnostic(place, f"the folder cannot be read: {reason}.")]) from problem
