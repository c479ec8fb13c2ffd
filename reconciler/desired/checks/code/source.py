"""One code file with all that the rules hold it against."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from reconciler.catalogue.rules import RULES
from reconciler.catalogue.triggers import TriggerFacts, triggers
from reconciler.desired.documents import PlainSecret
from reconciler.desired.load import Documents, LoadedAction, LoadedModule
from reconciler.desired.lock import MODULES, locked_set
from reconciler.errors import Diagnostic, Span
from reconciler.model.code import CodeFacts, Place
from reconciler.model.lock import LockedSet


class Source(NamedTuple):
    """The code of an action or a module, what reading it told, and where it runs.

    `trigger` is None for a module and for a trigger that is not known. `runtimes` maps every runtime that the code may
    run on, as its trigger, its action and the tenants' overrides say, to who says so. `hidden` are the names of its
    secrets that are encrypted or kept anywhere: the others stand in git in clear.
    """

    owner: LoadedAction | LoadedModule
    facts: CodeFacts
    trigger: TriggerFacts | None
    runtimes: Mapping[str, str]
    hidden: frozenset[str]
    locked: LockedSet

    @property
    def file(self) -> str:
        """The path of the code file."""
        return self.owner.code_file

    @property
    def is_module(self) -> bool:
        """Whether it is a module's."""
        return isinstance(self.owner, LoadedModule)

    def finding(self, code: str, at: Place | Span | None, message: str, remedy: str) -> Diagnostic:
        """What a rule found at a place of the code, of another file, or (None) in the code as a whole."""
        span = at if isinstance(at, Span) else Span(self.file, at.line, at.column) if at else Span(self.file)
        return Diagnostic(span, message, remedy, code, RULES[code].severity)


def sources(documents: Documents, facts: Mapping[str, CodeFacts]) -> tuple[Source, ...]:
    """The sources that facts are known of, actions first."""
    actions = tuple(
        _action(documents, one, facts[one.code_file]) for one in documents.actions if one.code_file in facts
    )
    modules = tuple(
        _module(documents, one, facts[one.code_file], actions) for one in documents.modules if one.code_file in facts
    )
    return (*actions, *modules)


def _action(documents: Documents, action: LoadedAction, facts: CodeFacts) -> Source:
    name, document = action.document.name, action.document
    trigger = triggers().get(document.trigger)
    runtimes = {document.runtime or (trigger.default_runtime if trigger else ""): action.located.file}
    hidden = _hidden(action)
    for tenant in documents.tenants.values():
        if override := tenant.document.overrides.actions.get(name):
            runtimes.setdefault(override.runtime or next(iter(runtimes)), tenant.file)
            hidden |= {secret for secret, spec in override.secrets.items() if not isinstance(spec, PlainSecret)}
    return Source(action, facts, trigger, runtimes, frozenset(hidden), locked_set(documents.lock, name))


def _module(documents: Documents, module: LoadedModule, facts: CodeFacts, actions: tuple[Source, ...]) -> Source:
    name = module.document.name
    users = [one for one in actions if name in getattr(one.owner.document, "modules", {})]
    runtimes = {runtime: f"the action {one.owner.document.name}" for one in users for runtime in one.runtimes}
    hidden = _hidden(module)
    for tenant in documents.tenants.values():
        if override := tenant.document.overrides.modules.get(name):
            hidden |= {secret for secret, spec in override.secrets.items() if not isinstance(spec, PlainSecret)}
    return Source(module, facts, None, runtimes, frozenset(hidden), locked_set(documents.lock, f"{MODULES}{name}"))


def _hidden(one: LoadedAction | LoadedModule) -> set[str]:
    return {name for name, spec in one.document.secrets.items() if not isinstance(spec, PlainSecret)}
