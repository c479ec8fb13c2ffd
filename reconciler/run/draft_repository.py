"""A repository before it is written: nouns become files, and whatever git cannot hold as it is, is left out and told.

The files are read back, checked as `validate` does, locked, and held against the tenant. So what is written is sound
and plans nothing, whatever a tenant or another tool's files hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from reconciler.desired.checks.everything import problems
from reconciler.desired.load import Documents, load_repository
from reconciler.desired.lock import FILE as LOCK_FILE
from reconciler.desired.lock import render_lock
from reconciler.desired.state import desired_of
from reconciler.desired.tree import Tree
from reconciler.desired.writing.overlay import Overlay
from reconciler.desired.writing.rendering import Files, flow_path, render_action, render_flow, render_module
from reconciler.engine import planner
from reconciler.engine.inventory import Inventory, without
from reconciler.errors import Diagnostic, InvalidInput
from reconciler.model.imported import Remark
from reconciler.model.lock import Lock, LockedSet
from reconciler.model.tenant import Live
from reconciler.run.lock import lock_of, resolved
from reconciler.run.session import TOOL
from reconciler.run.validate import unfit_code
from reconciler.run.workplace import Workplace

Notify = Callable[[str], None]


@dataclass(frozen=True)
class DraftRepository:
    """What would be written: the files of what was found, and those that begin a repository, over a tree."""

    tree: Tree
    found: Inventory
    begun: Files

    @property
    def files(self) -> Files:
        """All of them but the lock."""
        desired = self.found.desired
        files = dict(self.begun)
        for action in desired.actions:
            files |= render_action(action)
        for module in desired.modules:
            files |= render_module(module)
        for flow in desired.flows:
            files |= render_flow(flow)
        return files

    def documents(self, lock: Lock | None = None) -> Documents:
        """The files as they will be read."""
        more = {LOCK_FILE: render_lock(lock).encode()} if lock else {}
        return load_repository(Overlay(self.tree, self.files | more))

    def less(self, remarks: Iterable[Remark]) -> DraftRepository:
        """Without what the remarks name."""
        return replace(self, found=without(self.found, tuple(remarks)))


async def sound(place: Workplace, draft: DraftRepository, live: Live | None, notify: Notify) -> tuple[Inventory, Files]:
    """What can be written, and the files of it with the lock; raises InvalidInput for what is wrong with other files of
    the repository, PackageError for what npm cannot give.

    Where `live` is given, what is written plans nothing in it.
    """
    draft = await _checked(draft)
    documents = draft.documents()
    found = await resolved(place, _new_ranges(draft, documents), notify)
    while True:
        documents = draft.documents()
        lock = lock_of(documents, {owner: each for owner, each in found.items() if documents.ranges().get(owner)})
        differing = _differing(draft, lock, live) if live else ()
        if not differing:
            break
        draft = draft.less(differing)
    files = draft.files
    if lock != Lock() or documents.lock_text:
        files |= {LOCK_FILE: render_lock(lock).encode()}
    return draft.found, files


async def _checked(draft: DraftRepository) -> DraftRepository:
    while True:
        documents = draft.documents()
        # npm is asked once nothing else is wrong: until then every version stands for itself.
        as_asked = {
            owner: LockedSet(ranges=dict(wanted), versions=dict(wanted))
            for owner, wanted in _new_ranges(draft, documents).items()
        }
        documents = draft.documents(lock_of(documents, as_asked))
        wrong = [*problems(documents), *await unfit_code(documents)]
        if not wrong:
            return draft
        remarks = tuple(_blamed(draft, wrong))
        if not remarks:
            raise InvalidInput(wrong)
        draft = draft.less(remarks)


def _new_ranges(draft: DraftRepository, documents: Documents) -> Mapping[str, Mapping[str, str]]:
    """What the actions and modules that were found ask of npm."""
    desired = draft.found.desired
    ours = {action.name for action in desired.actions} | {module.path for module in desired.modules}
    return {owner: wanted for owner, wanted in documents.ranges().items() if owner in ours and wanted}


def _blamed(draft: DraftRepository, wrong: Iterable[Diagnostic]) -> Iterator[Remark]:
    """The things whose files the checks have something against, each with the first reason."""
    said: dict[str, str] = {}
    for problem in sorted(wrong):
        said.setdefault(problem.span.file, problem.message)
    desired = draft.found.desired
    for kind, ours in (("action", desired.actions), ("module", desired.modules)):
        for each in ours:
            why = next((words for file, words in said.items() if f"{file}/".startswith(f"{each.path}/")), "")
            if why:
                yield Remark.model_validate({"kind": kind, "name": each.name, "why": f"`validate` refuses it: {why}"})
    for flow in desired.flows:
        if why := said.get(flow_path(flow.trigger), ""):
            yield Remark(kind="flow", name=flow.trigger, why=f"`validate` refuses it: {why}")


def _differing(draft: DraftRepository, lock: Lock, live: Live) -> tuple[Remark, ...]:
    """What a plan would change all the same of what was found: git has no word for it."""
    desired = draft.found.desired
    loaded = desired_of(draft.documents(lock), desired.tenant, sops=None)
    made = planner.plan(loaded.desired, live, tool=TOOL)
    names = {action.name for action in desired.actions}
    modules = {module.name for module in desired.modules}
    words = "git cannot hold it as it is: a plan would change its {}."
    return (
        *(
            Remark(kind="action", name=change.name, why=words.format(", ".join(change.why.reasons)))
            for change in made.actions
            if change.name in names
        ),
        *(
            Remark(kind="module", name=change.name, why=words.format(", ".join(change.why.reasons)))
            for change in made.modules
            if change.name in modules
        ),
        *(
            Remark(kind="flow", name=change.trigger, why=words.format("order"))
            for change in made.flows
            if change.trigger in {flow.trigger for flow in desired.flows}
        ),
    )
