"""Takes what runs in a tenant into the files that are there, as git would have it.

What the tenant's own file says differently (`overrides`) is changed there; everything else in the files that all
tenants share.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from reconciler.catalogue.triggers import runtime, triggers
from reconciler.desired.documents import KeptSecret
from reconciler.desired.load import Documents, LoadedAction, LoadedModule
from reconciler.desired.lock import locked_set
from reconciler.desired.tenant_view import tenant_view
from reconciler.desired.writing.edits import Edits, drop, inner
from reconciler.desired.writing.rendering import (
    binding_item,
    flow_path,
    kept_secret,
    render_action,
    render_flow,
    render_module,
)
from reconciler.desired.writing.yaml_text import rearrange, scalar
from reconciler.engine import normalize
from reconciler.model.action import Action, Content, Dependency
from reconciler.model.flow import Flow
from reconciler.model.module import Module

Change = Callable[[CommentedMap], None]


class Taker:
    """Takes one thing after the other into the files of a repository, for one tenant."""

    def __init__(self, documents: Documents, tenant: str, edits: Edits) -> None:
        self._documents = documents
        self._tenant = documents.tenants[tenant]
        self._view = tenant_view(documents, tenant)
        self._alone = len(documents.tenants) == 1
        self._actions = {one.document.name: one for one in documents.actions}
        self._modules = {one.document.name: one for one in documents.modules}
        self._edits = edits

    def action(self, action: Action, numbers: Mapping[str, int]) -> None:
        """The content of an action, a new folder where git has none; `numbers` tells which version of a module git
        means where it says `latest`."""
        there = self._actions.get(action.name)
        if there is None:
            self._write(render_action(action))
            return
        self._code(there, action.content.code)
        self._runtime(there, action.content)
        self._dependencies(there, action.name, action.content.dependencies)
        self._uses(there, action.content, numbers)

    def module(self, module: Module) -> None:
        """The content of a module, a new folder where git has none."""
        there = self._modules.get(module.name)
        if there is None:
            self._write(render_module(module))
            return
        self._code(there, module.content.code)
        self._dependencies(there, f"modules/{module.name}", module.content.dependencies)

    def action_secrets(self, name: str, deployed: Collection[str], kept: Collection[str]) -> None:
        """The secrets of an action that git has: those that are `deployed` and that git does not name, and those among
        `kept`, are the tenant's own from now on; those that are not deployed are git's no more."""
        there = self._actions[name]
        self._secrets("actions", there, {**there.document.secrets}, set(deployed), set(kept))

    def module_secrets(self, name: str, published: Collection[str], *, doubtful: bool) -> None:
        """The secrets of a module. They are kept all together or none: the platform replaces all of them at once.

        Where the values are `doubtful`, they are the tenant's own from now on.
        """
        there = self._modules[name]
        added = set(published) - there.document.secrets.keys()
        kept = set(published) if added or doubtful else set()
        self._secrets("modules", there, {**there.document.secrets}, set(published), kept)

    def pin(self, action: str, module: str, number: int) -> None:
        """The version of a module that an action uses, in place of the latest."""
        self._edits.edit(self._actions[action].located.file, _set(number, "modules", module))

    def flow(self, flow: Flow) -> None:
        """The bindings of a flow, in the file that says which they are in this tenant."""
        items = [binding_item(each) for each in flow.bindings]
        override = self._tenant.document.overrides.flows.get(flow.trigger)
        if override is not None and "bindings" in override.model_fields_set:
            self._edits.edit(self._tenant.file, _bindings(items, "overrides", "flows", flow.trigger))
        elif flow_path(flow.trigger) in self._edits.tree.paths:
            self._edits.edit(flow_path(flow.trigger), _bindings(items))
        elif flow.bindings:
            self._write(render_flow(flow))

    def without_action(self, name: str) -> None:
        """An action that the tenant has no more: git has it no more either, unless other tenants do."""
        if not self._alone:
            self._edits.edit(self._tenant.file, _set(False, "overrides", "actions", name, "enabled"))
            return
        self._edits.remove_folder(self._actions[name].folder)
        for flow in self._documents.flows:
            self._edits.edit(flow.file, _unbound(name))
        self._edits.edit(self._tenant.file, _dropped("overrides", "actions", name))

    def without_module(self, name: str) -> None:
        """A module that the tenant has no more."""
        if not self._alone:
            self._edits.edit(self._tenant.file, _set(False, "overrides", "modules", name, "enabled"))
            return
        self._edits.remove_folder(self._modules[name].folder)
        self._edits.edit(self._tenant.file, _dropped("overrides", "modules", name))

    def _write(self, files: Mapping[str, bytes]) -> None:
        for path, content in files.items():
            self._edits.write(path, content)

    def _code(self, there: LoadedAction | LoadedModule, code: str) -> None:
        if there.code is None or normalize.text(there.code) != code:
            self._edits.write(there.code_file, code.encode())

    def _runtime(self, there: LoadedAction, content: Content) -> None:
        name, facts = there.document.name, triggers()[there.document.trigger]
        override = self._tenant.document.overrides.actions.get(name)
        wanted = (override.runtime if override else "") or there.document.runtime or facts.default_runtime
        if runtime(facts, wanted) == content.runtime:
            return
        if override and override.runtime:
            self._edits.edit(self._tenant.file, _set(content.runtime, "overrides", "actions", name, "runtime"))
        else:
            self._edits.edit(there.located.file, _set(content.runtime, "runtime"))

    def _dependencies(self, there: LoadedAction | LoadedModule, owner: str, wanted: tuple[Dependency, ...]) -> None:
        """A package keeps its range where the lock has the version that runs; else the range is that version."""
        locked = locked_set(self._documents.lock, owner).versions
        runs = {each.name: each.version for each in wanted}
        for name in there.document.dependencies.keys() - runs.keys():
            self._edits.edit(there.located.file, _dropped("dependencies", name))
        for name, version in runs.items():
            if name not in there.document.dependencies or locked.get(name) != version:
                self._edits.edit(there.located.file, _set(scalar(version), "dependencies", name))

    def _uses(self, there: LoadedAction, content: Content, numbers: Mapping[str, int]) -> None:
        runs = {use.name: use.number for use in content.modules}
        for name in there.document.modules.keys() - runs.keys():
            self._edits.edit(there.located.file, _dropped("modules", name))
        for name, number in runs.items():
            wanted = there.document.modules.get(name)
            if (numbers.get(name) if wanted == "latest" else wanted) != number:
                self._edits.edit(there.located.file, _set(number, "modules", name))

    def _secrets(
        self,
        kind: str,
        there: LoadedAction | LoadedModule,
        named: Mapping[str, object],
        deployed: set[str],
        kept: set[str],
    ) -> None:
        name, file = there.document.name, there.located.file
        overrides = self._tenant.document.overrides
        override = (overrides.actions if kind == "actions" else overrides.modules).get(name)
        own = override.secrets if override else {}
        for secret in sorted(named.keys() - deployed):
            self._edits.edit(file, _dropped("secrets", secret))
            for tenant in self._documents.tenants.values():
                self._edits.edit(tenant.file, _dropped("overrides", kind, name, "secrets", secret))
        for secret in sorted(deployed - named.keys()):
            self._edits.edit(file, _set(kept_secret(), "secrets", secret))
        for secret in sorted(kept & deployed & named.keys()):
            if isinstance(own.get(secret, named[secret]), KeptSecret):
                continue
            if self._alone and secret not in own:
                self._edits.edit(file, _set(kept_secret(), "secrets", secret))
            else:
                place = ("overrides", kind, name, "secrets", secret)
                self._edits.edit(self._tenant.file, _set(kept_secret(), *place))


def _set(value: object, *path: str) -> Change:
    *parents, last = path

    def change(document: CommentedMap) -> None:
        inner(document, *parents)[last] = value

    return change


def _dropped(*path: str) -> Change:
    return lambda document: drop(document, *path)


def _unbound(name: str) -> Change:
    def change(document: CommentedMap) -> None:
        there = document["bindings"]
        rearrange(there, [each for each in there if name not in (each, isinstance(each, dict) and each["action"])])

    return change


def _bindings(items: Iterable[object], *path: str) -> Change:
    wanted = list(items)

    def change(document: CommentedMap) -> None:
        there = inner(document, *path)
        if isinstance(there.get("bindings"), CommentedSeq):
            rearrange(there["bindings"], wanted)
        else:
            there["bindings"] = wanted

    return change
