"""Nouns as the files of a repository: what `load_repository` makes of them is the same nouns again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.desired.writing.yaml_text import inline, render_document, scalar
from reconciler.model.action import Action, Dependency, Secret
from reconciler.model.flow import Binding, Flow
from reconciler.model.module import Module

Files = dict[str, bytes]
"""Path in the repository, with slashes -> content."""

CODE = "code.js"


def render_action(action: Action) -> Files:
    """The folder of an action. Its secrets are those that the tenant keeps, its ranges the exact versions.

    The runtime is written even where it is the trigger's default: what is the default changes with the platform.
    """
    content = action.content
    value: dict[str, Any] = {"name": action.name, "trigger": content.trigger.id}
    if content.runtime:
        value["runtime"] = content.runtime
    value |= _parts(content.dependencies, action.secrets)
    if content.modules:
        value["modules"] = {use.name: use.number or "latest" for use in content.modules}
    return _folder(action.path, "action", value, content.code)


def render_module(module: Module) -> Files:
    """The folder of a module."""
    value = {"name": module.name} | _parts(module.content.dependencies, module.secrets)
    return _folder(module.path, "module", value, module.content.code)


def render_flow(flow: Flow) -> Files:
    """The file of a flow; it keeps bindings that are not in it."""
    bindings = [binding_item(binding) for binding in flow.bindings]
    value = {"trigger": flow.trigger, "bindings": bindings}
    return _file(flow_path(flow.trigger), "flow", value)


def render_root(name: str) -> Files:
    """reconciler.yaml of a repository of that name."""
    return _file("reconciler.yaml", "reconciler", {"name": name})


def render_tenant(tenant: str, *, domain: str = "") -> Files:
    """The file of a tenant: of Auth0 where a domain is given, else the embedded one."""
    if domain:
        comment = "Credentials come from the environment: AUTH0_CLIENT_ID with AUTH0_CLIENT_SECRET, or another way"
        value = {"type": "auth0", "domain": domain}
        return _file(f"tenants/{tenant}.yaml", "tenant", value, f"{comment}; see the schema.")
    return _file(f"tenants/{tenant}.yaml", "tenant", {"type": "local"}, "The embedded tenant.")


def flow_path(trigger: str) -> str:
    """Where the flow of a trigger is."""
    return f"flows/{trigger}.yaml"


def binding_item(binding: Binding) -> Any:
    """A binding as its file writes it: a name, or a name with what the dashboard shows in its place."""
    if not binding.display_name:
        return scalar(binding.action)
    return inline({"action": binding.action, "display_name": binding.display_name})


def kept_secret() -> Any:
    """A secret that lives in the tenant, as its file writes it."""
    return inline({"keep": True})


def _parts(dependencies: Iterable[Dependency], secrets: Iterable[Secret]) -> dict[str, Any]:
    parts: Mapping[str, dict[str, Any]] = {
        "dependencies": {each.name: each.version for each in dependencies},
        "secrets": {secret.name: kept_secret() for secret in secrets},
    }
    return {name: part for name, part in parts.items() if part}


def _folder(path: str, kind: str, value: Mapping[str, Any], code: str) -> Files:
    return _file(f"{path}/{kind}.yaml", kind, value) | {f"{path}/{CODE}": code.encode()}


def _file(path: str, schema: str, value: Mapping[str, Any], comment: str = "") -> Files:
    up = "../" * path.count("/")
    return {path: render_document(value, f"{up}schemas/{schema}.schema.json", comment).encode()}
