"""Adds files to a repository that works: all of them or none, and nothing that `validate` would refuse afterwards.

What was wrong before is no reason to add nothing. Nor is a secret without a value: that is what comes next.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from ruamel.yaml.comments import CommentedMap

from reconciler.desired.checks.everything import problems
from reconciler.desired.checks.limits import tenant_limit_problems
from reconciler.desired.load import Documents, load_repository
from reconciler.desired.lock import FILE as LOCK_FILE
from reconciler.desired.lock import render_lock
from reconciler.desired.tenant_view import TenantView, tenant_view
from reconciler.desired.writing.edits import Edits
from reconciler.desired.writing.files import write_all
from reconciler.desired.writing.yaml_text import edited, scalar
from reconciler.engine import naming
from reconciler.errors import Diagnostic, InvalidInput, Usage
from reconciler.model.starting import Added, Unset
from reconciler.report.editor.workspace import FOLDER as TYPES
from reconciler.run.editor import types_of
from reconciler.run.lock import lock_of, resolved
from reconciler.run.workplace import Workplace

Kind = Literal["action", "flow", "module"]
Notify = Callable[[str], None]


def free_folder(place: Workplace, kind: str, name: str) -> str:
    """The folder of a new action or module; raises Usage where no folder can have that name, or one has it already, on
    a disk that does not tell cases apart too."""
    if not naming.is_safe(name):
        raise Usage(f"'{name}' cannot be the name of a folder.", "Use letters, digits, - and _, such as check-email.")
    tree = place.repository.worktree()
    there = {path.split("/")[1] for path in tree.paths if path.startswith(f"{kind}/") and path.count("/") > 1}
    taken = next((each for each in there if each.casefold() == name.casefold()), "")
    if taken or (place.repository.folder / kind / name).exists():
        raise Usage(f"{kind}/{taken or name} is there already.", "Choose another name; nothing is overwritten.")
    return f"{kind}/{name}"


def named(document: str, name: str) -> str:
    """The text of action.yaml or module.yaml with another name in it."""

    def change(value: CommentedMap) -> None:
        value["name"] = scalar(name)

    return edited(document, change)


async def add(place: Workplace, edits: Edits, kind: Kind, name: str, notify: Notify) -> Added:
    """Writes what was edited, with the lock of the action of that name where it is one with packages.

    Raises InvalidInput for what would be wrong with the repository only then, PackageError for what npm cannot give.
    """
    tree = place.repository.worktree()
    before = load_repository(tree)
    owner = name if kind == "action" else ""
    await _lock(place, edits, owner, notify)
    after = load_repository(edits.tree)
    wrong = _new(_found(after), _found(before))
    if wrong:
        raise InvalidInput(wrong)
    write_all(place.repository.folder, edits.changes)
    if (place.repository.folder / TYPES).is_dir():
        await types_of(place)  # somebody has an editor here that is to know the new code
    asked = list(_references(_views(after), owner))
    return Added(
        kind=kind,
        name=name,
        made=tuple(path for path in edits.changes if path not in tree.paths),
        changed=tuple(path for path in edits.changes if path in tree.paths),
        unset=tuple(dict.fromkeys(Unset(tenant=view.name, key=key) for view, key in asked if _lacks(view, key))),
        homeless=tuple(sorted({view.name for view, _ in asked if view.sops_file is None})),
    )


async def _lock(place: Workplace, edits: Edits, owner: str, notify: Notify) -> None:
    documents = load_repository(edits.tree)
    wanted = documents.ranges().get(owner)
    if not wanted:
        return
    broken = [each for each in documents.diagnostics if each.span.file == LOCK_FILE]
    if broken:
        raise InvalidInput(broken)
    found = await resolved(place, {owner: wanted}, notify)
    edits.write(LOCK_FILE, render_lock(lock_of(documents, found)).encode())


def _found(documents: Documents) -> list[Diagnostic]:
    limits = (each for view in _views(documents) for each in tenant_limit_problems(view))
    return [*problems(documents, tenants=()), *limits]


def _new(after: Iterable[Diagnostic], before: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The problems that there were not before, wherever they stand now: lines move."""
    known = Counter((each.span.file, each.message) for each in before)
    found = []
    for each in after:
        key = (each.span.file, each.message)
        if not known[key]:
            found.append(each)
        known[key] -= 1
    return found


def _references(views: Iterable[TenantView], owner: str) -> Iterator[tuple[TenantView, str]]:
    """The keys that an action's secrets refer to, in each tenant."""
    for view in views:
        for secret in view.secrets.get(owner, {}).values():
            if isinstance(secret.spec, str):
                yield view, secret.spec


def _lacks(view: TenantView, key: str) -> bool:
    return view.sops_file is not None and key not in view.sops_file.keys


def _views(documents: Documents) -> list[TenantView]:
    return [tenant_view(documents, name) for name in sorted(documents.tenants)]
