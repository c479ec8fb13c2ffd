"""Runs the cases of actions on the embedded runtime; nothing leaves the machine."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from reconciler.catalogue import limits
from reconciler.catalogue.triggers import triggers
from reconciler.desired.load import LocatedCase
from reconciler.desired.state import Loaded
from reconciler.engine import cases as judge
from reconciler.errors import CasesFailed, Usage
from reconciler.local.node.job import Job, JobModule
from reconciler.local.node.runtime import NodeHost
from reconciler.model.action import Action
from reconciler.model.case import Outcome
from reconciler.model.event import Event
from reconciler.npm import Npm, node_executable
from reconciler.run.modules import job_modules, module_packages
from reconciler.run.validate import checked
from reconciler.run.workplace import Workplace

Heard = Callable[[Outcome], None]

AT_ONCE = min(4, os.cpu_count() or 1) + 1
"""Actions whose cases run side by side: one more than there are processors, since a process also waits to be up."""


async def test(
    place: Workplace, tenant: str, names: tuple[str, ...], *, revision: str | None, heard: Heard
) -> tuple[Outcome, ...]:
    """How every case of the named actions (all of them without names) ended; `heard` gets each as it ends.

    Cases bring their own secrets, so no key is needed. Raises Usage for a name that git does not have.
    """
    loaded = await checked(place, place.tree(revision), tenant, decrypt=False)
    chosen = tuple(action.name for action in known_actions(loaded, names)) or tuple(loaded.cases)
    return await outcomes(place, loaded, chosen, heard)


async def require(place: Workplace, loaded: Loaded, names: Iterable[str], notify: Callable[[Event], None]) -> None:
    """Runs the cases of those actions; raises CasesFailed unless every one passes."""
    tested = tuple(names)
    ended = await outcomes(place, loaded, tested, lambda _: None)
    for name in tested:
        count = sum(outcome.action == name for outcome in ended)
        notify(Event(verb="tested", name=name, detail=f"{count or 'no'} case{'s' if count != 1 else ''}"))
    failed = [outcome for outcome in ended if outcome.status == "failed"]
    if failed:
        told = "; ".join(f"{each.file}:{each.line} {each.action}: {each.case}: {each.failures[0]}" for each in failed)
        raise CasesFailed(f"{len(failed)} of {len(ended)} cases failed: {told}", "Run `reconciler test` to see more.")


async def outcomes(place: Workplace, loaded: Loaded, names: tuple[str, ...], heard: Heard) -> tuple[Outcome, ...]:
    """The outcomes of every case of those actions, in order of name and file.

    Each action runs in a Node process of its own. Starting one is what takes the time, so several actions are under way
    at once; `heard` gets the outcomes in their order all the same.
    """
    tested = [name for name in sorted(names) if loaded.desired.action(name) and loaded.cases[name]]
    places = asyncio.Semaphore(AT_ONCE)
    async with NodeHost(node_executable(), intercept=True, kept=AT_ONCE) as host:
        running = [asyncio.create_task(_outcomes_of(place, loaded, name, host, places)) for name in tested]
        try:
            return tuple([outcome for task in running for outcome in _told(await task, heard)])
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)


def known_actions(loaded: Loaded, names: tuple[str, ...]) -> tuple[Action, ...]:
    """The actions of those names; raises Usage for one that git does not have."""
    found = {name: loaded.desired.action(name) for name in names}
    unknown = [name for name, action in found.items() if action is None]
    if unknown:
        raise Usage(f"There is no action {', '.join(unknown)} in git.", f"Actions: {', '.join(loaded.cases)}.")
    return tuple(action for action in found.values() if action)


async def installed(npm: Npm, loaded: Loaded, action: Action) -> Path | None:
    """The folder of an action's locked packages; None where it has none."""
    locked = loaded.lock.actions.get(action.name)
    return await npm.install_locked(locked) if locked else None


def values(loaded: Loaded, action: Action, *kinds: str) -> Mapping[str, str]:
    """The values of an action's secrets of those kinds."""
    return {
        secret.name: loaded.vault.value(action.name, secret.name).reveal()
        for secret in action.secrets
        if secret.kind in kinds
    }


async def _outcomes_of(
    place: Workplace, loaded: Loaded, name: str, host: NodeHost, places: asyncio.Semaphore
) -> list[Outcome]:
    ended: list[Outcome] = []
    action = loaded.desired.action(name)
    assert action
    async with places:
        packages = await installed(place.npm, loaded, action)
        theirs = await module_packages(place.npm, loaded, action)
        for located in loaded.cases[name]:
            modules = job_modules(loaded, action, theirs, "plain", given=located.case.module_secrets)
            execution = await host.run(_job(loaded, action, located, packages, modules))
            ended.append(judge.outcome(located.case, execution, action=name, file=located.file, line=located.line))
    return ended


def _told(outcomes: list[Outcome], heard: Heard) -> list[Outcome]:
    for outcome in outcomes:
        heard(outcome)
    return outcomes


def _job(
    loaded: Loaded, action: Action, located: LocatedCase, packages: Path | None, modules: tuple[JobModule, ...]
) -> Job:
    case, facts = located.case, triggers()[action.content.trigger.id]
    return Job(
        key=f"{action.name}:{located.line}",
        action=action.name,
        trigger=facts.id,
        handler=case.run or facts.handlers[0],
        code=action.content.code,
        event=judge.event(facts.sample_event, case.event),
        secrets={**values(loaded, action, "plain"), **case.secrets},
        packages=packages,
        modules=modules,
        stubs=case.http,
        fresh=True,
        domain=action.name,
        runtime=action.content.runtime,
        limit=limits.EXECUTION_SECONDS,
    )
