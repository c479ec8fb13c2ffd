"""Checks every file of a repository; nothing is read from a tenant."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.desired.checks.everything import notices
from reconciler.desired.checks.handlers import CodeFacts, handler_problems, required_module_problems
from reconciler.desired.load import Documents, LoadedAction, LoadedModule, load_repository
from reconciler.desired.state import Loaded, all_of, desired_of
from reconciler.desired.tree import Tree
from reconciler.errors import Diagnostic
from reconciler.local.node.parse import read_code_facts
from reconciler.npm import node_executable
from reconciler.run.workplace import Workplace


@dataclass(frozen=True)
class Validated:
    """How many actions were looked at, and what people should know though nothing is wrong with it."""

    actions: int
    notices: tuple[Diagnostic, ...] = ()


async def validate(place: Workplace, *, revision: str | None) -> Validated:
    """Looks at every file, for every tenant, without decrypting; raises InvalidInput with every problem."""
    documents = load_repository(place.tree(revision))
    all_of(documents, sops=None, found=await code_problems(documents))
    return Validated(len(documents.actions), notices(documents, place.clock().date()))


async def checked(place: Workplace, tree: Tree, tenant: str, *, decrypt: bool = True) -> Loaded:
    """What git wants of one tenant, code included in the checks; raises InvalidInput with every problem at once.

    Without `decrypt` no key is needed, and no encrypted value is known.
    """
    documents = load_repository(tree)
    sops = place.sops if decrypt else None
    return desired_of(documents, tenant, sops=sops, found=await code_problems(documents))


async def code_problems(documents: Documents) -> list[Diagnostic]:
    """What is wrong with code by itself: its syntax, the handlers it exports, and the modules it requires."""
    coded: list[LoadedAction | LoadedModule] = [*documents.actions, *documents.modules]
    sources = {one.code_file: one.code for one in coded if one.code is not None}
    parsed = await read_code_facts(node_executable(), sources)
    facts = {
        path: CodeFacts(
            syntax_error=(found.error.message, found.error.line, found.error.column) if found.error else None,
            handlers={name: (at.line, at.column) for name, at in found.handlers.items()},
            modules={name: (at.line, at.column) for name, at in found.modules.items()},
        )
        for path, found in parsed.items()
    }
    return [*handler_problems(documents.actions, facts), *required_module_problems(documents, facts)]
