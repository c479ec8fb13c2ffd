"""Actions and modules as an editor sees them, with their packages and Node's own declarations installed."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

from reconciler.catalogue.triggers import runtime, triggers
from reconciler.desired.documents import KeptSecret, PlainSecret, SecretSpec
from reconciler.desired.load import Documents, LoadedAction, LoadedModule
from reconciler.desired.lock import AGAIN, MODULES, locked_set
from reconciler.errors import Diagnostic, PackageError, Span
from reconciler.model.lock import Lock, LockedSet
from reconciler.npm import Npm
from reconciler.report.editor.node import VERSIONS, nearest
from reconciler.report.editor.workspace import NodeTypes, Owner
from reconciler.run.workplace import Workplace

Coded = LoadedAction | LoadedModule
Notices = list[Diagnostic]

MODULE_MAJOR = 22
"""A module has no runtime of its own; it runs on that of the action that requires it."""


async def owners_of(
    place: Workplace, documents: Documents, coded: Sequence[Coded], notify: Callable[[str], None]
) -> tuple[list[Owner], Notices]:
    """An owner for each action of a known trigger and for each module, and what could not be installed, with why."""
    typed = [each for each in coded if _typed(each)]
    wanted = {each.folder: _locked(each, documents.lock) for each in typed if each.document.dependencies}
    installed, notices = await _installed(place, wanted, notify)
    codes = {module.document.name: module.code_file for module in documents.modules if module.code is not None}
    owners = [_owner(place, each, installed.get(each.folder), codes) for each in typed]
    return _with_users(_with_untyped_of_modules(owners), documents), notices


def typed_folders(documents: Documents) -> list[str]:
    """The folders of all that have types, in order."""
    everything: list[Coded] = [*documents.actions, *documents.modules]
    return [each.folder for each in everything if _typed(each)]


def unreadable_folders(documents: Documents) -> list[str]:
    """The folders of actions and modules of which nothing can be said just now: their YAML is broken, or names a
    trigger that there is not."""
    unknown = [action.folder for action in documents.actions if not _typed(action)]
    broken = [f"actions/{name}" for name in documents.broken] + [f"modules/{name}" for name in documents.broken_modules]
    return sorted({*unknown, *broken})


async def node_types(
    place: Workplace, majors: Collection[int], notify: Callable[[str], None]
) -> tuple[Mapping[int, NodeTypes], Notices]:
    """Node's declarations of each of those major versions, without those that cannot be had, and why."""
    found: dict[int, NodeTypes] = {}
    for major in sorted(majors):
        notify(f"Node {major}")
        try:
            folder = await place.npm.install({"@types/node": VERSIONS[major]}) / "node_modules" / "@types" / "node"
        except PackageError as problem:
            message = f"what Node has is known by its names only: {_lowered(problem.message)}"
            return found, [Diagnostic(Span("@types/node"), message, problem.remedy, "", "warning")]
        index = (folder / "index.d.ts").read_text(encoding="utf-8")
        found[major] = NodeTypes(index, _of_repository(place, folder))
    return found, []


def _typed(coded: Coded) -> bool:
    return isinstance(coded, LoadedModule) or coded.document.trigger in triggers()


def _locked(coded: Coded, lock: Lock) -> LockedSet | None:
    """What the lock has for its dependencies; None where it has not all of them."""
    name = coded.document.name if isinstance(coded, LoadedAction) else f"{MODULES}{coded.document.name}"
    locked = locked_set(lock, name)
    return locked if coded.document.dependencies.keys() <= locked.versions.keys() else None


async def _installed(
    place: Workplace, wanted: Mapping[str, LockedSet | None], notify: Callable[[str], None]
) -> tuple[Mapping[str, Path], Notices]:
    """The folder of the packages of each owner (by its folder) that has them."""
    sets = list(dict.fromkeys(each for each in wanted.values() if each))
    for folder in wanted:
        notify(folder)
    results = await _each_installed(place.npm, sets)
    found: dict[str, Path] = {}
    notices: Notices = []
    for folder, locked in wanted.items():
        result = results[locked] if locked else PackageError("reconciler.lock has not all of them.", AGAIN)
        if isinstance(result, Path):
            found[folder] = result
        elif isinstance(result, PackageError):
            message = f"its packages are not installed, so nothing completes of them: {_lowered(result.message)}"
            notices.append(Diagnostic(Span(folder), message, result.remedy, "", "warning"))
        else:
            raise result
    return found, notices


async def _each_installed(npm: Npm, sets: Sequence[LockedSet]) -> Mapping[LockedSet, Path | BaseException]:
    """The folder of each set, or why there is none; all at once where nothing stands in the way."""
    with contextlib.suppress(PackageError):
        return dict(zip(sets, await npm.install_all(sets), strict=True))
    told = await asyncio.gather(*map(npm.install_locked, sets), return_exceptions=True)
    return dict(zip(sets, told, strict=True))


def _owner(place: Workplace, coded: Coded, packages: Path | None, codes: Mapping[str, str]) -> Owner:
    document = coded.document
    return Owner(
        folder=coded.folder,
        code_file=coded.code_file if coded.code is not None else "",
        trigger=triggers()[coded.document.trigger] if isinstance(coded, LoadedAction) else None,
        built="/" in document.code,
        major=_major(coded) if isinstance(coded, LoadedAction) else MODULE_MAJOR,
        secrets={name: _source(spec) for name, spec in document.secrets.items()},
        modules=_used(coded.document.modules, codes) if isinstance(coded, LoadedAction) else {},
        packages=_of_repository(place, packages) if packages else "",
        untyped=() if packages else tuple(sorted(document.dependencies)),
    )


def _with_untyped_of_modules(owners: Sequence[Owner]) -> list[Owner]:
    """The code of a module is read in the project of each action that uses it, packages included."""
    untyped = {owner.code_file: owner.untyped for owner in owners if not owner.trigger}
    return [
        replace(owner, untyped=tuple(sorted({*owner.untyped, *chain(*(untyped.get(code, ()) for code in used))})))
        if (used := owner.modules.values())
        else owner
        for owner in owners
    ]


def _with_users(owners: Sequence[Owner], documents: Documents) -> list[Owner]:
    """Modules with the triggers of all actions that use them, in order of their ids."""
    used: dict[str, set[str]] = {}
    for action in filter(_typed, documents.actions):
        for name in action.document.modules:
            used.setdefault(f"modules/{name}", set()).add(action.document.trigger)
    return [
        owner
        if owner.trigger
        else replace(owner, used_at=tuple(triggers()[each] for each in sorted(used.get(owner.folder, ()))))
        for owner in owners
    ]


def _major(action: LoadedAction) -> int:
    facts = triggers()[action.document.trigger]
    named = re.match(r"node(\d+)", runtime(facts, action.document.runtime or facts.default_runtime))
    return nearest(int(named[1])) if named else MODULE_MAJOR


def _used(names: Iterable[str], codes: Mapping[str, str]) -> Mapping[str, str]:
    return {name: codes[name] for name in names if name in codes}


def _source(spec: SecretSpec) -> str:
    if isinstance(spec, PlainSecret):
        return "Stands in the YAML in clear."
    if isinstance(spec, KeptSecret):
        return "Lives in the dashboard."
    return f"The key {spec} of the tenant's SOPS file."


def _of_repository(place: Workplace, path: Path) -> str:
    folder = place.repository.folder
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.resolve().as_posix()


def _lowered(message: str) -> str:
    """A sentence that goes on after a colon; names keep their capitals."""
    first, _, rest = message.partition(" ")
    return f"{first.lower()} {rest}" if first in ("The", "No", "A") else message
