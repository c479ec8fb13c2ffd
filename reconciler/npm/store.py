"""The store of installed packages."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from reconciler.model.audit import Advisory
from reconciler.model.lock import LockedPackage, LockedSet
from reconciler.model.relocked import Brought
from reconciler.npm.audit import read_advisories
from reconciler.npm.brought import load_brought
from reconciler.npm.command import NpmCommand
from reconciler.npm.contents import Contents, digest, renamed
from reconciler.npm.failures import disk
from reconciler.npm.tree import locked, manifest, package_lock, refuse_native_files, require_versions

MAKING = ".making-"
CONTENTS = "contents"
ABANDONED_SECONDS = 3600
"""No installation takes as long: what it was made in was left behind by a process that was killed."""
EXACT = re.compile(r"\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?")


class Npm:
    """npm with a store of packages, shared by all actions and by any number of processes.

    `node` is the executable that runs npm; `environ` is handed on (it carries proxies and certificates); `store` is
    made where it is missing. Each set of packages has a folder in it, made of hard links: the files of a package are on
    disk once, read-only. A folder is named after what is in it, made beside and renamed into place whole, and never
    changed again. Commands that packages bring (node_modules/.bin) are left out: actions cannot start any.

    Every method raises PackageError: one sentence that names the package.
    """

    def __init__(self, *, node: Path, store: Path, environ: Mapping[str, str]) -> None:
        self.command = NpmCommand(node, environ)
        self.store = store
        self._contents = Contents(store / CONTENTS)
        self._making = asyncio.Lock()

    async def resolve(self, ranges: Mapping[str, str]) -> LockedSet:
        """The whole tree for ranges, tags or exact versions (name -> range), with integrity hashes, as of now.

        Where only exact versions are asked for, metadata that npm has at hand will do. Refuses what brings native code
        or an install script, and what does not come from a registry.
        """
        if not ranges:
            return LockedSet()
        require_versions(ranges)
        exact = all(EXACT.fullmatch(wanted) for wanted in ranges.values())
        with disk(), tempfile.TemporaryDirectory(prefix="reconciler-npm-") as name:
            folder = Path(name)
            _write_json(folder / "package.json", manifest(ranges))
            await self.command.run(folder, ranges, "install", "--package-lock-only", cached=exact)
            entries = json.loads((folder / "package-lock.json").read_text(encoding="utf-8"))["packages"]
        return locked(ranges, entries)

    async def install(self, versions: Mapping[str, str]) -> Path:
        """A folder whose node_modules holds those packages (name -> exact version) and what they need: the tree that a
        lock with these versions was installed for last, or else what npm makes of them now."""
        require_versions(versions)
        known = self.store / _versions_key(versions)
        if known.is_dir():
            return known.resolve()
        resolved = await self.resolve(versions)
        folder = await self.install_locked(resolved)
        with disk():
            self._remember(resolved, folder)
        return folder

    async def install_locked(self, packages: LockedSet) -> Path:
        """A folder whose node_modules is exactly the locked tree; every package is held against its integrity hash."""
        (folder,) = await self.install_all((packages,))
        return folder

    async def brought(self, packages: LockedSet) -> dict[str, Brought]:
        """Name -> what it brings onto the disk, for each direct dependency of a set."""
        folder = await self.install_locked(packages)
        with disk():
            return await asyncio.to_thread(load_brought, folder, packages)

    async def read_advisories(self, packages: Iterable[tuple[str, str]]) -> tuple[Advisory, ...]:
        """What the registry knows against those packages (name, version); an error where it does not say."""
        return await read_advisories(self.command, packages)

    async def install_all(self, sets: Sequence[LockedSet]) -> tuple[Path, ...]:
        """A folder for each set. What is not in the store is got by one process of npm for all of them."""
        folders = tuple(self.store / _key(one) for one in sets)
        if not all(folder.is_dir() for folder in folders):
            async with self._making:
                missing = {at: one for at, one in zip(folders, sets, strict=True) if not at.is_dir()}
                with disk():
                    self.store.mkdir(parents=True, exist_ok=True)
                    await self._fetch(missing.values())
                    for folder, one in missing.items():
                        await asyncio.to_thread(self._assemble, one, folder)
        return folders

    async def _fetch(self, sets: Iterable[LockedSet]) -> None:
        """Brings the contents of those sets into the store, as far as they are not there."""
        wanted: dict[Path, tuple[LockedPackage, dict[str, str]]] = {}
        for one in sets:
            for package in one.packages:
                if not self._contents.has(package):
                    wanted.setdefault(self._contents.place(package), (package, {}))[1].update(one.versions)
        if not wanted:
            return
        packages = {f"node_modules/{number}": package for number, (package, _) in enumerate(wanted.values())}
        asked = {name: version for _, versions in wanted.values() for name, version in versions.items()}
        with tempfile.TemporaryDirectory(prefix=MAKING, dir=self.store, ignore_cleanup_errors=True) as name:
            made = Path(name)
            _sweep(self.store, made)
            _write_json(made / "package.json", {"private": True})
            _write_json(made / "package-lock.json", package_lock({"private": True}, packages))
            those = tuple(packages.values())
            await self.command.run(made, asked, "ci", "--no-bin-links", cached=True, locked=those)
            for path, (package, versions) in zip(packages, wanted.values(), strict=True):
                await asyncio.to_thread(refuse_native_files, made / path, package, versions)
                await asyncio.to_thread(self._contents.keep, package, made / path)

    def _assemble(self, one: LockedSet, final: Path) -> None:
        root = manifest(one.versions)
        with tempfile.TemporaryDirectory(prefix=MAKING, dir=self.store, ignore_cleanup_errors=True) as name:
            _sweep(self.store, Path(name))
            made = Path(name) / "tree"
            (made / "node_modules").mkdir(parents=True)
            _write_json(made / "package.json", root)
            _write_json(made / "package-lock.json", package_lock(root, {each.path: each for each in one.packages}))
            for package in one.packages:
                self._contents.link(package, made / package.path)
            renamed(made, final)
        self._remember(one, final)

    def _remember(self, one: LockedSet, folder: Path) -> None:
        """Lets `install` find that folder by the versions alone; the newest counts."""
        with tempfile.TemporaryDirectory(prefix=MAKING, dir=self.store, ignore_cleanup_errors=True) as name:
            link = Path(name) / "link"
            link.symlink_to(folder.name, target_is_directory=True)
            link.replace(self.store / _versions_key(one.versions))


def _key(one: LockedSet) -> str:
    return digest("lock", package_lock(manifest(one.versions), {each.path: each for each in one.packages}))


def _versions_key(versions: Mapping[str, str]) -> str:
    return digest("newest", dict(sorted(versions.items())))


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


def _sweep(store: Path, now: Path) -> None:
    """Removes what killed processes left; `now` was made just now, by the clock that the others were made by."""
    newest = now.stat().st_mtime
    for left in store.glob(f"{MAKING}*"):
        with contextlib.suppress(OSError):  # its own process, or another that sweeps, was quicker
            if newest - left.stat().st_mtime > ABANDONED_SECONDS:
                shutil.rmtree(left, ignore_errors=True)
