"""Every file that an editor needs to know the code of a repository, from what the repository says.

All but two files for each action and module is below `.reconciler/types`: jsconfig.json beside the code, which an
editor looks for, and a link `node_modules` to the packages that the lock names, so that they are found just as Node
finds them. None of it is for git: a .gitignore that ignores itself says so, and `reconciler types` makes it again.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from reconciler.catalogue.triggers import TriggerFacts
from reconciler.report.editor.names import GENERATED
from reconciler.report.editor.node import render_node, render_without_types
from reconciler.report.editor.owner import render_action, render_module, render_trigger
from reconciler.report.editor.platform import PLATFORM
from reconciler.report.editor.project import render_all, render_entry, render_project

FOLDER = ".reconciler/types"
ENTRY = "jsconfig.json"
PACKAGES = "node_modules"
IGNORE = ".gitignore"
PROJECT = "tsconfig.json"
_IGNORED = f"{GENERATED.replace('//', '#')}\n/{IGNORE}\n/*/{ENTRY}\n/*/{PACKAGES}\n"


@dataclass(frozen=True, slots=True)
class Owner:
    """An action or a module as an editor sees it.

    `folder` is its path, `code_file` that of its code (empty where there is none), which is `built` where other sources
    are what somebody writes; `trigger` is None for a module, which is `used_at` those of the actions that require it.
    `secrets` maps names to where the values come from, in words; `modules` names to the files of their code. `packages`
    is the folder of the packages that are installed for it (empty for none), `untyped` what is not installed for it or
    for its modules. Paths are those of the repository, or absolute.
    """

    folder: str
    code_file: str
    trigger: TriggerFacts | None
    major: int
    used_at: tuple[TriggerFacts, ...] = ()
    built: bool = False
    secrets: Mapping[str, str] = field(default_factory=dict)
    modules: Mapping[str, str] = field(default_factory=dict)
    packages: str = ""
    untyped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NodeTypes:
    """Node's own declarations as they are installed: the text of index.d.ts, and the folder that it is in."""

    index: str
    folder: str


@dataclass(frozen=True, slots=True)
class Workspace:
    """Files (path -> text) and links (path -> what it points to, as seen from its folder)."""

    files: Mapping[str, str]
    links: Mapping[str, str]


def workspace(owners: Sequence[Owner], node: Mapping[int, NodeTypes], projects: Sequence[str]) -> Workspace:
    """All of it for those owners; `node` has no entry for a major version whose declarations are not to be had.
    `projects` are the folders of all owners that there are."""
    files = {f"{FOLDER}/platform.d.ts": PLATFORM}
    for major in sorted({owner.major for owner in owners}):
        files[_node_file(major)] = _node(major, node.get(major))
    for trigger in {each.id: each for owner in owners for each in _triggers(owner)}.values():
        files[_trigger_file(trigger)] = render_trigger(trigger)
    for owner in owners:
        files |= dict(_files(owner))
    files |= {f"{kind}/{IGNORE}": _IGNORED for kind in sorted({posixpath.dirname(one.folder) for one in owners})}
    files[f"{FOLDER}/{PROJECT}"] = render_all([_seen(f"{FOLDER}/{each}", FOLDER) for each in projects])
    links = {f"{one.folder}/{PACKAGES}": _seen(f"{one.packages}/{PACKAGES}", one.folder) for one in _installed(owners)}
    return Workspace(files, links)


def _triggers(owner: Owner) -> tuple[TriggerFacts, ...]:
    return (owner.trigger,) if owner.trigger else owner.used_at


def _installed(owners: Iterable[Owner]) -> Iterator[Owner]:
    return (owner for owner in owners if owner.packages)


def _files(owner: Owner) -> Iterator[tuple[str, str]]:
    home = f"{FOLDER}/{owner.folder}"
    yield f"{home}/index.d.ts", _declarations(owner)
    made_of = [f"{FOLDER}/platform.d.ts", *map(_trigger_file, _triggers(owner))]
    seen = [_seen(path, home) for path in (*made_of, *filter(None, [owner.code_file]))]
    modules = {name: _seen(code, home) for name, code in owner.modules.items()}
    types = _seen(posixpath.dirname(posixpath.dirname(_node_file(owner.major))), home)
    yield f"{home}/{PROJECT}", render_project(owner.major, types, ["./index.d.ts", *seen], modules, not owner.built)
    yield f"{owner.folder}/{ENTRY}", render_entry(_seen(f"{home}/{PROJECT}", owner.folder))


def _declarations(owner: Owner) -> str:
    if owner.trigger:
        return render_action(owner.secrets, owner.untyped, bool(owner.modules))
    return render_module(owner.secrets, owner.untyped, bool(owner.used_at))


def _node_file(major: int) -> str:
    return f"{FOLDER}/node{major}/node/index.d.ts"


def _node(major: int, found: NodeTypes | None) -> str:
    if not found:
        return render_without_types()
    return render_node(found.index, _seen(found.folder, posixpath.dirname(_node_file(major))))


def _trigger_file(trigger: TriggerFacts) -> str:
    return f"{FOLDER}/triggers/{trigger.id}.d.ts"


def _seen(path: str, folder: str) -> str:
    """A path of the repository as seen from one of its folders; an absolute one as it is."""
    if posixpath.isabs(path):
        return path
    seen = posixpath.relpath(path, folder)
    return seen if seen.startswith("../") else f"./{seen}"
