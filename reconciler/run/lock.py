"""Resolves the npm ranges of every action and module to exact versions, into reconciler.lock, and records there which
modules `latest` means."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from reconciler.desired import atomic
from reconciler.desired.checks.everything import problems
from reconciler.desired.load import Documents, load_repository
from reconciler.desired.lock import FILE, locked_set, merged, render_lock, unlocked
from reconciler.desired.module_uses import uses
from reconciler.engine.relocked import license_changes, version_changes
from reconciler.errors import Diagnostic, InvalidInput, PackageError, Usage
from reconciler.model.lock import MODULES, Lock, LockedSet
from reconciler.model.relocked import Brought, DependencyChange, Relocked
from reconciler.run.workplace import Workplace


async def lock(
    place: Workplace, *, upgrade: bool, packages: tuple[str, ...], notify: Callable[[str], None]
) -> Relocked:
    """Writes the lock file where it has to change; gives what did.

    Locked versions stay unless their range changed, or `upgrade` (all) or `packages` (those) asks for newer ones; npm
    is asked only where they do not. Raises InvalidInput for action files that cannot be read, PackageError for what npm
    cannot give.
    """
    documents = load_repository(place.repository.worktree())
    _readable(documents)
    before, ranges = documents.lock, documents.ranges()
    unknown = set(packages) - {package for wanted in ranges.values() for package in wanted}
    if unknown:
        raise Usage(f"No action depends on {', '.join(sorted(unknown))}.", "Name packages as action.yaml does.")
    asked = unlocked(before, ranges, upgrade=upgrade, packages=packages)
    after = lock_of(documents, await resolved(place, asked, notify))
    relocked = await _relocked(place, before, after)
    text = render_lock(after).encode()
    if text == documents.lock_text:
        return relocked
    atomic.write(place.repository.folder / FILE, text)
    return relocked.model_copy(update={"written": True})


async def resolved(
    place: Workplace, asked: Mapping[str, Mapping[str, str]], notify: Callable[[str], None]
) -> dict[str, LockedSet]:
    """What npm makes of the packages of each owner (owner -> package -> version or range), with their hashes. Owners
    that ask the same share an answer; the others are asked for side by side."""
    distinct = {_asking(wanted): wanted for wanted in asked.values()}
    for owner in asked:
        notify(owner)
    answers = await asyncio.gather(*map(place.npm.resolve, distinct.values()), return_exceptions=True)
    found = dict(zip(distinct, _all_of(answers), strict=True))
    # Some native add-ons show only once they are installed; the tests need them installed anyway.
    await place.npm.install_all(tuple(found.values()))
    return {owner: found[_asking(wanted)] for owner, wanted in asked.items()}


def lock_of(documents: Documents, found: Mapping[str, LockedSet]) -> Lock:
    """The lock that says what the documents ask, with what was found for some owners put in."""
    after = merged(documents.lock, documents.ranges(), found)
    return after.model_copy(update={"uses": uses(documents.actions, documents.modules, after)})


def check_lock(place: Workplace) -> tuple[Diagnostic, ...]:
    """Where the lock does not say what the actions ask, and where it cannot be known what they do. Asks nobody."""
    documents = load_repository(place.repository.worktree())
    unknown = {*_broken(documents), *(each for each in documents.diagnostics if each.span.file.startswith(MODULES))}
    return tuple(
        each for each in problems(documents) if each in unknown or each.span.file == FILE or FILE in each.message
    )


async def _relocked(place: Workplace, before: Lock, after: Lock) -> Relocked:
    changes = version_changes(before, after)
    sets = {change.owner: locked_set(after, change.owner) for change in changes}
    distinct = {locked.canonical(): locked for locked in sets.values() if locked.packages}
    brought = {key: await place.npm.brought(locked) for key, locked in distinct.items()}
    dependencies = tuple(
        _dependency(change, sets[change.owner], brought.get(sets[change.owner].canonical(), {})) for change in changes
    )
    had = {one.called for locked in before.sets.values() for one in locked.packages}
    scripts = {name for each in dependencies if each.brought for name in each.brought.scripts}
    return Relocked(
        dependencies=dependencies, licenses=license_changes(before, after), scripts=tuple(sorted(scripts - had))
    )


def _dependency(change: DependencyChange, locked: LockedSet, brought: Mapping[str, Brought]) -> DependencyChange:
    if change.package not in brought:
        return change
    licenses = {one.path: one.license for one in locked.packages}
    license_ = licenses.get(f"node_modules/{change.package}", "")
    return change.model_copy(update={"license": license_, "brought": brought[change.package]})


def _asking(wanted: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(wanted.items()))


def _all_of(answers: list[LockedSet | BaseException]) -> list[LockedSet]:
    """Every answer; of several refusals one error that tells them all."""
    refused = [answer for answer in answers if isinstance(answer, BaseException)]
    sentences = dict.fromkeys(each.message for each in refused if isinstance(each, PackageError))
    if len(sentences) > 1 and all(isinstance(each, PackageError) for each in refused):
        raise PackageError(" ".join(sentences), "Mend each of them.")
    if refused:
        raise refused[0]
    return [answer for answer in answers if isinstance(answer, LockedSet)]


def _readable(documents: Documents) -> None:
    broken = _broken(documents)
    if broken:
        raise InvalidInput(broken)


def _broken(documents: Documents) -> list[Diagnostic]:
    """What is wrong with the files that ask for packages."""
    return [each for each in documents.diagnostics if each.span.file.endswith(("action.yaml", "module.yaml"))]
