"""What is in each package, on disk once for all sets that hold it."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

from reconciler.model.lock import LockedPackage

LINKS_REFUSED = {errno.EXDEV, errno.EPERM, errno.EACCES, errno.EMLINK, errno.EOPNOTSUPP, errno.ENOSYS}
"""File systems without hard links, too many links of one file: then it is copied."""
WRITE_BITS = 0o222


class Contents:
    """The files of packages, each package in a folder named after what the lock says of it. A folder is moved into
    place whole and never changed again: its files are read-only, since a write through one link would change the
    package in every set."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def place(self, package: LockedPackage) -> Path:
        """Where its files are, or will be. The name counts, too: a lock that gives the hash of one package to another
        must not get by."""
        key = digest("content", [package.registered, package.version, package.integrity])
        return self._folder / key[:2] / key

    def has(self, package: LockedPackage) -> bool:
        """Whether it is there."""
        return self.place(package).is_dir()

    def keep(self, package: LockedPackage, made: Path) -> None:
        """Takes the folder, which is on the same file system, whose files were held against the hash."""
        for file in made.rglob("*"):
            if file.is_file() and not file.is_symlink():
                file.chmod(file.stat().st_mode & ~WRITE_BITS)
        final = self.place(package)
        final.parent.mkdir(parents=True, exist_ok=True)
        renamed(made, final)

    def link(self, package: LockedPackage, target: Path) -> None:
        """Makes a folder with the same files out of hard links."""
        _linked(self.place(package), target)


def digest(kind: str, value: Any) -> str:
    """A folder name for a value."""
    canonical = json.dumps([kind, value], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:32]


def renamed(made: Path, final: Path) -> None:
    """Moves a folder into place. Another process may have been quicker; its folder is as good as ours."""
    try:
        made.rename(final)
    except OSError:
        if not final.is_dir():
            raise
        shutil.rmtree(made, ignore_errors=True)


def _linked(source: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    with os.scandir(source) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                _linked(Path(entry.path), target / entry.name)
            else:
                _link(entry.path, target / entry.name)


def _link(source: str, target: Path) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError as error:
        if error.errno not in LINKS_REFUSED:
            raise
        shutil.copy2(source, target, follow_symlinks=False)
