"""Snapshots of cases: compares what happened to what was recorded, or records it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

from reconciler.desired.checks.flow_cases import snapshot_file
from reconciler.desired.load import Documents
from reconciler.engine.judging.results import effects_of
from reconciler.engine.snapshots import changes, plain, recorded, recorded_flow
from reconciler.local.node.job import Job, Runner
from reconciler.local.node.masking import masked_value
from reconciler.model.action import Action
from reconciler.model.case import Failure, Outcome
from reconciler.model.execution import Execution
from reconciler.model.module import Module
from reconciler.run.case_runs import CaseRun

UPDATE = "run `reconciler test --update`, and review what it writes"


@dataclass(frozen=True)
class Pictured:
    """A case that has a snapshot: where it is written, and what of it must not get into one. `secrets` maps the names
    of its secrets to their values; `event` is what its code gets."""

    file: str
    name: str
    secrets: Mapping[str, str] = field(repr=False)
    event: Mapping[str, Any] = field(default_factory=dict, repr=False)


class Written(NamedTuple):
    """The snapshot files that an update wrote, and those that it took away."""

    files: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


class Snapshots:
    """The snapshots of one test run, compared. With `another_day`, which is not today, what happens is recorded
    instead: each case runs once more on that day, since what differs between two runs cannot be compared to a third.
    `recorded` has it by file and name of the case."""

    def __init__(self, documents: Documents, *, another_day: datetime | None = None) -> None:
        self._documents = documents
        self._another_day = another_day
        self.recorded: dict[str, dict[str, Any]] = {}

    def of(self, run: CaseRun, pictured: Pictured) -> CaseRun:
        """The run of a case with a snapshot, which fails where something else happened than was recorded."""

        async def compared(runner: Runner) -> Outcome:
            outcome = await run(runner)
            told = _told(outcome, pictured)
            if not self._another_day:
                return _with(outcome, _differing(self.kept_in(snapshot_file(pictured.file)).get(pictured.name), told))
            if outcome.failures:
                return outcome
            again = await run(_Dated(runner, self._another_day))
            changing = changes(told, _told(again, pictured))
            if changing:
                return _with(outcome, _unstable(changing))
            self.recorded.setdefault(snapshot_file(pictured.file), {})[pictured.name] = told
            return outcome

        return compared

    def kept_in(self, path: str) -> Mapping[str, Any]:
        """The entries of a snapshot file by the names of their cases, as plain values."""
        located = self._documents.snapshots.get(path)
        return {name: plain(entry) for name, entry in located.document.items()} if located else {}


class _Dated(NamedTuple):
    """Runs jobs on that day, those of cases that do not say when it is."""

    runner: Runner
    day: datetime

    async def run(self, job: Job) -> Execution:
        return await self.runner.run(replace(job, now=job.now or self.day))


def hidden(given: Mapping[str, str], owner: Action | Module | None) -> Mapping[str, str]:
    """Those of the given values (secret name -> value) that are secret: what its owner has as a plain setting stands in
    git for all to read."""
    plain = {secret.name for secret in owner.secrets if secret.kind == "plain"} if owner else set()
    return {name: value for name, value in given.items() if name not in plain}


def hidden_of_each(
    given: Mapping[str, Mapping[str, str]], find: Callable[[str], Action | Module | None]
) -> Mapping[str, str]:
    """`OWNER.NAME` -> value of the same, of name of an owner -> secret name -> value."""
    each = {owner: hidden(secrets, find(owner)) for owner, secrets in given.items()}
    return {f"{owner}.{name}": value for owner, secrets in each.items() for name, value in secrets.items()}


def _told(outcome: Outcome, pictured: Pictured) -> Mapping[str, Any]:
    marks = {value: f"[secret {name}]" for name, value in pictured.secrets.items()}
    if outcome.flow:
        told = plain(recorded_flow(outcome.flow))
    else:
        assert outcome.execution, "a case that ran has an execution"
        execution = outcome.execution
        told = plain(recorded(execution, effects_of(execution, pictured.event)))
    shown: Mapping[str, Any] = masked_value(told, marks)
    return shown


def _differing(kept: Mapping[str, Any] | None, told: Mapping[str, Any]) -> Failure | None:
    if kept is None:
        return Failure(message=f"snapshot: expected what was recorded, but there is no record yet: {UPDATE}.")
    diff = changes(kept, told)
    if not diff:
        return None
    return Failure(message=f"snapshot: something else happened than was recorded; if it should, {UPDATE}.", diff=diff)


def _unstable(diff: tuple[str, ...]) -> Failure:
    message = "snapshot: two runs did not do the same, so it was not recorded; `now` stops the clock, and `seed` fixes"
    return Failure(message=f"{message} randomness.", diff=diff)


def _with(outcome: Outcome, failure: Failure | None) -> Outcome:
    if failure is None:
        return outcome
    return outcome.model_copy(update={"status": "failed", "failures": (*outcome.failures, failure)})
