"""Whether a tenant is what git wants, found out without the planner."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.action import Action, ModuleUse
from reconciler.model.module import Module
from reconciler.model.tenant import Desired, Live, LiveBinding, LiveFlow


def problems(wanted: Desired, live: Live, *, left_alone: tuple[str, ...] = (), gone: frozenset[str]) -> list[str]:
    """Every way in which the tenant is not as git wants it, one sentence each.

    `left_alone` names actions whose draft is somebody else's (git has them as they run, and did not make them), `gone`
    the actions that were this repository's before and left git.
    """
    found = [f"{name} is still there" for name in sorted(gone) if live.action(name)]
    for module in wanted.modules:
        found += _module(module, wanted, live)
    for action in wanted.actions:
        found += _action(action, wanted, live, draft=action.name not in left_alone)
    ours = gone | {action.name for action in wanted.actions}
    for flow in wanted.flows:
        there = live.flow(flow.trigger) or LiveFlow(trigger=flow.trigger)
        asked = [(each.action, _shown(each.action, each.display_name)) for each in flow.bindings]
        if [_named(each) for each in there.bindings if is_ours(each, ours)] != asked:
            found.append(f"{flow.trigger} does not run {asked}")
        if flow.unmanaged == "remove" and len(there.bindings) != len(asked):
            found.append(f"{flow.trigger} runs more than git names")
    return found


def is_ours(binding: LiveBinding, ours: frozenset[str]) -> bool:
    """Whether a binding runs an action of git: one of the marketplace never is, whatever its name."""
    return not binding.foreign and binding.action in ours


def foreign(flow: LiveFlow | None, ours: frozenset[str]) -> list[tuple[str, str]]:
    """What a flow runs that git does not speak of, in running order."""
    return [(each.action_id, each.display_name) for each in (flow.bindings if flow else ()) if not is_ours(each, ours)]


def _action(action: Action, wanted: Desired, live: Live, *, draft: bool) -> Iterator[str]:
    there = live.action(action.name)
    if there is None or there.version is None:
        yield f"{action.name} is not deployed"
        return
    uses, content = there.version.content.modules, there.version.content.model_copy(update={"modules": ()})
    if content != action.content.model_copy(update={"modules": ()}):
        yield f"{action.name} has another content"
    yield from _uses(action, uses, wanted, live)
    if {stamp.name for stamp in there.version.secrets} != {secret.name for secret in action.secrets}:
        yield f"{action.name} has other secrets"
    if draft and (there.draft.content, there.draft.secrets) != (there.version.content, there.version.secrets):
        yield f"{action.name} has another draft"


def _uses(action: Action, uses: tuple[ModuleUse, ...], wanted: Desired, live: Live) -> Iterator[str]:
    if [use.name for use in uses] != [use.name for use in action.content.modules]:
        yield f"{action.name} uses other modules"
        return
    for use, asked in zip(uses, action.content.modules, strict=True):
        module, there = wanted.module(use.name), live.module(use.name)
        numbers = {version.number: version for version in there.versions} if there else {}
        if use.number not in numbers or asked.number not in (0, use.number):
            yield f"{action.name} uses another number of {use.name}"
        elif not asked.number and (module is None or numbers[use.number].content != module.content):
            yield f"{action.name} uses another content of {use.name}"


def _module(module: Module, wanted: Desired, live: Live) -> Iterator[str]:
    there = live.module(module.name)
    if there is None or all(version.content != module.content for version in there.versions):
        yield f"no version holds {module.name}"
    elif there.owner == wanted.repo and there.draft.content != module.content:
        yield f"{module.name} has another draft"


def _named(binding: LiveBinding) -> tuple[str, str]:
    return binding.action, _shown(binding.action, binding.display_name)


def _shown(action: str, display_name: str) -> str:
    """The dashboard writes the action's own name where nobody chose another."""
    return "" if display_name == action else display_name
