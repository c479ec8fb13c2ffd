"""What the code requires, against the dependencies and modules of its document and what its runtimes have built in."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.catalogue.node_releases import OUT_OF_REACH, has_builtin, is_builtin, major
from reconciler.desired.checks.code.source import Source
from reconciler.desired.load import LoadedAction
from reconciler.desired.validation import closest, did_you_mean
from reconciler.errors import Diagnostic
from reconciler.model.code import Required

PREFIX = "actions:"

DRIVERS = frozenset(
    [
        "better-sqlite3",
        "bufferutil",
        "encoding",
        "mongodb",
        "mssql",
        "mysql",
        "mysql2",
        "oracledb",
        "pg",
        "pg-native",
        "reflect-metadata",
        "sqlite3",
        "tedious",
        "utf-8-validate",
    ]
)
"""Packages that others look for by themselves, where they are installed: nobody requires them by name."""


def package_findings(source: Source) -> Iterator[Diagnostic]:
    """Packages, files and built-in modules that cannot be required, and packages that never are."""
    for required in source.facts.requires:
        if not required.name.startswith(PREFIX):
            yield from _required(source, required)
    declared = source.owner.document.dependencies
    if source.facts.error or source.facts.requires_more:
        return
    used = {package_of(required.name) for required in source.facts.requires} | DRIVERS
    misspelt = {name for name in used - declared.keys() - DRIVERS if not is_builtin(name)}
    for name in declared.keys() - used - {closest(name, declared) for name in misspelt}:
        place = source.owner.located.key("dependencies", name)
        message = f"package '{name}' is declared, and {source.file} never requires it."
        yield source.finding("R031", place, message, "Remove it, and run `reconciler lock`.")


def package_of(name: str) -> str:
    """The npm package of what is required: `@scope/name/lib/x` is of `@scope/name`."""
    return "/".join(name.split("/")[: 2 if name.startswith("@") else 1])


def _required(source: Source, required: Required) -> Iterator[Diagnostic]:
    name, package = required.name, package_of(required.name)
    if name.startswith((".", "/", "#", "file:")):
        message = f"'{name}' is another file: the platform takes one file of code."
        remedy = "Put it into this file, into a module of the tenant, or into an npm package."
        yield source.finding("R034", required.at, message, remedy)
    elif package in source.owner.document.dependencies:
        return
    elif is_builtin(name) or name.startswith("node:"):
        yield from _builtin(source, required)
    elif not required.guarded:
        yield _undeclared(source, required, package)


def _undeclared(source: Source, required: Required, package: str) -> Diagnostic:
    file, document = source.owner.located.file, source.owner.document
    if any(locked.path == f"node_modules/{package}" for locked in source.locked.packages):
        message = f"package '{package}' is installed only because another package needs it: {file} does not declare it."
        return source.finding("R037", required.at, message, f"Add `{package}` to `dependencies:` with a version.")
    if package in getattr(document, "modules", {}):
        message = f"'{package}' is a module of the tenant, not an npm package."
        return source.finding("R030", required.at, message, f'Write `require("{PREFIX}{package}")`.')
    near = did_you_mean(package, document.dependencies)
    message = f"package '{package}' is not among the dependencies of {file}{near}"
    added = f"dd `{package}: latest` to its `dependencies:`, and run `reconciler lock`."
    # A misspelt name may be the package of somebody who waits for that: it is not what to add first.
    remedy = f"A{added}" if near == "." else f"Require that; if you do mean '{package}', a{added}"
    return source.finding("R030", required.at, message, remedy)


def _builtin(source: Source, required: Required) -> Iterator[Diagnostic]:
    name, plain = required.name, required.name.removeprefix("node:")
    lacking = next((runtime for runtime in source.runtimes if not has_builtin(major(runtime), name)), "")
    if lacking and not required.guarded:
        message = f"{lacking}, which {source.runtimes[lacking]} asks for, has no built-in module '{name}'."
        yield source.finding("R032", required.at, message, "Do without it, or choose a newer runtime.")
    elif plain in OUT_OF_REACH and not required.guarded:
        message = f"an action cannot {OUT_OF_REACH[plain]}: '{name}' is of no use to it."
        yield source.finding("R033", required.at, message, "Ask a service of your own over HTTPS instead.")


def module_findings(source: Source) -> Iterator[Diagnostic]:
    """Modules that code requires without having them: an action has those that its action.yaml names, a module none
    (limits.md, section on modules); and those that are named and never required."""
    required = {
        one.name.removeprefix(PREFIX): one for one in reversed(source.facts.requires) if one.name.startswith(PREFIX)
    }
    if not isinstance(source.owner, LoadedAction):
        for name, one in required.items():
            message = f"the code requires module '{name}': a module cannot use another one."
            yield source.finding("R036", one.at, message, "Hand it in from the action.")
        return
    named = source.owner.document.modules
    for name in required.keys() - named.keys():
        near = did_you_mean(name, named)
        message = f"the code requires module '{name}', which {source.owner.located.file} does not name{near}"
        remedy = f"Add `modules: {{{name}: latest}}` to it{'' if near == '.' else ', or correct the name'}."
        yield source.finding("R035", required[name].at, message, remedy)
    if source.facts.error or source.facts.requires_more:
        return
    meant = {package_of(one.name) for one in source.facts.requires} | {closest(n, named) for n in required}
    for name in named.keys() - required.keys() - meant:
        message = f"module '{name}' is named, and {source.file} never requires it."
        yield source.finding("R038", source.owner.located.key("modules", name), message, "Remove it.")
