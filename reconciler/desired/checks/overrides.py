"""What a tenant file says is different in that tenant, against what there is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from reconciler.catalogue.triggers import triggers
from reconciler.desired.checks.actions import runtime_problems
from reconciler.desired.checks.flows import binding_problems
from reconciler.desired.documents import ActionDocument, ModuleDocument
from reconciler.desired.load import Documents
from reconciler.desired.tenant_documents import ActionOverride, ModuleOverride
from reconciler.desired.tenant_view import TenantView
from reconciler.desired.validation import did_you_mean
from reconciler.errors import Diagnostic


def override_problems(documents: Documents, view: TenantView) -> Iterator[Diagnostic]:
    """Overrides of actions, modules, flows or secrets that are not there, of a runtime or of bindings that cannot be,
    and modules that are left out though an action of the tenant uses them."""
    overrides = view.located.document.overrides
    actions = {action.document.name: action.document for action in documents.actions}
    modules = {module.document.name: module.document for module in documents.modules}
    yield from _unknown(view, "actions", overrides.actions, actions, documents.broken)
    yield from _unknown(view, "modules", overrides.modules, modules, frozenset())
    yield from _runtimes(view, actions)
    yield from _flows(documents, view)
    yield from _modules_left_out(view)


def _unknown(
    view: TenantView,
    kind: Literal["actions", "modules"],
    overrides: Mapping[str, ActionOverride | ModuleOverride],
    known: Mapping[str, ActionDocument | ModuleDocument],
    broken: frozenset[str],
) -> Iterator[Diagnostic]:
    one = kind.removesuffix("s")
    for name, override in overrides.items():
        path = ("overrides", kind, name)
        if name not in known:
            if name not in broken:
                message = f"there is no {one} '{name}'{did_you_mean(name, known)}"
                yield Diagnostic(view.located.key(*path), message)
            continue
        for secret in override.secrets.keys() - known[name].secrets.keys():
            message = f"{one} '{name}' has no secret '{secret}'{did_you_mean(secret, known[name].secrets)}"
            yield Diagnostic(view.located.key(*path, "secrets", secret), message)


def _runtimes(view: TenantView, known: Mapping[str, ActionDocument]) -> Iterator[Diagnostic]:
    for name, override in view.located.document.overrides.actions.items():
        facts = triggers().get(known[name].trigger) if name in known else None
        if facts and facts.documented and override.runtime:
            place = view.located.span("overrides", "actions", name, "runtime")
            yield from runtime_problems(facts, override.runtime, place)


def _flows(documents: Documents, view: TenantView) -> Iterator[Diagnostic]:
    known = {flow.document.trigger for flow in documents.flows}
    enabled = {action.document.name for action in view.actions}
    for trigger, override in view.located.document.overrides.flows.items():
        path = ("overrides", "flows", trigger)
        if trigger not in known:
            message = f"there is no flow '{trigger}'{did_you_mean(trigger, known)}"
            remedy = f"Write flows/{trigger}.yaml first." if trigger in triggers() else ""
            yield Diagnostic(view.located.key(*path), message, remedy)
            continue
        bindings = [spec if isinstance(spec, str) else spec.action for spec in override.bindings]
        yield from binding_problems(documents, trigger, bindings, view.located, path)
        for at, action in enumerate(bindings):
            if action not in enabled and any(action == one.document.name for one in documents.actions):
                place = view.located.span(*path, "bindings", at)
                yield Diagnostic(place, f"action '{action}' is not enabled in this tenant.", "Take it out.")


def _modules_left_out(view: TenantView) -> Iterable[Diagnostic]:
    for name, override in view.located.document.overrides.modules.items():
        users = [action.document.name for action in view.actions if name in action.document.modules]
        if users and not override.enabled:
            message = f"module '{name}' is not enabled, and these actions use it: {', '.join(users)}."
            place = view.located.span("overrides", "modules", name, "enabled")
            yield Diagnostic(place, message, "Leave them out, too.")
