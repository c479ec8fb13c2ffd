"""Runs a workflow file as GitHub does: jobs by their needs, conditions, matrices, and every `run:` for real."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.github.standin import REPOSITORY
from tests.workflows.documents import load
from tests.workflows.job import Job, OneJob, Started
from tests.workflows.machine import Event, Machine


@dataclass(frozen=True)
class Run:
    """A workflow that ran; jobs in the order in which they did."""

    jobs: tuple[Job, ...]

    def of(self, job: str) -> list[Job]:
        """Every job of that id."""
        return [each for each in self.jobs if each.id == job]

    @property
    def results(self) -> dict[str, str]:
        """How each job ended, by its name."""
        return {job.name: job.result for job in self.jobs}

    @property
    def published(self) -> str:
        """All that anybody can see of it on the runner: logs, outputs, summaries and variables."""
        files = (text for job in self.jobs for step in job.steps for text in step.written.values())
        return "\n".join([*(job.log for job in self.jobs), *files])


def run_workflow(machine: Machine, file: Path, event: Event, secrets: Mapping[str, Mapping[str, str]]) -> Run:
    """Runs all jobs of a workflow, one after the other. `secrets` are those of the environments by their names, under
    the empty name those of the repository."""
    document = load(file)
    done: dict[str, list[Job]] = {}
    while waiting := {name: job for name, job in document["jobs"].items() if name not in done}:
        name, job = next(each for each in waiting.items() if set(_needs(each[1])) <= set(done))
        done[name] = _Jobs(Started(machine, file.name, event, secrets), done).run(name, job)
    return Run(tuple(itertools.chain.from_iterable(done.values())))


def _needs(job: Mapping[str, Any]) -> list[str]:
    named = job.get("needs", [])
    return [named] if isinstance(named, str) else list(named)


def _result(jobs: list[Job]) -> str:
    found = {job.result for job in jobs}
    return next(each for each in ("failure", "cancelled", "skipped", "success") if each in found)


@dataclass(frozen=True)
class _Jobs:
    started: Started
    done: Mapping[str, list[Job]]

    def run(self, name: str, job: Mapping[str, Any]) -> list[Job]:
        known = {**self._github(), "needs": self._needed(job), "vars": {}}
        results = {each["result"] for each in known["needs"].values()}
        status = "failure" if "failure" in results else "success" if results <= {"success"} else "skipped"
        if not self.started.machine.evaluator.holds(job.get("if"), known, status):
            return [Job(name, name, "skipped")]
        strategy = self.started.machine.evaluator.filled(job.get("strategy", {}), known)
        made: list[Job] = []
        for number, combination in enumerate(combinations(strategy.get("matrix", {}))):
            one = OneJob.started(self.started, name, job, {**known, "matrix": combination}, number)
            if strategy.get("fail-fast", True) and any(each.result == "failure" for each in made):
                one.job.result = "cancelled"
            else:
                one.run()
            made.append(one.job)
        return made

    def _github(self) -> dict[str, Any]:
        event = self.started.event
        return {
            "github": {
                "event": event.payload,
                "event_name": event.name,
                "ref": event.ref,
                "sha": event.sha,
                "actor": event.actor,
                "repository": REPOSITORY,
                "run_id": "4711",
                "run_attempt": "1",
            },
            "inputs": dict(event.inputs),
        }

    def _needed(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """A matrix's outputs are those of the job that ended last, as on GitHub."""
        return {
            name: {"result": _result(self.done[name]), "outputs": self.done[name][-1].outputs} for name in _needs(job)
        }


def combinations(matrix: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The jobs of a matrix: the product of its lists, and what `include` adds on its own."""
    lists = {name: values for name, values in matrix.items() if name not in ("include", "exclude")}
    assert not (lists and "include" in matrix), "what `include` lays over a product is not needed here"
    if not lists:
        return [dict(each) for each in matrix.get("include", [{}])]
    return [dict(zip(lists, values, strict=True)) for values in itertools.product(*lists.values())]
