"""What an action says of itself, against its folder and the platform's catalogue."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.catalogue import limits
from reconciler.catalogue.triggers import TriggerFacts, runtime, triggers
from reconciler.desired.load import Documents, LoadedAction, LoadedModule
from reconciler.desired.validation import did_you_mean
from reconciler.engine import naming, trailer
from reconciler.engine.code_lines import lines_of
from reconciler.errors import Diagnostic, Span


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
    for at, line in enumerate(lines_of(action.code or ""), start=1):
        if line.startswith(trailer.MARK):
            yield Diagnostic(
                Span(action.code_file, at, 1),
                "the code holds a provenance line, which only reconciler writes.",
                "Remove it.",
            )
