"""Writes a repository from what runs in a tenant, or from another tool's files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from reconciler.catalogue.triggers import triggers
from reconciler.desired.a0deploy.markers import markers
from reconciler.desired.a0deploy.reading import read_configuration
from reconciler.desired.load import Documents, load_repository
from reconciler.desired.schema import render_schema
from reconciler.desired.tree import ROOT_FILE, Tree
from reconciler.desired.writing.files import write_all
from reconciler.desired.writing.overlay import Overlay
from reconciler.desired.writing.rendering import Files, render_root, render_tenant
from reconciler.engine.inventory import Inventory, inventory
from reconciler.errors import Diagnostic, InvalidInput, Span, Usage
from reconciler.model.imported import Imported, Marker, Needed
from reconciler.model.tenant import Desired, Live
from reconciler.run.draft_repository import DraftRepository, Notify, sound
from reconciler.run.schema import every_schema
from reconciler.run.session import TOOL, open_session
from reconciler.run.workplace import Workplace

SCHEMAS = "schemas/"


@dataclass(frozen=True)
class Beginning:
    """What an import is told of a repository that is not there yet: its name, and how its tenant is reached.

    `domain` is that of a tenant of Auth0, `local` stands for the embedded one.
    """

    name: str = ""
    domain: str = ""
    local: bool = False


@dataclass(frozen=True)
class Wish:
    """What else an import is told: the names of actions and modules to leave alone, and who hears of progress."""

    unwanted: tuple[str, ...]
    notify: Notify


async def import_tenant(place: Workplace, tenant: str, beginning: Beginning, wish: Wish) -> Imported:
    """Writes everything that runs in a tenant and that git can hold; all of it or nothing. The tenant is only read.

    Raises Usage where the beginning does not fit what is there, InvalidInput for files that would be overwritten.
    """
    tree, begun, documents = _opened(place, tenant, beginning)
    async with open_session(place, tenant, documents.tenants[tenant].document) as session:
        live = await session.gateway.read_live(_flows())
    found = inventory(live, repo=documents.name, tenant=tenant, unwanted=_named(live, wish.unwanted))
    made, _ = await _written(place, DraftRepository(tree, found, begun), live, wish)
    return made


async def import_a0deploy(
    place: Workplace, tenant: str | None, path: Path, beginning: Beginning, wish: Wish
) -> Imported:
    """Writes what a configuration of auth0-deploy-cli holds, a directory or a YAML file; no tenant is read.

    Raises the same errors, and InvalidInput for a configuration that cannot be read.
    """
    tree, begun, documents = _opened(place, tenant, beginning)
    read = read_configuration(path, unwanted=wish.unwanted)
    desired = read.desired.model_copy(update={"repo": documents.name, "tenant": tenant or ""})
    draft = DraftRepository(tree, Inventory(desired=desired, left=read.left), begun)
    made, files = await _written(place, draft, None, wish)
    told = {"source": str(path), "changed": read.changed, "markers": tuple(_markers(files))}
    return made.model_copy(update=told)


def _opened(place: Workplace, tenant: str | None, beginning: Beginning) -> tuple[Tree, Files, Documents]:
    """The files that are there, those that begin the repository, and both as they will be read."""
    tree = place.repository.worktree()
    begun = _begun(tree, tenant, beginning)
    documents = load_repository(Overlay(tree, begun))
    if documents.diagnostics:
        raise InvalidInput(documents.diagnostics)
    return tree, begun, documents


async def _written(place: Workplace, draft: DraftRepository, live: Live | None, wish: Wish) -> tuple[Imported, Files]:
    _free(draft.tree, draft.files)
    found, files = await sound(place, draft, live, wish.notify)
    write_all(place.repository.folder, files)
    return _imported(found, files), files


def _begun(tree: Tree, tenant: str | None, beginning: Beginning) -> Files:
    """The files that make the folder a repository with that tenant, as far as they are missing."""
    files: Files = {}
    there = ROOT_FILE in tree.paths
    if there and beginning.name:
        raise Usage(f"This repository has a {ROOT_FILE} already.", "Leave --name out.")
    if not there and not beginning.name:
        raise Usage(f"There is no {ROOT_FILE} here.", "Name the repository with --name, such as --name acme-identity.")
    if not there:
        files |= render_root(beginning.name)
    if tenant:
        files |= _begun_tenant(tree, tenant, beginning)
    if not any(path.startswith(SCHEMAS) for path in tree.paths):
        files |= {f"{SCHEMAS}{name}": render_schema(schema).encode() for name, schema in every_schema().items()}
    return files


def _begun_tenant(tree: Tree, tenant: str, beginning: Beginning) -> Files:
    file = f"tenants/{tenant}.yaml"
    described = bool(beginning.domain or beginning.local)
    if file in tree.paths:
        if described:
            raise Usage(f"{file} says already how the tenant is reached.", "Leave --domain and --local out.")
        return {}
    if not described:
        raise Usage(f"There is no {file}.", "Say how the tenant is reached: --domain acme.eu.auth0.com, or --local.")
    return render_tenant(tenant, domain=beginning.domain)


def _flows() -> list[str]:
    """The triggers whose flows are read, also where nothing but a marketplace action is bound."""
    return [facts.id for facts in triggers().values() if facts.documented and facts.bindable]


def _named(live: Live, unwanted: tuple[str, ...]) -> tuple[str, ...]:
    known = {action.name for action in live.actions} | {module.name for module in live.modules or ()}
    unknown = sorted(set(unwanted) - known)
    if unknown:
        raise Usage(f"The tenant has no action or module {', '.join(unknown)}.", "Check how it is spelled.")
    return unwanted


def _free(tree: Tree, files: Mapping[str, bytes]) -> None:
    """Raises InvalidInput naming every file that is there already, on a disk that does not tell cases apart too."""
    there = {path.casefold(): path for path in tree.paths}
    taken = sorted(there[path.casefold()] for path in files if path.casefold() in there)
    if taken:
        remedy = "Import into an empty folder, or take single changes over with `reconciler adopt`."
        raise InvalidInput([Diagnostic(Span(path), "the file is there already.", remedy) for path in taken])


def _imported(found: Inventory, files: Files) -> Imported:
    desired = found.desired
    return Imported(
        tool=TOOL,
        repo=desired.repo,
        source=desired.tenant,
        tenant=desired.tenant,
        actions=tuple(action.name for action in desired.actions),
        modules=tuple(module.name for module in desired.modules),
        flows=tuple(flow.trigger for flow in desired.flows),
        files=tuple(sorted(files)),
        secrets=tuple(_needed(desired)),
        left=found.left,
    )


def _needed(desired: Desired) -> Iterator[Needed]:
    for action in desired.actions:
        yield from (Needed(name=action.name, secret=secret.name) for secret in action.secrets)
    for module in desired.modules:
        yield from (Needed(kind="module", name=module.name, secret=secret.name) for secret in module.secrets)


def _markers(files: Files) -> Iterator[Marker]:
    for path, content in sorted(files.items()):
        if not path.startswith(SCHEMAS):
            yield from markers(path, content.decode())
