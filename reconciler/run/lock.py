"""Resolves the npm ranges of every action and module to exact versions, into reconciler.lock, and records there which
modules `latest` means."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from reconciler.desired import atomic
from reconciler.desired.checks.everything import problems
from reconciler.desired.load import Documents, load_repository
from reconciler.desired.lock import FILE, MODULES, merged, render_lock, unlocked
from reconciler.desired.module_uses import uses
from reconciler.errors import Diagnostic, InvalidInput, Usage
from reconciler.model.lock import Lock, LockedSet
from reconciler.npm import Npm
from reconciler.run.workplace import Workplace


@dataclass(frozen=True)
class Locked:
    """One direct dependency in the lock, and the version it had before (empty when it is new); `version` is empty where
    the lock has it no more. Of a module that an action uses as latest it is the beginning of its digest; `owner` is an
    action, or the folder of a module."""

    owner: str
    package: str
    version: str
    before: str


async def lock(
    place: Workplace, *, upgrade: bool, packages: tuple[str, ...], notify: Callable[[str], None]
) -> tuple[Locked, ...]:
    """Writes the lock file where it has to change; gives every direct dependency that did.

    Locked versions stay unless their range changed, or `upgrade` (all) or `packages` (those) asks for newer ones.
    Raises InvalidInput for action files that cannot be read, PackageError for what npm cannot give.
    """
    documents = load_repository(place.repository.worktree())
    _readable(documents)
    before, ranges = documents.lock, documents.ranges()
    unknown = set(packages) - {package for wanted in ranges.values() for package in wanted}
    if unknown:
        raise Usage(f"No action depends on {', '.join(sorted(unknown))}.", "Name packages as action.yaml does.")
    asked = unlocked(before, ranges, upgrade=upgrade, packages=packages)
    after = lock_of(documents, await resolved(place, asked, notify))
    text = render_lock(after).encode()
    if text != documents.lock_text:
        atomic.write(place.repository.folder / FILE, text)
    return _changes(before, after)


async def resolved(
    place: Workplace, asked: Mapping[str, Mapping[str, str]], notify: Callable[[str], None]
) -> dict[str, LockedSet]:
    """What npm makes of the packages of each owner (owner -> package -> version or range), with their hashes."""
    known: dict[tuple[tuple[str, str], ...], LockedSet] = {}
    found: dict[str, LockedSet] = {}
    for owner, wanted in asked.items():
        notify(owner)
        key = tuple(sorted(wanted.items()))
        known[key] = known.get(key) or await _resolved(place.npm, wanted)
        found[owner] = known[key]
    return found


def lock_of(documents: Documents, found: Mapping[str, LockedSet]) -> Lock:
    """The lock that says what the documents ask, with what was found for some owners put in."""
    after = merged(documents.lock, documents.ranges(), found)
    return after.model_copy(update={"uses": uses(documents.actions, documents.modules, after)})


def _versions(lock: Lock) -> dict[tuple[str, str], str]:
    sets = lock.actions | {f"{MODULES}{name}": locked for name, locked in lock.modules.items()}
    found = {
        (owner, package): version for owner, locked in sets.items() for package, version in locked.versions.items()
    }
    used = {
        (owner, f"{MODULES}{name}"): digest[:19]
        for owner, all_of in lock.uses.items()
        for name, digest in all_of.items()
    }
    return found | used


def _changes(before: Lock, after: Lock) -> tuple[Locked, ...]:
    had, has = _versions(before), _versions(after)
    changed = [key for key in sorted(had | has) if had.get(key) != has.get(key)]
    return tuple(Locked(*key, has.get(key, ""), had.get(key, "")) for key in changed)


async def _resolved(npm: Npm, wanted: Mapping[str, str]) -> LockedSet:
    # Some native add-ons show only once they are installed; the tests need them installed anyway.
    found = await npm.resolve(wanted)
    await npm.install_locked(found)
    return found


def check_lock(place: Workplace) -> tuple[Diagnostic, ...]:
    """Where the lock does not say what the actions ask, and where it cannot be known what they do. Asks nobody."""
    documents = load_repository(place.repository.worktree())
    unknown = {*_broken(documents), *(each for each in documents.diagnostics if each.span.file.startswith(MODULES))}
    return tuple(
        each for each in problems(documents) if each in unknown or each.span.file == FILE or FILE in each.message
    )


def _readable(documents: Documents) -> None:
    broken = _broken(documents)
    if broken:
        raise InvalidInput(broken)


def _broken(documents: Documents) -> list[Diagnostic]:
    """What is wrong with the files that ask for packages."""
    return [each for each in documents.diagnostics if each.span.file.endswith(("action.yaml", "module.yaml"))]
