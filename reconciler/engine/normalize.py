"""One form for every content, so that equal means the same and only content makes a change (laws 2 and 10)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from reconciler.model.action import Content, Dependency, ModuleUse, Secret, Trigger
from reconciler.model.module import ModuleContent


def content(
    *, trigger: Trigger, runtime: str, code: str, dependencies: Iterable[Dependency], modules: Iterable[ModuleUse] = ()
) -> Content:
    """The canonical Content: LF line ends, exactly one at the end, dependencies and modules in name order.

    The platform gives dependencies back in no stable order (wire.md, section 9), so order never counts.
    """
    return Content(
        trigger=trigger,
        runtime=runtime,
        code=text(code),
        dependencies=tuple(sorted(dependencies, key=lambda dependency: dependency.name)),
        modules=tuple(sorted(modules, key=lambda module: module.name)),
    )


def text(code: str) -> str:
    """The code with LF line ends and exactly one at the end; nothing else is touched.

    To JavaScript CR and CRLF are line ends like LF, in template literals too (ECMA-262, LineTerminatorSequence).
    """
    return code.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n"


def module_content(*, code: str, dependencies: Iterable[Dependency]) -> ModuleContent:
    """The canonical content of a module, by the rules of `content`."""
    return ModuleContent(code=text(code), dependencies=tuple(sorted(dependencies, key=lambda each: each.name)))


def digest(content: Content | ModuleContent) -> str:
    """`sha256:<64 hex>` over all that makes a version what it is, apart from secrets."""
    return "sha256:" + hashlib.sha256(content.canonical().encode()).hexdigest()


def fingerprints(secrets: Iterable[Secret]) -> dict[str, str]:
    """The fingerprints of the secrets that git writes, in name order."""
    return {each.name: each.fingerprint for each in sorted(secrets, key=lambda each: each.name) if each.kind != "keep"}


def pinned(dependencies: Mapping[str, str]) -> tuple[Dependency, ...]:
    """Dependencies from name -> exact version, in name order."""
    return tuple(Dependency(name=name, version=version) for name, version in sorted(dependencies.items()))
