"""What differs, as people read it: one text for the settings, one for the code, and their unified diff."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.engine.line_diff import unified
from reconciler.model.action import Content
from reconciler.model.drift import Part
from reconciler.model.module import ModuleContent

WHOLE = 1_000
"""Lines of context that show a flow whole."""

ACTION_PARTS: tuple[Part, ...] = ("code", "dependencies", "runtime", "trigger", "modules")
MODULE_PARTS: tuple[Part, ...] = ("code", "dependencies")


def parts(base: Content, live: Content) -> tuple[Part, ...]:
    """What of an action differs."""
    return tuple(part for part in ACTION_PARTS if _part(base, part) != _part(live, part))


def module_parts(base: ModuleContent, live: ModuleContent) -> tuple[Part, ...]:
    """What of a module differs."""
    return tuple(part for part in MODULE_PARTS if getattr(base, part) != getattr(live, part))


def same(base: Content, live: Content) -> bool:
    """Whether both run the same. A module that git wants at its latest version may be at any."""
    return not parts(_numbered(base, live), live)


def numbered(base: Content, live: Content) -> Content:
    """The base with the live number in place of every `latest`."""
    return _numbered(base, live)


def action_diff(
    path: str, base: Content | None, live: Content | None, old: str = "base", new: str = "live"
) -> tuple[str, ...]:
    """The unified diff of an action's settings and code; None is nothing."""
    return (
        *_unified(f"{path}/action.yaml", _settings(base), _settings(live), old, new),
        *_unified(f"{path}/code.js", _code(base), _code(live), old, new),
    )


def module_diff(
    path: str, base: ModuleContent | None, live: ModuleContent | None, old: str = "base", new: str = "live"
) -> tuple[str, ...]:
    """The unified diff of a module's dependencies and code; None is nothing."""
    return (
        *_unified(f"{path}/module.yaml", _dependencies(base), _dependencies(live), old, new),
        *_unified(f"{path}/code.js", _code(base), _code(live), old, new),
    )


def flow_diff(path: str, base: Sequence[str], live: Sequence[str]) -> tuple[str, ...]:
    """The unified diff of a flow, one binding a line, in running order and whole."""
    return _unified(path, [f"- {each}" for each in base], [f"- {each}" for each in live], "base", "live", WHOLE)


def _unified(
    path: str, before: Sequence[str], after: Sequence[str], old: str, new: str, context: int = 3
) -> tuple[str, ...]:
    return unified(before, after, f"{old}/{path}", f"{new}/{path}", context)


def _settings(content: Content | None) -> list[str]:
    if content is None:
        return []
    uses = [f"  {use.name}: {use.number or 'latest'}" for use in content.modules]
    return [
        f"trigger: {content.trigger.id} {content.trigger.version}".rstrip(),
        f"runtime: {content.runtime}",
        *_dependencies(content),
        *(["modules:", *uses] if uses else []),
    ]


def _dependencies(content: Content | ModuleContent | None) -> list[str]:
    listed = [f"  {each.name}: {each.version}" for each in content.dependencies] if content else []
    return ["dependencies:", *listed] if listed else []


def _code(content: Content | ModuleContent | None) -> list[str]:
    # Only the line ends of JavaScript's own kind: what splitlines() takes for one may stand within a line of code.
    return content.code.removesuffix("\n").split("\n") if content and content.code.strip() else []


def _part(content: Content, part: Part) -> object:
    return getattr(content, part)


def _numbered(base: Content, live: Content) -> Content:
    there = {use.name: use for use in live.modules}
    uses = tuple(use if use.number else there.get(use.name, use) for use in base.modules)
    return base.model_copy(update={"modules": uses})
