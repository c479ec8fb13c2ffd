"""One job of a workflow, run on a machine of its own: its steps, one after the other.

What GitHub's own actions do is done here with folders: checkout, upload-artifact, cache. The action of this project is
run from its file, step by step.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.workflows.documents import ACTION, load
from tests.workflows.machine import Event, Machine
from tests.workflows.steps import Ran, run_script

NAMED_LIKE_OURS = "/.github/actions/reconcile@"


@dataclass
class Job:
    """One job of a run, or one of its matrix; `result` is success, failure, skipped or cancelled."""

    id: str
    name: str
    result: str = "success"
    environment: str = ""
    concurrency: Mapping[str, Any] = field(default_factory=dict)
    token: str = ""
    steps: list[Ran] = field(default_factory=list)
    outputs: dict[str, str] = field(default_factory=dict)

    @property
    def log(self) -> str:
        """All that its steps said."""
        return "".join(step.log for step in self.steps)

    @property
    def codes(self) -> list[int]:
        """What its steps ended with."""
        return [step.code for step in self.steps]


@dataclass(frozen=True)
class Started:
    """A run of a workflow file, and what it was given: `secrets` by the names of their environments, those of the
    repository under the empty one."""

    machine: Machine
    workflow: str
    event: Event
    secrets: Mapping[str, Mapping[str, str]]


@dataclass
class OneJob:
    """A job whose machine is ready."""

    run_of: Started
    job: Job
    document: Mapping[str, Any]
    contexts: dict[str, Any]
    workspace: Path
    temporary: Path
    environ: dict[str, str]
    status: str = "success"

    @classmethod
    def started(
        cls, run_of: Started, id_: str, document: Mapping[str, Any], known: dict[str, Any], number: int
    ) -> OneJob:
        """A job whose machine is ready: an empty workspace, its secrets, and a token with its permissions."""
        machine, event = run_of.machine, run_of.event
        name = machine.evaluator.text(document.get("name", id_), known)
        folder = Path(machine.folder, "jobs", f"{len(list(machine.folder.glob('jobs/*'))):03}-{id_}-{number}")
        workspace, temporary = folder / "work", folder / "temp"
        workspace.mkdir(parents=True)
        temporary.mkdir()
        event_file = folder / "event.json"
        event_file.write_text(json.dumps(event.payload), encoding="utf-8")
        environment = machine.evaluator.filled(document.get("environment", ""), known)
        named = str(environment.get("name", "") if isinstance(environment, dict) else environment)
        token = machine.token(name, document["permissions"], event.withheld)
        secrets = {} if event.withheld else {**run_of.secrets.get("", {}), **run_of.secrets.get(named, {})}
        contexts = {
            **known,
            "github": {**known["github"], "token": token, "workspace": str(workspace)},
            "runner": {"os": "Linux", "temp": str(temporary)},
            "secrets": {**secrets, "GITHUB_TOKEN": token},
            "steps": {},
            "env": {},
        }
        concurrency = machine.evaluator.filled(document.get("concurrency", {}), known)
        job = Job(id_, name, environment=named, concurrency=concurrency, token=token)
        environ = machine.variables(workspace, temporary, event, event_file, run_of.workflow, id_)
        return cls(run_of, job, document, contexts, workspace, temporary, environ)

    @property
    def _evaluator(self) -> Any:
        return self.run_of.machine.evaluator

    def run(self) -> None:
        """Runs its steps; how they went is in `job`."""
        for step in self.document["steps"]:
            if self._evaluator.holds(step.get("if"), self.contexts, self.status):
                ran = self._step(step, self.contexts, {})
                self.job.steps.append(ran)
                goes_on = self._evaluator.text(step.get("continue-on-error", ""), self.contexts) == "true"
                self.status = self.status if ran.code == 0 or goes_on else "failure"
        self.job.result = self.status
        outputs = self.document.get("outputs", {})
        self.job.outputs = {name: self._evaluator.text(value, self.contexts) for name, value in outputs.items()}

    def _step(self, step: Mapping[str, Any], contexts: dict[str, Any], given: Mapping[str, str]) -> Ran:
        environ = {**given, **self._texts(step.get("env", {}), contexts)}
        used = step.get("uses", "")
        if NAMED_LIKE_OURS in used:
            ran = self._ours(step, contexts, environ)
        elif used:
            ran = self._githubs(used.partition("@")[0], self._texts(step.get("with", {}), contexts))
        else:
            ran = self._script(step, contexts, environ)
        if "id" in step:
            contexts["steps"][step["id"]] = {
                "outputs": dict(ran.outputs),
                "outcome": "failure" if ran.code else "success",
            }
        return ran

    def _script(self, step: Mapping[str, Any], contexts: dict[str, Any], given: Mapping[str, str]) -> Ran:
        number = len(list(self.temporary.glob("_step-*")))
        ran = run_script(
            step.get("name", step["run"]),
            self._evaluator.text(step["run"], contexts),
            shell=step.get("shell"),
            environ={**self.environ, **given},
            folder=self.workspace / step.get("working-directory", ""),
            temporary=self.temporary / f"_step-{number}",
            trace=self.run_of.machine.trace,
            cancelled_at=self.run_of.machine.cancelled_at,
        )
        self.environ |= ran.assigned
        self.environ["PATH"] = ":".join([*ran.paths, self.environ["PATH"]])
        return ran

    def _ours(self, step: Mapping[str, Any], contexts: dict[str, Any], given: Mapping[str, str]) -> Ran:
        action = load(ACTION)
        asked = self._texts(step.get("with", {}), contexts)
        assert set(asked) <= set(action["inputs"]), "an input that the action does not know"
        defaults = self._texts({name: each.get("default", "") for name, each in action["inputs"].items()}, contexts)
        inside = {**contexts, "inputs": {**defaults, **asked}, "steps": {}}
        environ = {**given, "GITHUB_ACTION_PATH": str(ACTION.parent)}
        self._lend_installed()
        ran = Ran(step.get("name", step["uses"]))
        for inner in action["runs"]["steps"]:
            part = self._step(inner, inside, environ)
            texts = {name: ran.written.get(name, "") + text for name, text in part.written.items()}
            ran = replace(ran, code=part.code, log=ran.log + part.log, written=texts)
            if part.code:
                break
        outputs = {name: self._evaluator.text(each["value"], inside) for name, each in action["outputs"].items()}
        return replace(ran, outputs=outputs)

    def _lend_installed(self) -> None:
        """Puts what was installed before where the action looks for what it installed in this job."""
        place = self.temporary / "reconciler-installed"
        if self.run_of.machine.installed and not place.exists():
            place.symlink_to(self.run_of.machine.installed)

    def _githubs(self, action: str, asked: Mapping[str, str]) -> Ran:
        shared = self.run_of.machine.shared
        if action == "actions/checkout":
            assert asked["persist-credentials"] == "false"
            self.run_of.machine.check_out(self.workspace, self.run_of.event, int(asked["fetch-depth"]))
        elif action == "actions/upload-artifact":
            _copy(self.workspace / asked["path"], shared / "artifacts" / asked["name"])
        elif action == "actions/cache/save":
            _copy(self.workspace / asked["path"], shared / "caches" / asked["key"])
        elif action == "actions/cache/restore":
            found = sorted(
                (shared / "caches").glob(f"{asked['restore-keys'].strip()}*"), key=lambda file: file.stat().st_mtime_ns
            )
            if found:
                _copy(found[-1], self.workspace / asked["path"])
        else:
            raise AssertionError(f"{action} is not known here")
        return Ran(action)

    def _texts(self, mapping: Mapping[str, Any], contexts: Mapping[str, Any]) -> dict[str, str]:
        return {name: self._evaluator.text(value, contexts) for name, value in mapping.items()}


def _copy(source: Path, target: Path) -> None:
    """Copies a file or a folder; nothing where there is none, of which the real actions only warn."""
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
    elif source.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)
