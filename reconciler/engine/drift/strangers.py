"""What runs without git, and what git made that is gone."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.engine import adoption, attribution, planner
from reconciler.engine.drift import texts
from reconciler.engine.drift.held import held
from reconciler.engine.drift.world import MARKETPLACE, NO_CODE, World, found
from reconciler.model.drift import Finding
from reconciler.model.tenant import Desired, LiveAction

MODULE = "the module "
"""What stands before the name of a module where names of actions stand beside it."""


def unmanaged(world: World) -> Iterator[Finding]:
    """The actions that no repository made, bound or not; marketplace actions show only where they are bound."""
    for action in world.live.actions:
        if not planner.owner(action) and held(world, action) is None and not _as_git_has_it(world, action):
            yield _unmanaged(world, action)
    bound = (each for flow in world.live.flows for each in flow.bindings)
    for name in dict.fromkeys(each.action for each in bound if each.foreign):
        yield _marketplace(world, name)


def missing(world: World) -> Iterator[Finding]:
    """The actions that git made and that the tenant does not have, though no commit since took them out of git."""
    base = world.base
    for action in base.actions if base else ():
        later = (*world.between, world.desired)
        if world.live.action(action.name) is None and all(git.action(action.name) for git in later):
            assert base is not None
            bound = _bound_at(base, action.name)
            by = attribution.deleter(world.deeds, action.name)
            yield found(
                world,
                "missing-action",
                action.name,
                f"{action.name} is gone from the tenant" + (f"; git binds it in {', '.join(bound)}." if bound else "."),
                severity="high" if bound else "medium",
                diff=texts.action_diff(action.path, action.content, None),
                since=by.at if by else "",
                by=(by,),
                base=world.newest,
                flows=bound,
            )


def untold(world: World) -> tuple[str, ...]:
    """The actions and modules that git wants and the tenant does not have, where nothing tells whether they were there:
    git lacks a commit that a version names."""
    if world.certain:
        return ()
    wanted, base, live = world.desired, world.base, world.live
    actions = {each.name for each in wanted.actions if not live.action(each.name)}
    modules = {each.name for each in wanted.modules if not live.module(each.name) and live.modules is not None}
    actions -= {each.name for each in base.actions} if base else set()
    modules -= {each.name for each in base.modules} if base else set()
    return (*sorted(actions), *(f"{MODULE}{name}" for name in sorted(modules)))


def _unmanaged(world: World, action: LiveAction) -> Finding:
    version, wanted = action.version, world.desired.action(action.name)
    content = version.content if version else action.draft.content
    flows = world.flows_of(action.name)
    state = f"it runs in {', '.join(flows)}" if flows else "it is bound nowhere" if version else "it was never deployed"
    by = attribution.version_author(world.deeds, action) if version else attribution.draft_author(world.deeds, action)
    return found(
        world,
        "unmanaged-action",
        action.name,
        f"{action.name} {_why(world, action)}; {state}.",
        severity=world.severity(action),
        parts=texts.parts(wanted.content, content) if wanted else (),
        diff=texts.action_diff(f"actions/{action.name}", wanted.content if wanted else None, content, "git", "live"),
        since=version.created_at if version else action.draft.updated_at,
        by=(by,),
    )


def _why(world: World, action: LiveAction) -> str:
    origin = planner.origin(action)
    if origin is not None and origin.repo == world.repo:
        return f"was renamed or copied by hand: its code says that it is {origin.path} of git"
    if world.desired.action(action.name) is not None:
        return "was not made by git, which has an action of that name"
    return "was not made by git"


def _as_git_has_it(world: World, action: LiveAction) -> bool:
    wanted = world.desired.action(action.name)
    return wanted is not None and adoption.as_git_has_it(wanted, action)


def _marketplace(world: World, name: str) -> Finding:
    flows = [flow for flow in world.live.flows if any(each.foreign and each.action == name for each in flow.bindings)]
    flows.sort(key=lambda flow: flow.trigger)
    bound = [each for flow in flows for each in flow.bindings if each.foreign and each.action == name]
    triggers = tuple(flow.trigger for flow in flows)
    return found(
        world,
        "unmanaged-action",
        name,
        f"{name} is a marketplace action that git does not have; it runs in {', '.join(triggers)}.",
        severity="high",
        detail=MARKETPLACE,
        since=max(each.created_at for each in bound),
        by=tuple(attribution.flow_author(world.deeds, flow) for flow in flows),
        flows=triggers,
        alien=NO_CODE,
    )


def _bound_at(base: Desired, name: str) -> tuple[str, ...]:
    return tuple(flow.trigger for flow in base.flows if any(each.action == name for each in flow.bindings))
