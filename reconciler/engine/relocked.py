"""What a lock says otherwise than the one before it."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.lock import MODULES, Lock, LockedSet
from reconciler.model.relocked import DependencyChange, LicenseChange

SHOWN_DIGEST = 19


def version_changes(before: Lock, after: Lock) -> tuple[DependencyChange, ...]:
    """Every direct dependency whose version is another one, by owner and name."""
    had, has = _versions(before), _versions(after)
    return tuple(
        DependencyChange(owner=key[0], package=key[1], before=had.get(key, ""), after=has.get(key, ""))
        for key in sorted(had | has)
        if had.get(key) != has.get(key)
    )


def license_changes(before: Lock, after: Lock) -> tuple[LicenseChange, ...]:
    """Every package that an owner had before and has now under another license. Where the lock before holds no license
    it is not known whether it changed: locks of earlier versions hold none."""
    found: dict[tuple[str, str, str], list[str]] = {}
    had, has = before.sets, after.sets
    for owner in sorted(had.keys() & has.keys()):
        for package, old, new in _relicensed(had[owner], has[owner]):
            found.setdefault((package, old, new), []).append(owner)
    return tuple(
        LicenseChange(package=package, before=old, after=new, owners=tuple(owners))
        for (package, old, new), owners in sorted(found.items())
    )


def _relicensed(before: LockedSet, after: LockedSet) -> Iterator[tuple[str, str, str]]:
    old, new = _licenses(before), _licenses(after)
    for package in sorted(old.keys() & new.keys()):
        if old[package] and old[package] != new[package]:
            yield package, old[package], new[package]


def _licenses(locked: LockedSet) -> dict[str, str]:
    """Package -> license; of several versions with several licenses all."""
    found: dict[str, set[str]] = {}
    for one in locked.packages:
        found.setdefault(one.registered, set()).add(one.license)
    return {package: ", ".join(sorted(licenses - {""})) for package, licenses in found.items()}


def _versions(lock: Lock) -> dict[tuple[str, str], str]:
    found = {
        (owner, package): version for owner, locked in lock.sets.items() for package, version in locked.versions.items()
    }
    used = {
        (owner, f"{MODULES}{name}"): digest[:SHOWN_DIGEST]
        for owner, all_of in lock.uses.items()
        for name, digest in all_of.items()
    }
    return found | used
