"""Every document of a tree, each with its places, and every problem of form."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping, Set
from typing import Any, NamedTuple, TypeVar

from pydantic import TypeAdapter

from reconciler.desired import documents, tenant_documents
from reconciler.desired.case_events import EventFiles
from reconciler.desired.documents import ActionDocument, FlowDocument, ModuleDocument, RepositoryDocument
from reconciler.desired.located_cases import LocatedCase, LocatedFlowCase, LocatedScene
from reconciler.desired.located_yaml import Source, byte_span, parse
from reconciler.desired.lock import FILE as LOCK_FILE
from reconciler.desired.lock import parse_lock
from reconciler.desired.sops_file import SopsFile, parse_sops_file
from reconciler.desired.tenant_documents import TenantDocument
from reconciler.desired.tree import ROOT_FILE, Tree
from reconciler.desired.validation import Located, validated
from reconciler.errors import Diagnostic, InvalidInput, Span
from reconciler.model.case import Scene
from reconciler.model.lock import Lock

TENANT_NAME = re.compile(r"[A-Za-z0-9][\w.-]*", re.ASCII)
"""No comma, star, question mark or bracket: `--tenant` means several tenants by those, so that the job of a tenant with
such a name would be one of others."""

FLOW_CASES = ".cases.yaml"
"""How the files in flows/ end that hold the cases of a flow."""

SNAPSHOTS = re.compile(r"(actions/[^/]+/|flows/[^/]+\.)cases\.snapshot\.yaml")
"""The files that hold what happened in cases."""

Parse = Callable[[bytes, str], Source]
"""Parses a file of that name."""

T = TypeVar("T")
A = TypeVar("A", ActionDocument, ModuleDocument)
S = TypeVar("S", bound=Scene)


class LoadedAction(NamedTuple):
    """An action's files. `folder` is its path; `code` is None where its file is missing or is not text."""

    folder: str
    located: Located[ActionDocument]
    code_file: str
    code: str | None
    cases: tuple[LocatedCase, ...]

    @property
    def document(self) -> ActionDocument:
        """What action.yaml says."""
        return self.located.document


class LoadedModule(NamedTuple):
    """A module's files."""

    folder: str
    located: Located[ModuleDocument]
    code_file: str
    code: str | None

    @property
    def document(self) -> ModuleDocument:
        """What module.yaml says."""
        return self.located.document


class Documents(NamedTuple):
    """A repository as its files say, each kind in path order.

    `snapshots` maps the path of each snapshot file to its entries by the name of their case. `broken` holds the folder
    names of actions whose action.yaml cannot be read, `broken_modules` those of modules; `diagnostics` every problem of
    form.
    """

    tree: Tree
    repository: Located[RepositoryDocument] | None
    actions: tuple[LoadedAction, ...]
    modules: tuple[LoadedModule, ...]
    flows: tuple[Located[FlowDocument], ...]
    flow_cases: tuple[LocatedFlowCase, ...]
    snapshots: Mapping[str, Located[Any]]
    tenants: Mapping[str, Located[TenantDocument]]
    sops_files: Mapping[str, SopsFile]
    lock: Lock
    lock_text: bytes
    broken: frozenset[str]
    broken_modules: frozenset[str]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def name(self) -> str:
        """The repository's name; empty where reconciler.yaml cannot be read."""
        return self.repository.document.name if self.repository else ""

    def ranges(self) -> dict[str, dict[str, str]]:
        """Action name, or `modules/NAME` -> package -> range, for `lock`."""
        actions = {one.document.name: dict(one.document.dependencies) for one in self.actions}
        modules = {f"modules/{one.document.name}": dict(one.document.dependencies) for one in self.modules}
        return actions | modules


def load_repository(tree: Tree, parse_cases: Parse = parse) -> Documents:
    """Read every document of a tree. Never raises for what files say: that is in `diagnostics`. `parse_cases` parses
    the files of the cases of actions, which are most of what there is to read."""
    loader = _Loader(tree, parse_cases)
    repository = loader.document(ROOT_FILE, documents.REPOSITORY) if ROOT_FILE in loader.paths else None
    if ROOT_FILE not in loader.paths:
        loader.report(Diagnostic(Span(ROOT_FILE), "the file is missing.", "Write it with `name: your-name`."))
    tenants = {
        name: tenant
        for path in loader.tenant_files()
        if (tenant := loader.document(path, tenant_documents.TENANT)) and (name := _stem(path))
    }
    actions = tuple(action for path in loader.folders("actions", "action.yaml") if (action := loader.action(path)))
    modules = tuple(module for path in loader.folders("modules", "module.yaml") if (module := loader.module(path)))
    flow_files = loader.files("flows")
    flows = tuple(flow for path in flow_files if is_flow(path) and (flow := loader.document(path, documents.FLOW)))
    sops_files = {path: loader.sops_file(path) for path in sorted(_secret_paths(tenants.values()) & loader.paths)}
    lock_text = loader.content(LOCK_FILE) if LOCK_FILE in loader.paths else b""
    lock, problems = parse_lock(lock_text) if lock_text else (Lock(), ())
    loaded = {action.folder for action in actions}
    return Documents(
        tree=tree,
        repository=repository,
        actions=actions,
        modules=modules,
        flows=flows,
        flow_cases=tuple(case for path in flow_files if path.endswith(FLOW_CASES) for case in loader.flow_cases(path)),
        snapshots=loader.snapshots(),
        tenants=tenants,
        sops_files=sops_files,
        lock=lock,
        lock_text=lock_text,
        broken=loader.broken("actions", loaded),
        broken_modules=loader.broken("modules", {module.folder for module in modules}),
        diagnostics=(*loader.diagnostics, *problems),
    )


class _Loader:
    """Collects documents and problems while going through a tree."""

    def __init__(self, tree: Tree, parse_cases: Parse) -> None:
        self.tree = tree
        self._parse_cases = parse_cases
        self.paths = frozenset(tree.paths)
        self._unread = frozenset(tree.unread)
        self.diagnostics: list[Diagnostic] = []
        self._events = EventFiles(self.paths, self.content, self.report)

    def report(self, *problems: Diagnostic) -> None:
        self.diagnostics += problems

    def content(self, path: str) -> bytes:
        try:
            return self.tree.load(path)
        except InvalidInput as problem:
            self.report(*problem.diagnostics)
            return b""

    def document(self, path: str, adapter: TypeAdapter[T], parse: Parse = parse) -> Located[T] | None:
        located, problems = validated(parse(self.content(path), path), adapter)
        self.report(*problems)
        return located

    def action(self, path: str) -> LoadedAction | None:
        located = self.document(path, documents.ACTION)
        if not located:
            return None
        folder = posixpath.dirname(path)
        cases = self._cases(f"{folder}/cases.yaml", located.document.trigger)
        return LoadedAction(folder, located, *self._code(folder, located), cases)

    def module(self, path: str) -> LoadedModule | None:
        located = self.document(path, documents.MODULE)
        folder = posixpath.dirname(path)
        return LoadedModule(folder, located, *self._code(folder, located)) if located else None

    def sops_file(self, path: str) -> SopsFile:
        return parse_sops_file(self.content(path), path)

    def files(self, kind: str) -> list[str]:
        """The YAML files directly in a folder."""
        found = []
        for path in sorted(self.paths):
            if path.startswith(f"{kind}/") and path.endswith(".yml"):
                self.report(Diagnostic(Span(path), "files here must end in .yaml.", "Rename it."))
            if path.startswith(f"{kind}/") and path.endswith(".yaml"):
                if path.count("/") == 1:
                    found.append(path)
                else:
                    self.report(Diagnostic(Span(path), f"the file must stand directly in {kind}/.", "Move it."))
        self._require_read(
            kind, *(path for path in self._unread if path.startswith(f"{kind}/") and path.endswith(".yaml"))
        )
        return found

    def tenant_files(self) -> list[str]:
        """The files of tenants, whose names stand in options, environments and jobs."""
        found = self.files("tenants")
        for path in found:
            if not TENANT_NAME.fullmatch(_stem(path)):
                message = "a tenant cannot be named like that."
                self.report(Diagnostic(Span(path), message, "Use letters, digits, _ . and -, a letter or digit first."))
        return found

    def subfolders(self, kind: str) -> set[str]:
        """The folders directly in a folder that hold any file, or that others stand in the place of."""
        inside = (path for path in self.paths | self._unread if path.startswith(f"{kind}/"))
        return {"/".join(path.split("/")[:2]) for path in inside if path.count("/") > 1 or self._replaced(path)}

    def broken(self, kind: str, loaded: Set[str]) -> frozenset[str]:
        """The names of the folders of a kind that could not be loaded."""
        return frozenset(folder.rpartition("/")[2] for folder in self.subfolders(kind) - loaded)

    def folders(self, kind: str, name: str) -> list[str]:
        """The files of that name, one in each folder of a kind; a folder without one is a problem."""
        found = []
        folders = sorted(self.subfolders(kind))
        self._require_read(kind, *filter(self._replaced, folders), *(f"{folder}/{name}" for folder in folders))
        for folder in folders:
            if f"{folder}/{name}" in self.paths:
                found.append(f"{folder}/{name}")
            elif not self._unread & {folder, f"{folder}/{name}"}:
                message = f"the folder has no {name}."
                self.report(Diagnostic(Span(folder), message, f"Write one as {folder}/{name}, or remove the folder."))
        return found

    def _replaced(self, folder: str) -> bool:
        """Whether something stands in the place of a folder. A name with a dot is one of a file, such as a README.md,
        that nobody reads here."""
        return folder in self._unread and "." not in folder

    def _require_read(self, *paths: str) -> None:
        for path in sorted(self._unread.intersection(paths)):
            message = "this is a symbolic link, or a git repository of its own: what it holds is not read."
            self.report(Diagnostic(Span(path), message, "Put the files themselves there, or remove it."))

    def flow_cases(self, path: str) -> tuple[LocatedFlowCase, ...]:
        located = self.document(path, documents.FLOW_CASES)
        return self._located(located, posixpath.basename(path).removesuffix(FLOW_CASES)) if located else ()

    def snapshots(self) -> dict[str, Located[Any]]:
        """What happened in cases, by the file that holds it."""
        paths = sorted(path for path in self.paths if SNAPSHOTS.fullmatch(path))
        return {path: found for path in paths if (found := self._snapshot(path))}

    def _snapshot(self, path: str) -> Located[Any] | None:
        adapter: TypeAdapter[Any] = documents.FLOW_SNAPSHOTS if path.startswith("flows/") else documents.SNAPSHOTS
        return self.document(path, adapter)

    def _code(self, folder: str, located: Located[A]) -> tuple[str, str | None]:
        code = located.document.code
        path = posixpath.normpath(f"{folder}/{code}")
        if code.startswith("/") or "\\" in code or not path.startswith(f"{folder}/"):
            message = f"the code file must be inside {folder}/."
            self.report(Diagnostic(located.span("code"), message, "Name it relative to the folder, such as code.js."))
            return path, None
        if not path.endswith((".js", ".cjs")):
            message = "the code must be JavaScript, in a file that ends in .js."
            self.report(Diagnostic(located.span("code"), message, "Compile other languages first."))
        if path not in self.paths:
            message = f"code file {path} is missing."
            self.report(Diagnostic(located.span("code"), message, "Write it; a symbolic link does not count."))
            return path, None
        return path, self._text(path)

    def _text(self, path: str) -> str | None:
        content = self.content(path)
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError as problem:
            place = byte_span(content, problem.start, path)
            self.report(Diagnostic(place, "the code is not UTF-8.", "Save it as UTF-8."))
            return None

    def _cases(self, path: str, trigger: str) -> tuple[LocatedCase, ...]:
        self._require_read(path)
        located = self.document(path, documents.CASES, self._parse_cases) if path in self.paths else None
        return self._located(located, trigger) if located else ()

    def _located(self, located: Located[tuple[S, ...]], trigger: str) -> tuple[LocatedScene[S], ...]:
        return tuple(self._scene(located, at, trigger) for at in range(len(located.document)))

    def _scene(self, located: Located[tuple[S, ...]], at: int, trigger: str) -> LocatedScene[S]:
        case = located.document[at]
        if not case.event_file and not case.from_log:
            return LocatedScene(case, trigger, at, located)
        folder = posixpath.dirname(located.file)
        begun = self._events.begun(case, folder, trigger, lambda name: located.span(at, name))
        if begun.now and case.now is None:
            case = case.model_copy(update={"now": begun.now})
        return LocatedScene(case, trigger, at, located, begun.event)


def is_flow(path: str) -> bool:
    """Whether a file in flows/ says what runs, and is neither its cases nor what happened in them."""
    return not path.endswith(FLOW_CASES) and not SNAPSHOTS.fullmatch(path)


def _stem(path: str) -> str:
    return posixpath.basename(path).removesuffix(".yaml")


def _secret_paths(tenants: Iterable[Located[TenantDocument]]) -> set[str]:
    return {posixpath.normpath(tenant.document.secrets) for tenant in tenants if tenant.document.secrets}
