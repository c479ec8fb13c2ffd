"""A repository as one tenant is to see it: overrides laid over the documents."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Set
from typing import Any, Literal, NamedTuple

from reconciler.desired.documents import FlowDocument, KeptSecret, PlainSecret
from reconciler.desired.load import Documents, LoadedAction, LoadedModule
from reconciler.desired.sops_file import SopsFile
from reconciler.desired.tenant_documents import Overrides, TenantDocument
from reconciler.desired.validation import Located
from reconciler.errors import Span
from reconciler.model.flow import Flow


class PlacedSecret(NamedTuple):
    """Where the value of a secret comes from, and where that is written: at that path of a file."""

    spec: str | PlainSecret | KeptSecret
    located: Located[Any]
    path: tuple[str, ...]

    @property
    def place(self) -> Span:
        """Where it is written."""
        return self.located.span(*self.path)


class TenantView(NamedTuple):
    """What one tenant gets: its actions and modules as its overrides make them, their secrets by action or module and
    secret name, the flows without the bindings of what is not part of it, and the SOPS file (None where there is none).
    """

    name: str
    located: Located[TenantDocument]
    actions: tuple[LoadedAction, ...]
    secrets: Mapping[str, Mapping[str, PlacedSecret]]
    modules: tuple[LoadedModule, ...]
    module_secrets: Mapping[str, Mapping[str, PlacedSecret]]
    flows: tuple[Flow, ...]
    sops_file: SopsFile | None

    @property
    def every_secret(self) -> tuple[tuple[str, PlacedSecret], ...]:
        """The secrets of all actions and modules by name."""
        everyone = (*self.secrets.values(), *self.module_secrets.values())
        return tuple(each for secrets in everyone for each in secrets.items())


def tenant_view(documents: Documents, name: str) -> TenantView:
    """The view of one tenant. Raises KeyError for a tenant that has no file."""
    located = documents.tenants[name]
    overrides = located.document.overrides
    left_out = {action for action, override in overrides.actions.items() if not override.enabled}
    missing = {module for module, override in overrides.modules.items() if not override.enabled}
    actions = tuple(_overridden(one, overrides) for one in documents.actions if one.document.name not in left_out)
    modules = tuple(module for module in documents.modules if module.document.name not in missing)
    path = posixpath.normpath(located.document.secrets) if located.document.secrets else ""
    return TenantView(
        name=name,
        located=located,
        actions=actions,
        secrets={one.document.name: _secrets(one, "actions", located) for one in actions},
        modules=modules,
        module_secrets={one.document.name: _secrets(one, "modules", located) for one in modules},
        flows=tuple(_flow(flow, overrides, left_out) for flow in documents.flows),
        sops_file=documents.sops_files.get(path),
    )


def _overridden(action: LoadedAction, overrides: Overrides) -> LoadedAction:
    override = overrides.actions.get(action.document.name)
    if not override or not override.runtime:
        return action
    document = action.document.model_copy(update={"runtime": override.runtime})
    return action._replace(located=action.located._replace(document=document))


def _flow(flow: Located[FlowDocument], overrides: Overrides, left_out: Set[str]) -> Flow:
    override = overrides.flows.get(flow.document.trigger)
    document = override.over(flow.document) if override else flow.document
    return Flow(
        trigger=document.trigger,
        bindings=tuple(place for place in document.ordered() if place.action not in left_out),
        unmanaged=document.unmanaged,
        path=flow.file,
    )


def _secrets(
    one: LoadedAction | LoadedModule, kind: Literal["actions", "modules"], tenant: Located[TenantDocument]
) -> dict[str, PlacedSecret]:
    name = one.document.name
    found = {
        secret: PlacedSecret(spec, one.located, ("secrets", secret)) for secret, spec in one.document.secrets.items()
    }
    overrides = tenant.document.overrides
    override = (overrides.actions if kind == "actions" else overrides.modules).get(name)
    for secret, spec in (override.secrets if override else {}).items():
        if secret in found:
            found[secret] = PlacedSecret(spec, tenant, ("overrides", kind, name, "secrets", secret))
    return found
