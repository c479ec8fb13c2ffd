"""What of the code of actions and modules ran in a test run."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from reconciler.desired.load import LoadedAction, LoadedModule
from reconciler.desired.state import Loaded
from reconciler.engine.coverage import file_coverage
from reconciler.local.node.coverage import CodeCoverage, Tally
from reconciler.model.coverage import FileCoverage, Thresholds
from reconciler.model.lock import MODULES


def covered(
    loaded: Loaded, ran: Iterable[CodeCoverage], names: Collection[str] | None, *, whole: bool
) -> tuple[FileCoverage, ...]:
    """What ran of each action, and of each module that one of them uses; `names` are the actions that are looked at,
    None for all actions and modules. Of what no case loaded nothing ran. `whole`: all of their cases ran."""
    told = _told(ran)
    used = None if names is None else set(_used(loaded, names))
    actions = [one for one in loaded.documents.actions if loaded.desired.action(one.document.name)]
    wanted: list[tuple[tuple[str, str], LoadedAction | LoadedModule]] = [
        *((("", one.document.name), one) for one in actions if names is None or one.document.name in names),
        *(
            ((one.document.name, ""), one)
            for one in loaded.documents.modules
            if used is None or one.document.name in used
        ),
    ]
    return tuple(_file(key, one, told.get(key), whole) for key, one in wanted)


def thresholds(loaded: Loaded) -> Thresholds | None:
    """What reconciler.yaml asks for; None where it asks for nothing."""
    asked = loaded.documents.repository.document.coverage if loaded.documents.repository else None
    return Thresholds(lines=asked.lines, branches=asked.branches) if asked else None


def _file(
    key: tuple[str, str], one: LoadedAction | LoadedModule, ran: CodeCoverage | None, whole: bool
) -> FileCoverage:
    module, action = key
    owner = f"{MODULES}{module}" if module else action
    code, functions = (ran.code, ran.functions) if ran else (one.code or "", ())
    return file_coverage(owner, one.code_file, code, functions, whole=whole)


def _told(ran: Iterable[CodeCoverage]) -> dict[tuple[str, str], CodeCoverage]:
    """(module, action) -> what ran of it: of a module over all actions, so that no action is named there."""
    tally = Tally()
    for each in ran:
        tally.add("" if each.module else each.action, each.module, each.code, each.functions)
    return {(each.module, each.action): each for each in tally.total()}


def _used(loaded: Loaded, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        action = loaded.desired.action(name)
        yield from (use.name for use in action.content.modules) if action else ()
