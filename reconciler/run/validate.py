"""Checks every file of a repository; nothing is read from a tenant."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from reconciler.desired.checks.code.everything import code_findings
from reconciler.desired.checks.everything import notices
from reconciler.desired.known_yaml import KnownYaml
from reconciler.desired.load import Documents, LoadedAction, LoadedModule, load_repository
from reconciler.desired.state import Loaded, all_of, desired_of
from reconciler.desired.tree import Tree
from reconciler.errors import Diagnostic, InvalidInput
from reconciler.local.node.parse import read_code_facts
from reconciler.npm import node_executable
from reconciler.run.workplace import Workplace

GUARDED = frozenset({"R023"})
"""What a guard judges in every plan (`token`): there a tenant may let it pass, and `validate` knows no tenant."""

UNFIT = frozenset({"R001", "R002", "R003", "R010", "R011", "R035", "R036"})
"""What says that code cannot run at all. Other findings do not keep what runs in a tenant from being written to git: it
runs all the same, and is mended there."""


class Validated(NamedTuple):
    """How many actions were looked at, what is wrong, and what people should know though it refuses nothing; each in
    order of place."""

    actions: int
    problems: tuple[Diagnostic, ...] = ()
    notices: tuple[Diagnostic, ...] = ()

    @property
    def strict(self) -> Validated:
        """The same where warnings refuse, too."""
        promoted = (each._replace(severity="error") for each in self.notices)
        return Validated(self.actions, tuple(sorted({*self.problems, *promoted})))

    def require_sound(self) -> None:
        """Raises InvalidInput with every problem where there is one."""
        if self.problems:
            raise InvalidInput(self.problems)


async def validate(place: Workplace, *, revision: str | None) -> Validated:
    """Looks at every file, for every tenant, without decrypting."""
    documents = load_repository(place.tree(revision))
    found = await findings(documents, place.state)
    warnings = tuple(each for each in found if each.severity == "warning")
    told = tuple(sorted({*warnings, *notices(documents, place.clock().date())}))
    try:
        all_of(documents, sops=None, found=found)
    except InvalidInput as wrong:
        return Validated(len(documents.actions), wrong.diagnostics, told)
    return Validated(len(documents.actions), (), told)


async def checked(place: Workplace, tree: Tree, tenant: str, *, decrypt: bool = True) -> Loaded:
    """What git wants of one tenant, code included in the checks; raises InvalidInput with every problem at once.

    Without `decrypt` no key is needed, and no encrypted value is known.
    """
    documents = load_repository(tree)
    sops = place.sops if decrypt else None
    return desired_of(documents, tenant, sops=sops, found=await _unguarded(documents, place))


async def runnable(place: Workplace, tree: Tree, tenant: str, known: KnownYaml) -> Loaded:
    """The same to run cases with, which bring their own secrets: secrets that have no value yet are no problem, nor is
    a module that changed since the lock was written. No key is needed, and no encrypted value is known."""
    documents = load_repository(tree, known.parsed)
    known.keep()
    return desired_of(documents, tenant, sops=None, found=await _unguarded(documents, place), to_run=True)


async def _unguarded(documents: Documents, place: Workplace) -> list[Diagnostic]:
    return [each for each in await findings(documents, place.state) if each.code not in GUARDED]


async def findings(documents: Documents, kept: Path | None = None) -> tuple[Diagnostic, ...]:
    """What is wrong with code by itself, errors and warnings; `kept` is a folder with what was read of code before."""
    coded: list[LoadedAction | LoadedModule] = [*documents.actions, *documents.modules]
    sources = {one.code_file: one.code for one in coded if one.code is not None}
    return code_findings(documents, await read_code_facts(node_executable(), sources, kept))


async def unfit_code(documents: Documents) -> list[Diagnostic]:
    """What keeps code from running at all."""
    return [each for each in await findings(documents) if each.code in UNFIT]
