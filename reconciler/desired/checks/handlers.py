"""What the code exports, against the handlers of its trigger. The facts come from a parser of JavaScript elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from reconciler.catalogue.triggers import triggers
from reconciler.desired.load import Documents, LoadedAction
from reconciler.desired.validation import did_you_mean
from reconciler.errors import Diagnostic, Span


@dataclass(frozen=True, slots=True)
class CodeFacts:
    """What a parser found in one code file: `syntax_error` is (message, line, column) or None; `handlers` maps every
    exported function, `modules` every module of the tenant that the code requires, to its (line, column)."""

    syntax_error: tuple[str, int, int] | None = None
    handlers: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    modules: Mapping[str, tuple[int, int]] = field(default_factory=dict)


def handler_problems(actions: Iterable[LoadedAction], facts: Mapping[str, CodeFacts]) -> Iterable[Diagnostic]:
    """Code that does not parse, lacks the trigger's first handler, or exports a handler that the trigger does not have.

    `facts` maps the path of a code file to what was found in it; a file without facts is passed over. Other exports are
    allowed: only names that look like a handler (`on` and a capital letter) are taken for one.
    """
    for action in actions:
        found, trigger = facts.get(action.code_file), triggers().get(action.document.trigger)
        if found and found.syntax_error:
            yield _unparsed(action.code_file, found.syntax_error)
        elif found and trigger and trigger.handlers:
            yield from _compare(action.code_file, found.handlers, trigger.id, trigger.handlers)


def required_module_problems(documents: Documents, facts: Mapping[str, CodeFacts]) -> Iterable[Diagnostic]:
    """Code of modules that does not parse, and modules that code requires without having them: an action has those
    that its action.yaml names, a module none (limits.md, section on modules)."""
    for action in documents.actions:
        found = facts.get(action.code_file, CodeFacts())
        for name in found.modules.keys() - action.document.modules.keys():
            place = Span(action.code_file, *found.modules[name])
            message = f"the code requires module '{name}', which {action.located.file} does not name."
            yield Diagnostic(place, message, f"Add `modules: {{{name}: latest}}` to it.")
    for module in documents.modules:
        found = facts.get(module.code_file, CodeFacts())
        if found.syntax_error:
            yield _unparsed(module.code_file, found.syntax_error)
        for name, at in found.modules.items():
            message = f"the code requires module '{name}': a module cannot use another one."
            yield Diagnostic(Span(module.code_file, *at), message, "Hand it in from the action.")


def _unparsed(file: str, error: tuple[str, int, int]) -> Diagnostic:
    words, line, column = error
    return Diagnostic(Span(file, line, column), f"the code does not parse: {words.rstrip('.')}.", "Mend its syntax.")


def _compare(
    file: str, exported: Mapping[str, tuple[int, int]], trigger: str, handlers: tuple[str, ...]
) -> Iterable[Diagnostic]:
    wrong = {name: place for name, place in exported.items() if name not in handlers and _looks_like_one(name)}
    for name, place in wrong.items():
        message = f"trigger '{trigger}' has no handler '{name}'{did_you_mean(name, handlers)}"
        yield Diagnostic(Span(file, *place), message, f"Its handlers: {', '.join(handlers)}.")
    # A handler of another name is the one that is meant: one mistake, one problem.
    if handlers[0] not in exported and not wrong:
        message = f"the code does not export {handlers[0]}, which trigger '{trigger}' calls."
        yield Diagnostic(Span(file), message, f"Add `exports.{handlers[0]} = async (event, api) => {{}};`.")


def _looks_like_one(name: str) -> bool:
    return name.startswith("on") and name[2:3].isupper()
