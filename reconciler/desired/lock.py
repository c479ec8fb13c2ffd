"""reconciler.lock: the exact npm versions of every action's dependencies, as deterministic JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from reconciler.desired.located_yaml import parse
from reconciler.desired.validation import validated
from reconciler.errors import Diagnostic, Span
from reconciler.model.lock import MODULES as MODULES
from reconciler.model.lock import Lock, LockedSet

FILE = "reconciler.lock"
Ranges = Mapping[str, Mapping[str, str]]
"""Owner -> package name -> range, for every action and module, with dependencies or without. An action goes by its
name, a module by `modules/NAME`, which no action can be called in git."""

AGAIN = "Run `reconciler lock`."
_ADAPTER: TypeAdapter[Lock] = TypeAdapter(Lock)


def parse_lock(text: bytes, file: str = FILE) -> tuple[Lock, tuple[Diagnostic, ...]]:
    """The lock, empty where it cannot be read, and every problem with its place."""
    try:
        value = json.loads(text, object_pairs_hook=_unique)
    except json.JSONDecodeError as problem:
        place = Span(file, problem.lineno, problem.colno)
        message = f"this is not valid JSON: {problem.msg}."
        return Lock(), (Diagnostic(place, message, "Take one side of a merge conflict whole; run `reconciler lock`."),)
    except (UnicodeDecodeError, RecursionError):
        return Lock(), (Diagnostic(Span(file, 1, 1), "this is not a lock file.", AGAIN),)
    except _Twice:
        return Lock(), parse(text, file).diagnostics or (Diagnostic(Span(file, 1, 1), "a key stands twice.", AGAIN),)
    return _lock(value, text, file)


def render_lock(lock: Lock) -> str:
    """The text of the lock file: two spaces, sorted keys, one line end at the end."""
    value = lock.model_dump(mode="json", exclude=None if lock.uses else {"uses"})
    for locked in (*value["actions"].values(), *value["modules"].values()):
        locked["packages"].sort(key=lambda package: package["path"])
        locked["packages"] = [{key: said for key, said in each.items() if said} for each in locked["packages"]]
    return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def stale(
    lock: Lock, ranges: Ranges, place: Callable[[str, str], Span], *, text: bytes = b""
) -> tuple[Diagnostic, ...]:
    """Where the lock does not say what actions and modules ask: missing, out of date, left over.

    `place` gives where an owner names a package; `text` is the lock file, for the places of what is left over.
    """
    found: list[Diagnostic] = []
    for owner, asked in ranges.items():
        locked = locked_set(lock, owner)
        found += [
            Diagnostic(place(owner, package), _difference(package, wanted, locked), AGAIN)
            for package, wanted in asked.items()
            if not _holds(locked, package, wanted)
        ]
    left = tuple(_left_over(lock, ranges))
    source = parse(text, FILE) if left and text else None
    found += [Diagnostic(source.key(*path) if source else Span(FILE), message, AGAIN) for path, message in left]
    return tuple(found)


def unlocked(
    lock: Lock, ranges: Ranges, *, upgrade: bool = False, packages: Collection[str] = ()
) -> dict[str, dict[str, str]]:
    """What npm is to be asked: owner -> package -> exact version to keep, or range to resolve.

    Those whose lock holds are not in it. `upgrade` forgets every locked version, `packages` those of some packages.
    """
    asked: dict[str, dict[str, str]] = {}
    for owner, wanted in ranges.items():
        locked = locked_set(lock, owner)
        kept = {
            name: locked.versions[name]
            for name, version_range in wanted.items()
            if not upgrade and name not in packages and _holds(locked, name, version_range)
        }
        if wanted and (len(kept) < len(wanted) or set(locked.ranges) != set(wanted)):
            asked[owner] = {name: kept.get(name, version_range) for name, version_range in wanted.items()}
    return asked


def merged(lock: Lock, ranges: Ranges, resolved: Mapping[str, LockedSet]) -> Lock:
    """The lock with what npm resolved put in, and without what nobody asks any more.

    The ranges are those of the files, also where npm was asked for an exact version to keep.
    """
    after = {
        owner: (resolved.get(owner) or locked_set(lock, owner)).model_copy(
            update={"ranges": dict(sorted(wanted.items()))}
        )
        for owner, wanted in sorted(ranges.items())
        if wanted
    }
    return Lock(
        version=lock.version,
        actions={owner: locked for owner, locked in after.items() if not owner.startswith(MODULES)},
        modules={owner.removeprefix(MODULES): locked for owner, locked in after.items() if owner.startswith(MODULES)},
        uses=lock.uses,
    )


def locked_set(lock: Lock, owner: str) -> LockedSet:
    """What the dependencies of an owner resolved to; empty where the lock does not name it."""
    if owner.startswith(MODULES):
        return lock.modules.get(owner.removeprefix(MODULES), LockedSet())
    return lock.actions.get(owner, LockedSet())


class _Twice(ValueError):
    """A JSON object has one key twice."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise _Twice
    return value


def _lock(value: Any, text: bytes, file: str) -> tuple[Lock, tuple[Diagnostic, ...]]:
    if isinstance(value, dict) and value.get("version", 1) != 1:
        message = f"the lock has version {value['version']}, this reconciler reads version 1."
        return Lock(), (Diagnostic(parse(text, file).span("version"), message, "Use the newer reconciler."),)
    try:
        return _ADAPTER.validate_python(value), ()
    except ValidationError:
        return Lock(), validated(parse(text, file), _ADAPTER)[1]


def _holds(locked: LockedSet, name: str, version_range: str) -> bool:
    given = locked.ranges.get(name) == version_range and name in locked.versions
    return given and _tested(locked, name) == locked.versions[name]


def _tested(locked: LockedSet, name: str) -> str:
    """The version that is installed for cases. It must be the one that the tenant is to build with."""
    there = (each.version for each in locked.packages if each.path == f"node_modules/{name}")
    return next(there, locked.versions[name])


def _difference(package: str, wanted: str, locked: LockedSet) -> str:
    if package not in locked.ranges:
        return f"'{package}' is not in {FILE}."
    if locked.ranges[package] != wanted:
        return f"{FILE} is out of date: it has '{package}' for {locked.ranges[package]}, asked is {wanted}."
    if package not in locked.versions:
        return f"{FILE} has no version for '{package}'."
    versions = f"{locked.versions[package]} for the tenant and {_tested(locked, package)} for cases"
    return f"{FILE} has two versions of '{package}': {versions}."


def _left_over(lock: Lock, ranges: Ranges) -> Iterable[tuple[tuple[str, ...], str]]:
    for name, locked in lock.actions.items():
        yield from _left_over_of(("actions", name), locked, ranges.get(name, {}))
    for name, locked in lock.modules.items():
        yield from _left_over_of(("modules", name), locked, ranges.get(f"{MODULES}{name}", {}))


def _left_over_of(
    path: tuple[str, str], locked: LockedSet, asked: Mapping[str, str]
) -> Iterable[tuple[tuple[str, ...], str]]:
    kind, name = path
    if not asked:
        yield path, f"'{name}' is left over: no such {kind.removesuffix('s')} has dependencies."
        return
    for package in locked.ranges.keys() - asked.keys():
        yield (*path, "ranges", package), f"'{package}' is left over: '{name}' does not ask for it."
