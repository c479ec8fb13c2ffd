"""One job of a workflow: the variables and files that a runner gives, the command, and what came of it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.github.events import event, from_a_fork
from tests.github.standin import Served, serving
from tests.github.standin.state import Check, Comment
from tests.run.conftest import Home

BOT = "github-actions[bot]"


@dataclass
class Job:
    """What a runner does with a repository. `pull` is the number of the pull request that started it, `at` the folder
    that the command works in where it is another than the top one."""

    home: Home
    github: Served
    folder: Path
    patch: pytest.MonkeyPatch
    capture: pytest.CaptureFixture[str]
    pull: int = 0
    at: Path | None = None
    stdout: str = ""
    stderr: str = ""
    outputs: dict[str, str] = field(default_factory=dict)

    def set(self, **variables: str) -> None:
        """Variables of the step."""
        for name, value in variables.items():
            self.patch.setenv(name, value)

    def away(self) -> None:
        """Takes the runner away: a shell on somebody's machine."""
        for name in list(os.environ):
            if name.startswith(("GITHUB_", "RUNNER_", "GH_")):
                self.patch.delenv(name)

    def start(self, name: str, payload: dict[str, Any], **variables: str) -> None:
        """The event that starts the job, with what is checked out."""
        path = self.folder / "event.json"
        path.write_text(json.dumps(payload), encoding="utf-8")
        self.set(
            **self.github.variables(),
            GITHUB_EVENT_NAME=name,
            GITHUB_EVENT_PATH=str(path),
            GITHUB_SHA=self.home.git("rev-parse", "HEAD"),
            GITHUB_REF="refs/heads/main",
            GITHUB_RUN_ID="4711",
            GITHUB_RUN_ATTEMPT="2",
            GITHUB_ACTOR="ada",
            GITHUB_OUTPUT=str(self.folder / "output"),
            GITHUB_STEP_SUMMARY=str(self.folder / "summary"),
            RUNNER_TEMP=str(self.folder / "temp"),
        )
        self.set(**variables)

    def start_pull(self, *, fork: bool = False, name: str = "pull_request", **variables: str) -> None:
        """A pull request of what is checked out, started by its author's push. The second push keeps its number."""
        head = self.home.git("rev-parse", "HEAD")
        if not self.pull:
            self.pull = self.github.state.pull("change", head).number
        self.github.state.pulls[self.pull].sha = head
        payload = event("pull_request.synchronize")
        payload["number"] = payload["pull_request"]["number"] = self.pull
        payload["pull_request"]["head"]["sha"] = head
        payload["pull_request"]["base"]["ref"] = "main"
        self.start(name, from_a_fork(payload) if fork else payload, **variables)

    def run(self, *args: str) -> int:
        """The exit code of `reconciler ci ...`; what it printed is kept."""
        for each in ("output", "summary"):
            (self.folder / each).write_text("", encoding="utf-8")
        self.capture.readouterr()
        code = Home(self.at or self.home.folder).reconciler("ci", *args)
        self.stdout, self.stderr = self.capture.readouterr()
        self.outputs = dict(outputs_in((self.folder / "output").read_text(encoding="utf-8")))
        return code

    @property
    def log(self) -> str:
        """What people find in the log of the job."""
        return self.stdout + self.stderr

    @property
    def summary(self) -> str:
        """The step summary."""
        return (self.folder / "summary").read_text(encoding="utf-8")

    @property
    def comments(self) -> list[Comment]:
        """The comments of the pull request."""
        return self.github.state.comments_on(self.pull)

    @property
    def checks(self) -> dict[str, Check]:
        """The newest checks of what is checked out, by name."""
        return self.github.state.checks_of(self.home.git("rev-parse", "HEAD"))

    @property
    def everything(self) -> str:
        """Every text that left: to GitHub, into files, to the log."""
        sent = "\n".join(json.dumps(json.loads(each.body)) if each.body else "" for each in self.github.state.requests)
        files = [path.read_text(encoding="utf-8") for path in self.folder.rglob("*") if path.is_file()]
        return "\n".join([sent, *files, self.log])


def outputs_in(text: str) -> Iterator[tuple[str, str]]:
    """What a runner reads of the file of outputs."""
    lines = iter(text.split("\n"))
    for line in lines:
        if not line:
            continue
        name, mark, end = line.partition("<<")
        assert mark, line
        value = []
        for each in lines:
            if each == end:
                break
            value.append(each)
        else:
            raise AssertionError(f"{name} does not end")
        yield name, "\n".join(value)


@pytest.fixture
def job(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Job]:
    """A runner that has the repository checked out, and a GitHub that knows it."""
    (tmp_path / "runner").mkdir()
    with ExitStack() as stack:
        made = Job(home, stack.enter_context(serving()), tmp_path / "runner", monkeypatch, capsys)
        made.away()
        yield made
