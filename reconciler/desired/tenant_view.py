"""A repository as one tenant is to see it: overrides laid over the documents."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.desired.documents import KeptSecret, PlainSecret, TenantDocument
from reconciler.desired.load import Documents, LoadedAction
from reconciler.desired.sops_file import SopsFile
from reconciler.desired.validation import Located
from reconciler.errors import Span
from reconciler.model.flow import Flow


@dataclass(frozen=True, slots=True)
class PlacedSecret:
    """Where the value of a secret comes from, and where that is written."""

    spec: str | PlainSecret | KeptSecret
    place: Span


@dataclass(frozen=True, slots=True)
class TenantView:
    """What one tenant gets: the deployed actions, their secrets by action and secret name, the flows without the
    bindings of what is not deployed, and the SOPS file (None where there is none)."""

    name: str
    located: Located[TenantDocument]
    actions: tuple[LoadedAction, ...]
    secrets: Mapping[str, Mapping[str, PlacedSecret]]
    flows: tuple[Flow, ...]
    sops_file: SopsFile | None


def tenant_view(documents: Documents, name: str) -> TenantView:
    """The view of one tenant. Raises KeyError for a tenant that has no file."""
    located = documents.tenants[name]
    overrides = located.document.overrides.actions
    left_out = {action for action, override in overrides.items() if not override.deploy}
    actions = tuple(action for action in documents.actions if action.document.name not in left_out)
    path = posixpath.normpath(located.document.secrets) if located.document.secrets else ""
    return TenantView(
        name=name,
        located=located,
        actions=actions,
        secrets={action.document.name: _secrets(action, located) for action in actions},
        flows=tuple(
            Flow(
                trigger=flow.document.trigger,
                bindings=tuple(place for place in flow.document.ordered() if place.action not in left_out),
                unmanaged=flow.document.unmanaged,
                path=flow.file,
            )
            for flow in documents.flows
        ),
        sops_file=documents.sops_files.get(path),
    )


def _secrets(action: LoadedAction, tenant: Located[TenantDocument]) -> dict[str, PlacedSecret]:
    name = action.document.name
    found = {
        secret: PlacedSecret(spec, action.located.span("secrets", secret))
        for secret, spec in action.document.secrets.items()
    }
    override = tenant.document.overrides.actions.get(name)
    for secret, spec in (override.secrets if override else {}).items():
        if secret in found:
            found[secret] = PlacedSecret(spec, tenant.span("overrides", "actions", name, "secrets", secret))
    return found
