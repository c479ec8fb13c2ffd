"""Cases of actions against the action and its trigger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from reconciler.catalogue.triggers import triggers
from reconciler.desired.checks.scenes import AnyCase, call_problems, scene_notices, scene_problems
from reconciler.desired.load import Documents, LoadedAction, LoadedModule
from reconciler.desired.located_cases import LocatedCase
from reconciler.desired.validation import did_you_mean
from reconciler.errors import Diagnostic


def case_problems(documents: Documents) -> Iterable[Diagnostic]:
    """Cases that say what cannot be: two of one name, a handler, a call or an effect that the trigger does not have, a
    secret that the action or the module does not have, matchers and stubs that make no sense."""
    modules = {module.document.name: module for module in documents.modules}
    for action in documents.actions:
        yield from _names(action)
        for located in action.cases:
            yield from _secrets(located, action, modules)
            yield from _trigger(located)
    for flow_case in documents.flow_cases:
        facts = triggers().get(flow_case.trigger)
        if facts:
            yield from scene_problems(flow_case, facts)
            for name, calls in (flow_case.case.expect.api or {}).items():
                yield from call_problems(flow_case, calls, facts, ("expect", "api", name))


def case_notices(documents: Documents) -> Iterable[Diagnostic]:
    """What is most likely a slip in cases, though nothing is wrong with it."""
    cases: list[AnyCase] = [case for action in documents.actions for case in action.cases]
    for located in (*cases, *documents.flow_cases):
        facts = triggers().get(located.trigger)
        if facts:
            yield from scene_notices(located, facts)


def _names(action: LoadedAction) -> Iterator[Diagnostic]:
    seen: set[str] = set()
    for located in action.cases:
        if located.case.name in seen:
            message = f"two cases are named '{located.case.name}'."
            yield Diagnostic(located.span("name"), message, "Rename one of them.")
        seen.add(located.case.name)


def _trigger(located: LocatedCase) -> Iterator[Diagnostic]:
    facts, run = triggers().get(located.trigger), located.case.run
    if not facts:
        return
    if run and facts.handlers and run not in facts.handlers:
        message = f"trigger '{facts.id}' has no handler '{run}'{did_you_mean(run, facts.handlers)}"
        yield Diagnostic(located.span("run"), message)
    yield from scene_problems(located, facts)
    yield from call_problems(located, located.case.expect.api, facts, ("expect", "api"))


def _secrets(located: LocatedCase, action: LoadedAction, modules: Mapping[str, LoadedModule]) -> Iterator[Diagnostic]:
    for secret in located.case.secrets.keys() - action.document.secrets.keys():
        known = did_you_mean(secret, action.document.secrets)
        yield Diagnostic(located.key("secrets", secret), f"the action has no secret '{secret}'{known}")
    for name, given in located.case.module_secrets.items():
        used = action.document.modules
        if name not in used:
            message = f"the action does not use module '{name}'{did_you_mean(name, used)}"
            yield Diagnostic(located.key("module_secrets", name), message)
            continue
        there = modules[name].document.secrets if name in modules else given
        for secret in given.keys() - there.keys():
            message = f"module '{name}' has no secret '{secret}'{did_you_mean(secret, there)}"
            yield Diagnostic(located.key("module_secrets", name, secret), message)
