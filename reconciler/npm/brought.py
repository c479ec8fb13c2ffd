"""What a dependency brings onto the disk: as its installed files say, not as the registry does."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Set
from pathlib import Path
from typing import Any

from reconciler.model.lock import LockedSet
from reconciler.model.relocked import Brought

INSTALL_SCRIPTS = {"preinstall", "install", "postinstall"}
"""Nobody runs them, neither here nor on the platform; a package that brings one wants to be looked at all the same."""
_NEEDS = ("dependencies", "optionalDependencies", "peerDependencies")


def load_brought(folder: Path, packages: LockedSet) -> dict[str, Brought]:
    """Name -> what it brings, for every direct dependency of the set that is installed in the folder."""
    paths = {one.path: one.called for one in packages.packages}
    manifests = {path: _manifest(folder / path) for path in paths}
    sizes = {path: sum(_sizes(folder, path, paths.keys())) for path in paths}
    found: dict[str, Brought] = {}
    for name in packages.versions:
        reached = _reached(f"node_modules/{name}", manifests)
        scripted = {paths[path] for path in reached if INSTALL_SCRIPTS & _mapping(manifests[path], "scripts").keys()}
        found[name] = Brought(
            size=sum(sizes[path] for path in reached), along=len(reached) - 1, scripts=tuple(sorted(scripted))
        )
    return found


def _reached(start: str, manifests: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """The paths of that package and of all that it needs."""
    reached, waiting = set[str](), [start]
    while waiting:
        path = waiting.pop()
        if path not in reached:
            reached.add(path)
            needs = {name for kind in _NEEDS for name in _mapping(manifests[path], kind)}
            waiting += (found for name in sorted(needs) if (found := _found(path, name, manifests.keys())))
    return reached


def _found(path: str, name: str, paths: Set[str]) -> str:
    """Where Node finds a package that the one at `path` requires; empty where it is not there, or comes inside it."""
    while path:
        if (wanted := f"{path}/node_modules/{name}") in paths:
            return wanted
        path = path.rpartition("/node_modules/")[0]
    return wanted if (wanted := f"node_modules/{name}") in paths else ""


def _sizes(folder: Path, path: str, others: Set[str]) -> Iterator[int]:
    """The size of each file of a package, without the packages that are installed inside its folder."""
    for parent, folders, files in os.walk(folder / path):
        below = Path(parent).relative_to(folder).as_posix()
        folders[:] = [each for each in folders if f"{below}/{each}" not in others]
        yield from ((Path(parent) / each).stat().st_size for each in files)


def _manifest(folder: Path) -> Mapping[str, Any]:
    read = json.loads((folder / "package.json").read_text(encoding="utf-8-sig"))
    return read if isinstance(read, dict) else {}


def _mapping(manifest: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = manifest.get(key)
    return value if isinstance(value, dict) else {}
