"""Which actions and flows a change of files touches."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Set
from typing import NamedTuple

from reconciler.desired.load import LoadedAction
from reconciler.desired.lock import FILE as LOCK_FILE
from reconciler.desired.lock import parse_lock
from reconciler.desired.state import Loaded
from reconciler.desired.tree import ROOT_FILE
from reconciler.errors import GitError
from reconciler.model.lock import Lock
from reconciler.run.workplace import Workplace


class Touched(NamedTuple):
    """Names of actions, and triggers of flows, that behave differently after a change, or may."""

    actions: frozenset[str]
    flows: frozenset[str]


def touched_since(place: Workplace, loaded: Loaded, since: str, revision: str | None) -> Touched:
    """What differs from the commit where the work at hand, or that at `revision`, left the history of `since`. Files
    that are not committed count, also new ones. Raises GitError where the two have no commit in common here."""
    repository = place.repository
    now = repository.resolve(revision) if revision else repository.head()
    base = repository.merge_base(repository.resolve(since), now)
    if not base:
        raise GitError(
            f"'{since}' has no commit in common with what is checked out here.",
            "Fetch more of the history (a shallow clone has little), or name another revision.",
        )
    files = repository.changed(base, now if revision else "")
    locked = lock_of(place, base) if LOCK_FILE in files else loaded.lock
    return touched(loaded, files, locked)


def lock_of(place: Workplace, commit: str) -> Lock:
    """What reconciler.lock said in a commit; nothing where it was not there, or cannot be read."""
    tree = place.repository.tree(commit)
    return parse_lock(tree.load(LOCK_FILE))[0] if LOCK_FILE in tree.paths else Lock()


def touched(loaded: Loaded, files: Set[str], before: Lock) -> Touched:
    """What a change of those files touches; paths are relative to the folder of the repository. `before` is the lock as
    it was.

    An action is touched by what is in its folder or is named in its cases, by the modules that it uses, by its entry in
    the lock, and by the files of the flows that it is bound in. What says something of everything touches everything:
    reconciler.yaml, and the file of the tenant, which may override any of it.
    """
    documents = loaded.documents
    if files & {ROOT_FILE, f"tenants/{loaded.desired.tenant}.yaml"}:
        everything = frozenset(one.document.name for one in documents.actions)
        return Touched(everything, frozenset(flow.trigger for flow in loaded.desired.flows))
    modules = _touched_modules(loaded, files, before)
    flows = frozenset(flow.trigger for flow in loaded.desired.flows if _flow_files(loaded, flow.trigger) & files)
    bound = {place.action for flow in loaded.desired.flows if flow.trigger in flows for place in flow.bindings}
    actions = {
        one.document.name
        for one in documents.actions
        if _is_within(files, one.folder)
        or files & set(_named_files(one))
        or modules & set(one.document.modules)
        or loaded.lock.actions.get(one.document.name) != before.actions.get(one.document.name)
    }
    around = (flow.trigger for flow in loaded.desired.flows if actions & {place.action for place in flow.bindings})
    return Touched(frozenset(actions | bound), flows | frozenset(around))


def _touched_modules(loaded: Loaded, files: Set[str], before: Lock) -> set[str]:
    return {
        one.document.name
        for one in loaded.documents.modules
        if _is_within(files, one.folder)
        or loaded.lock.modules.get(one.document.name) != before.modules.get(one.document.name)
    }


def _flow_files(loaded: Loaded, trigger: str) -> set[str]:
    """The file of a flow, and those beside it that are named after it: its cases and what was recorded of them."""
    written = (flow.path for flow in loaded.desired.flows if flow.trigger == trigger)
    cases = (each for each in loaded.documents.flow_cases if each.trigger == trigger)
    named = (_beside(each.file, name) for each in cases for name in (each.case.event_file, each.case.from_log))
    beside = (f"flows/{trigger}{end}" for end in (".cases.yaml", ".cases.snapshot.yaml"))
    return {path for path in (*written, *beside, *named) if path}


def _named_files(action: LoadedAction) -> Iterator[str]:
    """The files that the cases of an action name, wherever they are."""
    for each in action.cases:
        yield from (_beside(each.file, name) for name in (each.case.event_file, each.case.from_log) if name)


def _beside(file: str, name: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(file), name)) if name else ""


def _is_within(files: Iterable[str], folder: str) -> bool:
    return any(path.startswith(f"{folder}/") for path in files)
