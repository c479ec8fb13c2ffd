"""What an action says of itself, against its folder and the platform's catalogue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from reconciler.catalogue import limits
from reconciler.catalogue.triggers import TriggerFacts, runtime, triggers
from reconciler.desired.load import Documents, LoadedAction, LoadedModule
from reconciler.desired.validation import did_you_mean
from reconciler.engine import naming, trailer
from reconciler.errors import Diagnostic, Span
from reconciler.model.case import Case


def action_problems(documents: Documents) -> Iterable[Diagnostic]:
    """Names, triggers, runtimes and code of every action; names of every module."""
    yield from _names(documents.actions)
    yield from _names(documents.modules)
    for action in documents.actions:
        yield from _platform(action)
        yield from _provenance(action)


def _names(loaded: tuple[LoadedAction, ...] | tuple[LoadedModule, ...]) -> Iterable[Diagnostic]:
    first: dict[str, str] = {}
    for one in loaded:
        name, folder = one.document.name, one.folder.rpartition("/")[2]
        if folder not in naming.folders(name):
            message = f"the name '{name}' is not the name of its folder, '{folder}'."
            remedy = "Make the two the same." if naming.is_safe(name) else f"Call the folder '{naming.safe(name)}'."
            yield Diagnostic(one.located.span("name"), message, remedy)
        if name in first:
            message = f"the name '{name}' is taken: {first[name]} has it too."
            yield Diagnostic(one.located.span("name"), message, "Rename one of them.")
        first.setdefault(name, one.located.file)


def _platform(action: LoadedAction) -> Iterable[Diagnostic]:
    trigger = action.document.trigger
    facts = triggers().get(trigger)
    if not facts:
        message = f"there is no trigger '{trigger}'{did_you_mean(trigger, triggers())}"
        yield Diagnostic(action.located.span("trigger"), message)
    elif not facts.documented:
        message = f"trigger '{trigger}' is not documented by the platform."
        yield Diagnostic(action.located.span("trigger"), message, "Use a documented one.")
    elif action.document.runtime:
        yield from runtime_problems(facts, action.document.runtime, action.located.span("runtime"))


def runtime_problems(facts: TriggerFacts, wanted: str, place: Span) -> Iterable[Diagnostic]:
    """A runtime that the trigger does not offer; `place` is where it is written."""
    if runtime(facts, wanted) in facts.runtimes:
        return
    offered = f"Use {facts.default_runtime}."
    if wanted in limits.RETIRED_RUNTIMES:
        yield Diagnostic(
            place, f"runtime '{wanted}' reached its end of life on {limits.RETIRED_RUNTIMES[wanted]}.", offered
        )
    else:
        names = ", ".join(facts.runtimes)
        yield Diagnostic(place, f"trigger '{facts.id}' does not offer runtime '{wanted}', only {names}.", offered)


def _provenance(action: LoadedAction) -> Iterable[Diagnostic]:
    for at, line in enumerate((action.code or "").splitlines(), start=1):
        if line.startswith(trailer.MARK):
            yield Diagnostic(
                Span(action.code_file, at, 1),
                "the code holds a provenance line, which only reconciler writes.",
                "Remove it.",
            )


def case_problems(documents: Documents) -> Iterable[Diagnostic]:
    """Cases of one name, of a handler the trigger does not have, with a secret that the action or the module does not
    have."""
    modules = {module.document.name: module for module in documents.modules}
    for action in documents.actions:
        facts = triggers().get(action.document.trigger)
        seen: Counter[str] = Counter()
        for located in action.cases:
            case, place = located.case, Span(located.file, located.line, 1)
            seen[case.name] += 1
            if seen[case.name] == 2:
                yield Diagnostic(place, f"two cases are named '{case.name}'.", "Rename one of them.")
            if facts and facts.handlers and case.run and case.run not in facts.handlers:
                message = f"trigger '{facts.id}' has no handler '{case.run}'{did_you_mean(case.run, facts.handlers)}"
                yield Diagnostic(place, message)
            for secret in case.secrets.keys() - action.document.secrets.keys():
                known = did_you_mean(secret, action.document.secrets)
                yield Diagnostic(place, f"the action has no secret '{secret}'{known}")
            yield from _module_secrets(case, place, action, modules)


def _module_secrets(
    case: Case, place: Span, action: LoadedAction, modules: Mapping[str, LoadedModule]
) -> Iterable[Diagnostic]:
    for name, given in case.module_secrets.items():
        used = action.document.modules
        if name not in used:
            yield Diagnostic(place, f"the action does not use module '{name}'{did_you_mean(name, used)}")
            continue
        there = modules[name].document.secrets if name in modules else given
        for secret in given.keys() - there.keys():
            yield Diagnostic(place, f"module '{name}' has no secret '{secret}'{did_you_mean(secret, there)}")
