"""Modules, and what actions say of those that they use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.desired.documents import KeptSecret
from reconciler.desired.load import Documents, LoadedModule
from reconciler.desired.located_yaml import parse
from reconciler.desired.lock import AGAIN, FILE, MODULES
from reconciler.desired.module_uses import latest, uses
from reconciler.desired.tenant_view import TenantView
from reconciler.desired.validation import did_you_mean
from reconciler.engine import trailer
from reconciler.engine.code_lines import lines_of
from reconciler.errors import Diagnostic, Span


def module_problems(documents: Documents) -> Iterator[Diagnostic]:
    """Code that no module can have, and uses of modules that are not there."""
    for module in documents.modules:
        yield from _code(module)
    broken = {module.folder.rpartition("/")[2] for module in documents.modules} | documents.broken_modules
    known = {module.document.name for module in documents.modules}
    for action in documents.actions:
        if action.document.name.removeprefix(MODULES) in known and action.document.name.startswith(MODULES):
            message = f"'{action.document.name}' is what {FILE} calls the module of that name."
            yield Diagnostic(action.located.span("name"), message, "Rename the action.")
        for name in action.document.modules.keys() - known - broken:
            place = action.located.key("modules", name)
            yield Diagnostic(place, f"there is no module '{name}'{did_you_mean(name, known)}")


def module_secret_problems(view: TenantView) -> Iterator[Diagnostic]:
    """Kept secrets beside written ones: the platform replaces all secrets of a module at once, each with its value, so
    one that lives in the dashboard could not be sent along (wire.md, section 4)."""
    for module, secrets in view.module_secrets.items():
        kept = [name for name, secret in secrets.items() if isinstance(secret.spec, KeptSecret)]
        for name in kept if len(kept) < len(secrets) else ():
            message = f"'{name}' is kept beside secrets of '{module}' that are written: a module's go all together."
            yield Diagnostic(secrets[name].place, message, "Give it a value, or keep every secret of the module.")


def use_problems(documents: Documents) -> Iterator[Diagnostic]:
    """Modules that an action uses as `latest` and that the lock has not as git has them, and what is left over there.
    A module whose packages are not locked is told of elsewhere."""
    wanted = uses(documents.actions, documents.modules, documents.lock)
    for action in documents.actions:
        locked = documents.lock.uses.get(action.document.name, {})
        for name, digest in wanted.get(action.document.name, {}).items():
            if locked.get(name) != digest:
                what = "changed since it was written for" if name in locked else "is not in it for"
                message = f"{FILE} is out of date: module '{name}' {what} '{action.document.name}'."
                yield Diagnostic(action.located.key("modules", name), message, AGAIN)
    yield from _left_over(documents)


def _left_over(documents: Documents) -> Iterable[Diagnostic]:
    known = {module.document.name for module in documents.modules}
    asked = {action.document.name: latest(action) for action in documents.actions}
    misspelt = {action.document.name for action in documents.actions if action.document.modules.keys() - known}
    left = [
        (action, name)
        for action, locked in documents.lock.uses.items()
        for name in locked
        if action not in documents.broken | misspelt and name not in asked.get(action, set())
    ]
    source = parse(documents.lock_text, FILE) if left else None
    for action, name in left:
        place = source.key("uses", action, name) if source else Span(FILE)
        message = f"module '{name}' is left over: '{action}' does not use it as latest."
        yield Diagnostic(place, message, AGAIN)


def _code(module: LoadedModule) -> Iterator[Diagnostic]:
    if module.code is None:
        return
    if not module.code.strip():
        yield Diagnostic(Span(module.code_file), "the code is empty.", "Write what the module exports.")
    for at, line in enumerate(lines_of(module.code), start=1):
        if line.startswith(trailer.MARK):
            message = "the code holds a provenance line, which only reconciler writes."
            yield Diagnostic(Span(module.code_file, at, 1), message, "Remove it.")
