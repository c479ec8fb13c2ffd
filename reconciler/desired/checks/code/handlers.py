"""What the code exports, against the handlers of its trigger."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.desired.checks.code.source import Source
from reconciler.desired.validation import did_you_mean
from reconciler.errors import Diagnostic


def handler_findings(source: Source) -> Iterator[Diagnostic]:
    """A trigger's first handler that is not exported, and handlers that the trigger does not have.

    Other exports are allowed: only names that look like a handler (`on` and a capital letter) are taken for one.
    """
    exported, trigger = source.facts.handlers, source.trigger
    if source.facts.error or exported is None or not trigger or not trigger.handlers:
        return
    handlers = trigger.handlers
    wrong = {name: place for name, place in exported.items() if name not in handlers and _looks_like_one(name)}
    for name, place in wrong.items():
        message = f"trigger '{trigger.id}' has no handler '{name}'{did_you_mean(name, handlers)}"
        yield source.finding("R011", place, message, f"Its handlers: {', '.join(handlers)}.")
    # A handler of another name is the one that is meant: one mistake, one problem.
    if handlers[0] not in exported and not wrong:
        message = f"the code does not export {handlers[0]}, which trigger '{trigger.id}' calls."
        yield source.finding("R010", None, message, f"Add `exports.{handlers[0]} = async (event, api) => {{}};`.")


def _looks_like_one(name: str) -> bool:
    return name.startswith("on") and name[2:3].isupper()
