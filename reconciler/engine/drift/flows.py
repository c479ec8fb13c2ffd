"""Flows that are bound differently than git bound them.

A flow carries no commit. Its base is the flow at the newest commit that a live version of this repository names, since
an apply is all or nothing. A later commit may have changed nothing but flows, and then no version names it: so a flow
that is as any later commit up to the revision has it is applied or pending, and no drift. Foreign bindings between ours
are looked at one by one, since git says nothing of their places.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from reconciler.engine import attribution, planner
from reconciler.engine.drift import texts
from reconciler.engine.drift.world import MARKETPLACE, NO_CODE, World, found
from reconciler.model.deed import Author
from reconciler.model.drift import Finding, Kind, Severity
from reconciler.model.flow import Binding
from reconciler.model.tenant import Desired, LiveBinding, LiveFlow

Bindings = tuple[Binding, ...]

KEPT = "The flow keeps bindings that are not in git: write `unmanaged: remove` there, or unbind it in the tenant."
NO_FILE = "Git has no file of this flow: write one, or unbind it in the tenant."


def findings(world: World) -> Iterator[Finding]:
    """What is found of every flow that was read; nothing of ours before anything of this repository was applied."""
    for flow in world.live.flows:
        yield from _foreign(world, flow)
        if world.base is not None and not _explained(world, flow) and _sure(world, flow):
            yield from _ours(world, flow, world.base)


def unexplained(world: World) -> tuple[str, ...]:
    """The triggers whose flow is neither as the base nor as git has it now, nor as any commit in between."""
    return tuple(flow.trigger for flow in world.live.flows if world.base and not _explained(world, flow))


def untold(world: World) -> tuple[str, ...]:
    """The triggers whose flow is not as git has it, where nothing tells whether that is drift or waits to be
    applied."""
    return tuple(flow.trigger for flow in world.live.flows if not _sure(world, flow) and not _explained(world, flow))


def put_back(world: World) -> Iterator[tuple[str, Author | None]]:
    """The triggers whose flow is as git had it once and not as git has it now, bound since by another hand: git now
    waits to be applied, or it was applied and somebody put back what was before. With whoever bound it; None where the
    log does not tell, which counts where git lacks a commit that may have been applied."""
    for flow in waiting(world):
        by = attribution.flow_author(world.deeds, flow)
        stranger = not by.ours if by else not world.certain
        bound = attribution.instant(bound_at(flow) or (by.at if by else ""))  # an emptied flow says nothing of when
        applied = _applied_at(world)
        if stranger and bound and (applied is None or bound > applied):
            yield flow.trigger, by


def waiting(world: World) -> tuple[LiveFlow, ...]:
    """The flows that are as git had them once and not as git has them now."""
    return tuple(
        flow for flow in world.live.flows if _explained(world, flow) and not _as_git_has_it(world.desired, flow)
    )


def bound_at(flow: LiveFlow) -> str:
    """When the flow was bound, RFC 3339; empty where nothing is bound."""
    return max((binding.created_at for binding in flow.bindings), default="")


def _applied_at(world: World) -> datetime | None:
    """When the newest base was applied: the last of the versions that name it."""
    versions = (action.version for action in world.live.actions if action.version)
    named = (each for each in versions if each.provenance and each.provenance.commit == world.newest)
    return max((at for each in named if (at := attribution.instant(each.created_at))), default=None)


def _explained(world: World, flow: LiveFlow) -> bool:
    candidates = (world.base, *world.between, world.desired)
    return any(git is not None and _as_git_has_it(git, flow) for git in candidates)


def _as_git_has_it(git: Desired, flow: LiveFlow) -> bool:
    return _there(flow, git) == _wanted(git, flow.trigger)


def _sure(world: World, flow: LiveFlow) -> bool:
    """Whether the base is the last that was applied. Where git lacks a commit that a version names, a later one may
    have been: then the log tells when it was somebody else who bound the flow."""
    if world.certain:
        return True
    by = attribution.flow_author(world.deeds, flow)
    return world.base is not None and by is not None and not by.ours


def _ours(world: World, flow: LiveFlow, base: Desired) -> Iterator[Finding]:
    wanted, there = _wanted(base, flow.trigger), _there(flow, base)
    before, after = Counter(each.action for each in wanted), Counter(each.action for each in there)
    for name in sorted((before - after).keys()):
        if world.live.action(name) is not None:  # what is missing altogether is a finding of its own
            yield _found(
                world, flow, base, "binding-removed", f"{name} was taken out of the flow {flow.trigger}.", name
            )
    for name in sorted((after - before).keys()):
        stuck = "" if world.desired.flow(flow.trigger) else NO_FILE
        what = f"{name} runs in the flow {flow.trigger} where git has it not."
        yield _found(world, flow, base, "binding-added", what, name, stuck=stuck)
    stayed, stay = _common(wanted, after), _common(there, before)
    if [each.action for each in stayed] != [each.action for each in stay]:
        yield _found(
            world, flow, base, "flow-reordered", f"The flow {flow.trigger} runs in another order than git gave it."
        )
        return
    pairs = zip(stayed, stay, strict=True)
    for name in dict.fromkeys(new.action for old, new in pairs if old.display_name != new.display_name):
        what = f"{name} is shown by another name in the flow {flow.trigger} than git gave it."
        yield _found(world, flow, base, "binding-renamed", what, name, "low")


def _foreign(world: World, flow: LiveFlow) -> Iterator[Finding]:
    """The bindings of what is not ours in a flow that git has."""
    known = {action.name for git in (world.base, world.desired) if git for action in git.actions}
    git = world.desired.flow(flow.trigger)
    if git is None:
        return
    seen: set[str] = set()
    stuck = KEPT if git.unmanaged == "keep" else ""
    for each in flow.bindings:
        if not each.foreign and (each.action in known or (stuck and _of_other_repository(world, each.action))):
            continue
        detail = f"{each.action}:{MARKETPLACE}" if each.foreign else each.action
        if detail not in seen:
            seen.add(detail)
            what = f"{each.action}, which is not in git, is bound in the flow {flow.trigger}."
            alien = NO_CODE if each.foreign else ""
            base = world.base or world.desired
            yield _found(world, flow, base, "binding-added", what, detail, stuck=stuck, alien=alien)


def _of_other_repository(world: World, name: str) -> bool:
    there = world.live.action(name)
    return there is not None and planner.owner(there) not in ("", world.repo)


def _found(
    world: World,
    flow: LiveFlow,
    base: Desired,
    kind: Kind,
    what: str,
    detail: str = "",
    severity: Severity = "high",
    stuck: str = "",
    alien: str = "",
) -> Finding:
    ours = {action.name for action in base.actions}
    by, since = _unbound(world, flow, detail) if kind == "binding-removed" else (_binder(world, flow), bound_at(flow))
    shown = [_binding(each) for each in flow.bindings if _is(each, detail) or _is_of(each, ours)]
    return found(
        world,
        kind,
        flow.trigger,
        what,
        severity=severity,
        detail=detail,
        diff=texts.flow_diff(f"flows/{flow.trigger}.yaml", _shown(_wanted(base, flow.trigger)), _shown(tuple(shown))),
        since=since,
        by=(by,),
        base=base.commit,
        flows=(flow.trigger,),
        stuck=stuck,
        alien=alien,
    )


def _binder(world: World, flow: LiveFlow) -> Author | None:
    return attribution.flow_author(world.deeds, flow)


def _unbound(world: World, flow: LiveFlow, name: str) -> tuple[Author | None, str]:
    """Who took a binding out, and when: whoever bound the flow last, unless the action was deleted since, which takes
    its bindings along, and made again. Without the deletion in the log it is known only that it was somebody else."""
    bound, live = attribution.instant(bound_at(flow)), world.live.action(name)
    gone = attribution.deleter(world.deeds, name)
    if gone and bound and (at := attribution.instant(gone.at)) and at > bound:
        return gone, gone.at
    made = attribution.maker(attribution.of_action(world.deeds, live)) if live else None
    if made and bound and (at := attribution.instant(made.at)) and at > bound + attribution.SLACK:
        return None, ""
    return _binder(world, flow), bound_at(flow)


def _is(binding: LiveBinding, detail: str) -> bool:
    return detail == (f"{binding.action}:{MARKETPLACE}" if binding.foreign else binding.action)


def _is_of(binding: LiveBinding, names: set[str]) -> bool:
    return not binding.foreign and binding.action in names


def _wanted(git: Desired, trigger: str) -> Bindings:
    flow = git.flow(trigger)
    return tuple(_named(each.action, each.display_name) for each in flow.bindings) if flow else ()


def _there(flow: LiveFlow, git: Desired) -> Bindings:
    """The bindings of git's actions, in running order."""
    return tuple(_binding(each) for each in flow.bindings if not each.foreign and git.action(each.action) is not None)


def _common(bindings: Bindings, other: Counter[str]) -> Bindings:
    """The bindings that both flows have, in the order of the first."""
    left = Counter(other)
    kept = []
    for each in bindings:
        if left[each.action] > 0:
            left[each.action] -= 1
            kept.append(each)
    return tuple(kept)


def _binding(live: LiveBinding) -> Binding:
    return _named(live.action, live.display_name)


def _named(action: str, display_name: str) -> Binding:
    # The dashboard writes the action's own name where nobody chose another; both mean the same.
    return Binding(action=action, display_name="" if display_name == action else display_name)


def _shown(bindings: Bindings) -> list[str]:
    return [each.action + (f' "{each.display_name}"' if each.display_name else "") for each in bindings]
