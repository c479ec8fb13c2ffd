"""Drift: live held against base, which is git at the commit that the live version names.

What git has and did not apply yet is pending and no drift; what somebody did outside git and what git has all the same
is told as settled.
"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.engine import attribution
from reconciler.engine.drift import actions, flows, modules, secrets, strangers
from reconciler.engine.drift.held import held
from reconciler.engine.drift.world import World
from reconciler.model.drift import SEVERITIES, Finding

_FETCH = "fetch the whole history, a shallow clone has few; commits from before the tenant had this name do not count"
STATES = ("open", "ignored", "settled")


def findings(world: World) -> tuple[Finding, ...]:
    """Everything that git does not explain, the worst first."""
    return tuple(sorted(_findings(world), key=in_order))


def unknown(world: World) -> tuple[str, ...]:
    """What cannot be told, one sentence each."""
    return tuple(sentence for _, sentence in _unknown(world))


def untold(world: World) -> tuple[str, ...]:
    """The names of what those sentences are about, sorted: that nothing is found of them does not say that nothing is
    there."""
    return tuple(sorted({name for name, _ in _unknown(world)}))


def in_order(finding: Finding) -> tuple[int, int, str]:
    """What counts first, the worst of it first."""
    return STATES.index(finding.state), SEVERITIES.index(finding.severity), finding.id


def _findings(world: World) -> Iterator[Finding]:
    for action in world.live.actions:
        there = held(world, action)
        if there is not None:
            yield from actions.findings(world, there)
            yield from secrets.findings(world, there)
        yield from actions.undeployed(world, action)
    yield from strangers.unmanaged(world)
    yield from strangers.missing(world)
    yield from flows.findings(world)
    yield from modules.findings(world)


def _unknown(world: World) -> Iterator[tuple[str, str]]:
    for action in world.live.actions:
        there = held(world, action)
        if there is None:
            continue
        if there.edited and there.base is None:
            commit = there.provenance.commit
            yield there.name, f"What {there.name} was before cannot be told: git does not have commit {commit}."
        if secrets.doubtful(there):
            yield (
                there.name,
                f"Whether the secrets of {there.name} still have git's values cannot be told: another hand deployed "
                f"version {there.version.number}, and the tenant has dropped version {there.provenance.number}.",
            )
    for trigger in flows.untold(world):
        yield (
            trigger,
            f"Whether the flow {trigger} drifted or waits to be applied cannot be told: git does not have every commit "
            f"that the tenant names ({_FETCH}).",
        )
    for name in strangers.untold(world):
        yield (
            name.removeprefix(strangers.MODULE),
            f"Whether {name} is missing or waits to be created cannot be told: git does not have every commit that the "
            f"tenant names ({_FETCH}).",
        )
    for trigger, by in flows.put_back(world):
        who = attribution.phrase(by) if by else "by somebody whom the log does not tell"
        yield (
            trigger,
            f"The flow {trigger} is as git had it once, not as git has it now, and was bound {who}: whether git waits "
            "to be applied, or was applied and then put back, cannot be told.",
        )
