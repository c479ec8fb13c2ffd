"""A tenant to which git was applied and that nobody touched since: what a commit looks like from outside.

It stands in for the tenant where there are no credentials to read one. What only a tenant knows is not in it: versions
made before, and what others made and bound.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconciler.engine import modules, signing
from reconciler.engine.ordering import merged
from reconciler.model.action import Action, Secret
from reconciler.model.flow import Flow
from reconciler.model.module import LiveModule, Module, ModuleDraft, ModuleVersion
from reconciler.model.stamp import SecretStamp
from reconciler.model.tenant import Desired, Draft, Live, LiveAction, LiveBinding, LiveFlow, Version

NUMBER = 1
"""The number of every version: the first that a tenant gives."""


def applied(desired: Desired, numbers: Mapping[str, int] | None = None) -> Live:
    """The tenant right after an apply of that, with nothing in it besides.

    `numbers` gives the number of a module's version where it shall not be 1: so that nobody takes it for one that git
    asks for by its number. Secrets have their stamps, which are all alike: no value was written since.
    """
    known = numbers or {}
    there = Live(modules=tuple(_module(module, desired, known.get(module.name, NUMBER)) for module in desired.modules))
    resolved = modules.resolved(desired, there, ())
    ids = {action.name: _id(action.name) for action in desired.actions}
    return there.model_copy(
        update={
            "actions": tuple(_action(action, desired) for action in resolved.actions),
            "flows": tuple(_flow(flow, ids) for flow in desired.flows),
        }
    )


def _action(action: Action, desired: Desired) -> LiveAction:
    stamps, told = _stamps(action.secrets), signing.provenance(desired, action, NUMBER)
    return LiveAction(
        id=_id(action.name),
        name=action.name,
        trigger=action.content.trigger,
        draft=Draft(content=action.content, secrets=stamps, status="built", provenance=told),
        version=Version(
            id=f"{_id(action.name)} {NUMBER}", number=NUMBER, content=action.content, secrets=stamps, provenance=told
        ),
    )


def _module(module: Module, desired: Desired, number: int) -> LiveModule:
    stamps, told = _stamps(module.secrets), signing.provenance(desired, module, number)
    version = ModuleVersion(
        id=f"{_id(module.name)} {number}", number=number, content=module.content, secrets=stamps, provenance=told
    )
    return LiveModule(
        id=_id(module.name),
        name=module.name,
        draft=ModuleDraft(content=module.content, secrets=stamps, provenance=told),
        versions=(version,),
    )


def _flow(flow: Flow, ids: Mapping[str, str]) -> LiveFlow:
    places = enumerate(merged((), flow, ours=ids.keys(), ids=ids), 1)
    return LiveFlow(
        trigger=flow.trigger,
        bindings=tuple(
            LiveBinding(
                id=f"{flow.trigger} {at}",
                action_id=place.action_id,
                action=place.action,
                display_name=place.display_name,
            )
            for at, place in places
        ),
    )


def _stamps(secrets: Iterable[Secret]) -> tuple[SecretStamp, ...]:
    return tuple(SecretStamp(name=name) for name in sorted(secret.name for secret in secrets))


def _id(name: str) -> str:
    return f"as applied: {name}"
