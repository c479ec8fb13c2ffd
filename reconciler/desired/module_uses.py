"""What `latest` means: the digest of each module as git has it, recorded in reconciler.lock for every action that uses
it, so that a reviewer sees there which actions get a changed module."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconciler.desired.load import LoadedAction, LoadedModule
from reconciler.engine import normalize
from reconciler.model.lock import Lock, LockedSet
from reconciler.model.module import ModuleContent

LATEST = "latest"


def module_content(module: LoadedModule, lock: Lock) -> ModuleContent | None:
    """The module as git has it, with its locked packages; None where its code cannot be read or the lock does not name
    each package."""
    versions = lock.modules.get(module.document.name, LockedSet()).versions
    wanted = module.document.dependencies
    if module.code is None or not wanted.keys() <= versions.keys():
        return None
    return normalize.module_content(
        code=module.code, dependencies=normalize.pinned({name: versions[name] for name in wanted})
    )


def uses(actions: Iterable[LoadedAction], modules: Iterable[LoadedModule], lock: Lock) -> dict[str, dict[str, str]]:
    """Action name -> module name -> digest, for the modules that actions use as `latest` and whose content is known."""
    digests = _digests(modules, lock)
    found = {
        action.document.name: {name: digests[name] for name in sorted(latest(action)) if name in digests}
        for action in actions
    }
    return {name: used for name, used in sorted(found.items()) if used}


def latest(action: LoadedAction) -> set[str]:
    """The modules that an action uses as `latest`."""
    return {name for name, version in action.document.modules.items() if version == LATEST}


def _digests(modules: Iterable[LoadedModule], lock: Lock) -> Mapping[str, str]:
    contents = {module.document.name: module_content(module, lock) for module in modules}
    return {name: normalize.digest(content) for name, content in contents.items() if content}
