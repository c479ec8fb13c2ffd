"""The tree of packages that npm resolved: what of it goes into reconciler.lock, and what the platform does not run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from reconciler.errors import PackageError
from reconciler.model.lock import LockedPackage, LockedSet

PLATFORM = "linux"
"""What the platform's containers run; a package for other systems only is never installed there."""
NATIVE_REMEDY = "Choose a package that is JavaScript only: the platform neither builds nor loads native code."


def require_versions(ranges: Mapping[str, str]) -> None:
    """A version, a range or a tag; npm would also take paths, addresses and aliases, the platform does not."""
    for name, wanted in sorted(ranges.items()):
        if re.search(r"[:/]", wanted) or wanted.startswith("."):
            message = f"The package {name} is asked for by an address, a path or an alias."
            raise PackageError(message, "Name a version, a range or latest.")


def locked(ranges: Mapping[str, str], entries: Mapping[str, Any]) -> LockedSet:
    """The set of those ranges, of the `packages` of package-lock.json. Raises PackageError for what brings native code
    or an install script, and for what does not come from a registry."""
    tree = {path: entry for path, entry in entries.items() if path and not _never_installed(entry)}
    _refuse_native(tree, ranges)
    for path, entry in tree.items():
        if not entry.get("integrity") and not entry.get("inBundle"):
            raise PackageError(
                f"The package {package_of(path)} does not come from a registry.", "Name a published one."
            )
    return LockedSet(
        ranges=dict(sorted(ranges.items())),
        versions={name: tree[f"node_modules/{name}"]["version"] for name in sorted(ranges)},
        packages=tuple(_package(path, entry) for path, entry in sorted(tree.items()) if not entry.get("inBundle")),
    )


def package_of(path: str) -> str:
    """The package of a path in the tree: `node_modules/a/node_modules/@b/c/src` is of `@b/c`."""
    parts = path.rpartition("node_modules/")[2].split("/")
    return "/".join(parts[: 2 if parts[0].startswith("@") else 1])


def manifest(versions: Mapping[str, str]) -> dict[str, Any]:
    """The package.json that asks for those versions."""
    return {"private": True, "dependencies": dict(sorted(versions.items()))}


def package_lock(root: Mapping[str, Any], packages: Mapping[str, LockedPackage]) -> dict[str, Any]:
    """The package-lock.json that puts those packages (path -> package) there; `root` is the package.json."""
    entries = {path: _entry(path, one) for path, one in packages.items()}
    return {"lockfileVersion": 3, "requires": True, "packages": {"": dict(root), **entries}}


def refuse_native_files(folder: Path, package: LockedPackage, asked: Iterable[str]) -> None:
    """Raises PackageError where an installed package brings native code that no lock shows."""
    for pattern in ("binding.gyp", "*.node"):
        for found in sorted(folder.rglob(pattern)):
            if found.is_file():
                name = package_of(f"{package.path}/{found.parent.relative_to(folder)}")
                names = ", ".join(sorted(asked))
                message = f"The package {name} (installed for {names}) brings native code: {found.name}."
                raise PackageError(message, NATIVE_REMEDY)


def _package(path: str, entry: Mapping[str, Any]) -> LockedPackage:
    name = entry.get("name", "")
    return LockedPackage(
        path=path,
        version=entry["version"],
        integrity=entry["integrity"],
        name="" if name == package_of(path) else name,
        license=_license(entry.get("license")),
    )


def _license(said: Any) -> str:
    """SPDX terms as the package says them; packages of long ago say an object."""
    told = said.get("type") if isinstance(said, Mapping) else said
    return told if isinstance(told, str) else ""


def _entry(path: str, package: LockedPackage) -> dict[str, str]:
    named = {} if package.registered == package_of(path) else {"name": package.registered}
    return {**named, "version": package.version, "integrity": package.integrity}


def _never_installed(entry: Mapping[str, Any]) -> bool:
    """Optional and for other systems only, such as fsevents: the platform leaves it out too."""
    return bool(entry.get("optional")) and "os" in entry and PLATFORM not in entry["os"]


def _refuse_native(tree: Mapping[str, Any], ranges: Mapping[str, str]) -> None:
    """By the lock alone: an install script, or a part made for one system or processor."""
    for path, entry in sorted(tree.items()):
        if entry.get("hasInstallScript") or entry.get("gypfile"):
            _refuse(package_of(path), tree, ranges, "needs an install script")
        if "os" in entry or "cpu" in entry:
            _refuse(package_of(path), tree, ranges, "is a native binary")


def _refuse(name: str, tree: Mapping[str, Any], ranges: Mapping[str, str], what: str) -> None:
    asker = next((asked for asked in sorted(ranges) if name in _reached(asked, tree)), name)
    because = "" if asker == name else f" (it comes with {asker})"
    raise PackageError(
        f"The package {name}{because} {what}; the platform runs neither install scripts nor binaries.", NATIVE_REMEDY
    )


def _reached(name: str, tree: Mapping[str, Any]) -> set[str]:
    """Every package name that can be reached from that one."""
    edges: dict[str, set[str]] = {}
    for path, entry in tree.items():
        needs = (entry.get(kind, {}) for kind in ("dependencies", "optionalDependencies", "peerDependencies"))
        edges.setdefault(package_of(path), set()).update(*needs)
    reached, waiting = set[str](), [name]
    while waiting:
        current = waiting.pop()
        if current not in reached:
            reached.add(current)
            waiting.extend(edges.get(current, ()))
    return reached
