"""The platform's documented numbers, as far as files can break them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from reconciler.catalogue import limits
from reconciler.desired.documents import PlainSecret
from reconciler.desired.load import Documents, LoadedAction, LoadedModule
from reconciler.desired.tenant_view import TenantView
from reconciler.engine import trailer
from reconciler.errors import Diagnostic, Span
from reconciler.model.provenance import Provenance

_PACKAGE = re.compile(r"(@[a-z0-9~-][a-z0-9._~-]*/)?[a-zA-Z0-9~-][a-zA-Z0-9._~-]*")

_MODULE = re.compile(limits.MODULE_NAME_PATTERN)


def limit_problems(documents: Documents) -> Iterable[Diagnostic]:
    """Sizes and counts of every action and module."""
    repo = documents.name
    for action in documents.actions:
        yield from _packages(action)
        yield from _secrets(action, limits.SECRET_NAME_CHARACTERS)
        yield from _code(action, repo)
        yield from _too_many(action, "modules", len(action.document.modules), limits.MODULES_PER_ACTION)
    for module in documents.modules:
        yield from _packages(module)
        yield from _secrets(module, limits.MODULE_SECRET_NAME_CHARACTERS)
        yield from _module(module, repo)
    for module in documents.modules[limits.MODULES_PER_TENANT :]:
        message = f"this is one module more than the {limits.MODULES_PER_TENANT} a tenant takes."
        yield Diagnostic(Span(module.located.file), message, "Remove some modules.")


def tenant_limit_problems(view: TenantView) -> Iterable[Diagnostic]:
    """How many actions one tenant would get, in all and by trigger."""
    if len(view.actions) > limits.ACTIONS_PER_TENANT:
        message = f"{len(view.actions)} actions would be deployed, a tenant takes {limits.ACTIONS_PER_TENANT}."
        yield Diagnostic(Span(view.located.file), message, "Leave some out with `overrides`.")
    count: Counter[str] = Counter()
    for action in view.actions:
        trigger = action.document.trigger
        count[trigger] += 1
        most = limits.actions(trigger)
        if count[trigger] == most + 1 and most < limits.ACTIONS_PER_TENANT:
            message = f"a tenant takes {most} action of trigger '{trigger}', tenant '{view.name}' would get more."
            yield Diagnostic(action.located.span("trigger"), message, "Keep one, or leave one out with `overrides`.")


def _packages(one: LoadedAction | LoadedModule) -> Iterable[Diagnostic]:
    dependencies = one.document.dependencies
    yield from _too_many(one, "dependencies", len(dependencies), limits.DEPENDENCIES)
    for name, version in dependencies.items():
        if wrong := _wrong_package(name):
            yield Diagnostic(one.located.key("dependencies", name), wrong, "Check its spelling.")
        if unfit := _wrong_version(name, version):
            yield Diagnostic(one.located.span("dependencies", name), *unfit)


def _wrong_package(name: str) -> str:
    if len(name) > limits.DEPENDENCY_NAME_CHARACTERS:
        return f"the package name is longer than {limits.DEPENDENCY_NAME_CHARACTERS} characters."
    return "" if _PACKAGE.fullmatch(name) else f"'{name}' cannot be the name of an npm package."


def _wrong_version(name: str, version: str) -> tuple[str, str] | None:
    """What is wrong, and what would be right."""
    if not version.strip():
        return f"'{name}' has no version.", "Write a range such as ^1.2.0, or latest."
    if ":" in version or "/" in version:
        message = f"'{name}' does not come from the public npm registry, the only one the platform takes."
        return message, "Write a range such as ^1.2.0, or latest."
    if len(version) > limits.DEPENDENCY_VERSION_CHARACTERS:
        message = f"the version of '{name}' is longer than {limits.DEPENDENCY_VERSION_CHARACTERS} characters."
        return message, "Write a shorter range."
    return None


def _secrets(one: LoadedAction | LoadedModule, longest: int) -> Iterable[Diagnostic]:
    yield from _too_many(one, "secrets", len(one.document.secrets), limits.SECRETS)
    for name, spec in one.document.secrets.items():
        if not 0 < len(name) <= longest:
            message = f"the name of a secret has 1 to {longest} characters, this has {len(name)}."
            yield Diagnostic(one.located.key("secrets", name), message, "Rename it.")
        if isinstance(spec, PlainSecret) and len(spec.value) > limits.SECRET_VALUE_CHARACTERS:
            message = f"the value of '{name}' is longer than {limits.SECRET_VALUE_CHARACTERS} characters."
            yield Diagnostic(one.located.span("secrets", name), message, "Shorten it.")


def _code(action: LoadedAction, repo: str) -> Iterable[Diagnostic]:
    if action.code is None:
        return
    if not action.code.strip():
        yield Diagnostic(Span(action.code_file), "the code is empty.", "Write the handler of the trigger.")
    size = len(_signed(action, action.code, repo).encode())
    if size > limits.CODE_BYTES:
        message = f"the code has {size} bytes with its provenance line, the platform takes {limits.CODE_BYTES}."
        yield Diagnostic(Span(action.code_file), message, "Move parts of it into an npm package.")


def _signed(one: LoadedAction | LoadedModule, code: str, repo: str) -> str:
    """The code with the longest provenance line that it may get."""
    secrets = dict.fromkeys(one.document.secrets, "0" * 16)
    digest = "sha256:" + "0" * 64
    longest = Provenance(commit="0" * 40, repo=repo, path=one.folder, number=9999, digest=digest, secrets=secrets)
    return trailer.signed(code, longest)


def _module(module: LoadedModule, repo: str) -> Iterable[Diagnostic]:
    if not _MODULE.fullmatch(module.document.name):
        message = f"'{module.document.name}' cannot be the name of a module: small letters, digits, - and _ only."
        yield Diagnostic(module.located.span("name"), message, "Rename it, and its folder.")
    if len(module.document.name) > limits.MODULE_NAME_CHARACTERS:
        message = f"the name is longer than {limits.MODULE_NAME_CHARACTERS} characters."
        yield Diagnostic(module.located.span("name"), message, "Shorten it.")
    if module.code is not None and len(_signed(module, module.code, repo)) > limits.MODULE_CODE_CHARACTERS:
        message = f"the code has more than {limits.MODULE_CODE_CHARACTERS} characters with its provenance line."
        yield Diagnostic(Span(module.code_file), message, "Split the module.")


def _too_many(one: LoadedAction | LoadedModule, what: str, count: int, most: int) -> Iterable[Diagnostic]:
    if count > most:
        message = f"there are {count} {what}, the platform takes {most}."
        yield Diagnostic(one.located.key(what), message, "Remove some.")
