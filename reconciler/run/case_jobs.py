"""What a case of an action needs to be run: the packages of all, and a job for each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from reconciler.catalogue.triggers import triggers
from reconciler.desired.located_cases import LocatedCase
from reconciler.desired.state import Loaded
from reconciler.desired.validation import did_you_mean
from reconciler.engine import cases as judge
from reconciler.engine.snapshots import tolerant
from reconciler.errors import Usage
from reconciler.local.node.job import Job, Runner
from reconciler.model.action import Action
from reconciler.model.case import Outcome
from reconciler.npm import Npm
from reconciler.run.case_runs import Also, CaseRun
from reconciler.run.modules import given_over, job_modules
from reconciler.run.snapshots import Pictured, Snapshots, hidden, hidden_of_each


class Packages(NamedTuple):
    """The folders of locked packages: of actions by name, of modules by name."""

    actions: Mapping[str, Path] = MappingProxyType({})
    modules: Mapping[str, Path] = MappingProxyType({})

    @property
    def folders(self) -> tuple[Path, ...]:
        """Each once, sorted."""
        return tuple(sorted({*self.actions.values(), *self.modules.values()}))


def known_actions(loaded: Loaded, names: Iterable[str]) -> tuple[Action, ...]:
    """The actions of those names; raises Usage for one that git does not have."""
    found = {name: loaded.desired.action(name) for name in names}
    unknown = [name for name, action in found.items() if action is None]
    if unknown:
        near = did_you_mean(unknown[0], loaded.cases)
        raise Usage(f"There is no action {', '.join(unknown)} in git{near}", f"Actions: {', '.join(loaded.cases)}.")
    return tuple(action for action in found.values() if action)


async def installed(npm: Npm, loaded: Loaded, action: Action) -> Path | None:
    """The folder of an action's locked packages; None where it has none."""
    locked = loaded.lock.actions.get(action.name)
    return await npm.install_locked(locked) if locked else None


async def packages_of(npm: Npm, loaded: Loaded, actions: Iterable[Action]) -> Packages:
    """The folders of all those actions and of the modules that they use; one npm gets what is missing."""
    each = tuple(actions)
    theirs = {action.name: locked for action in each if (locked := loaded.lock.actions.get(action.name))}
    used = {use.name for action in each for use in action.content.modules}
    shared = {name: locked for name in sorted(used) if (locked := loaded.lock.modules.get(name))}
    folders = await npm.install_all((*theirs.values(), *shared.values()))
    return Packages(
        actions=dict(zip(theirs, folders, strict=False)),
        modules=dict(zip(shared, folders[len(theirs) :], strict=True)),
    )


def values(loaded: Loaded, action: Action, *kinds: str) -> Mapping[str, str]:
    """The values of an action's secrets of those kinds."""
    return {
        secret.name: loaded.vault.value(action.name, secret.name).reveal()
        for secret in action.secrets
        if secret.kind in kinds
    }


def runs_of(
    loaded: Loaded,
    packages: Packages,
    actions: Mapping[str, tuple[LocatedCase, ...]],
    snapshots: Snapshots,
    also: Also | None = None,
) -> Iterator[CaseRun]:
    """A run for each of those cases, in their order; `actions` maps the names of actions to them. With `also` each
    runs there, too."""
    for name, cases in actions.items():
        action = loaded.desired.action(name)
        assert action
        job = action_job(loaded, packages, action)
        for each in cases:
            run = _run(job, each)
            if each.case.snapshot:
                run = snapshots.of(run, _pictured(loaded, action, each))
            yield also(run, each.case, action) if also else run


def action_job(loaded: Loaded, packages: Packages, action: Action) -> Job:
    """What running the first handler of an action takes in any case, with the sample event."""
    facts = triggers()[action.content.trigger.id]
    return Job(
        key=action.name,
        action=action.name,
        trigger=facts.id,
        handler=facts.handlers[0],
        code=action.content.code,
        event=facts.sample_event,
        secrets=values(loaded, action, "plain"),
        packages=packages.actions.get(action.name),
        modules=job_modules(loaded, action, packages.modules, "plain"),
        stubs=(),
        fresh=True,
        domain=action.name,
        runtime=action.content.runtime,
    )


def _run(job: Job, located: LocatedCase) -> CaseRun:
    case = located.case

    async def run(runner: Runner) -> Outcome:
        event, line = located.event, located.line
        execution = await runner.run(
            replace(
                job,
                key=f"{job.action}:{line}",
                handler=case.run or job.handler,
                event=event,
                secrets={**job.secrets, **case.secrets},
                modules=given_over(job.modules, case.module_secrets),
                stubs=case.http,
                now=case.now,
                seed=case.seed,
                cache=case.cache,
            )
        )
        expect = tolerant(case.expect, execution.error, snapshot=case.snapshot)
        judged = case if expect is case.expect else case.model_copy(update={"expect": expect})
        return judge.outcome(judged, execution, action=job.action, file=located.file, line=line, event=event)

    return run


def _pictured(loaded: Loaded, action: Action, located: LocatedCase) -> Pictured:
    case = located.case
    secrets = {**hidden(case.secrets, action), **hidden_of_each(case.module_secrets, loaded.desired.module)}
    return Pictured(located.file, case.name, secrets, located.event)
