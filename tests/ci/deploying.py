"""A user's repository with a remote life: pull requests that show plans, merges, and the deploys that follow."""

from __future__ import annotations

import json
import shutil
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.ci.job import outputs_in
from tests.github.standin import serving
from tests.github.standin.served import Served
from tests.github.standin.state import Check, Comment, Pull
from tests.run.attempts import Scene, in_scene
from tests.run.conftest import Home, made_repository

BOT = "github-actions[bot]"
RUN = 4711
EVENTS = Path(__file__).parents[1] / "github" / "events"


@dataclass
class World:
    """The repository at home, the one on GitHub, and what a runner puts into the environment."""

    home: Home
    github: Served
    folder: Path
    setenv: Callable[[str, str], None]
    tenant: str = "local"
    before: str = ""
    outputs: dict[str, str] = field(default_factory=dict)

    def branch(self, name: str, path: str, old: str, new: str, *, commits: int = 1) -> Pull:
        """A pull request that changes a file; with more commits, the others touch a file of no matter."""
        self.home.git("checkout", "-q", "-b", name, "main")
        for extra in range(1, commits):
            self.home.write(f"notes/{name}-{extra}.txt", "more\n")
            self.home.commit(f"{name}: note {extra}")
        self.home.change(path, old, new)
        head = self.home.commit(f"{name}: change {path}")
        self.home.git("checkout", "-q", "main")
        return self.github.state.pull(name, head)

    def greeting(self, name: str = "hello") -> Pull:
        """A pull request that changes what greet does."""
        return self.branch(name, "actions/greet/code.js", "exports.", f"// {name}\nexports.")

    def shown(self, pull: Pull, **changed: Any) -> str:
        """What the pull request shows of its trial merge, in a check and a comment; the checksum in the check."""
        self.trial(pull)
        check = self.check(f"reconciler / plan ({self.tenant})", pull.sha)
        for name, value in changed.items():
            setattr(check, name, value)
        return check.external_id

    def trial(self, pull: Pull, code: int = 0) -> None:
        """The pull request's own workflow plans what its merge would come to, and ends with that code."""
        self.home.git("checkout", "-q", "--detach", "main")
        self.home.git("merge", "-q", "--no-ff", "-m", "trial", pull.sha)
        told = self.pull_event(pull)
        assert self.job("plan", event="pull_request", payload=told, ref=f"refs/pull/{pull.number}/merge") == code
        self.home.git("checkout", "-q", "main")

    def pull_event(self, pull: Pull) -> Any:
        """What GitHub tells a job of a push to the pull request."""
        told = json.loads((EVENTS / "pull_request.opened.json").read_text(encoding="utf-8"))
        told["pull_request"] |= {"number": pull.number, "merged_at": None}
        told["pull_request"]["head"]["sha"] = pull.sha
        return told

    def write_check(self, sha: str, **changed: Any) -> None:
        """A check of the plan, as our own app writes it."""
        state = self.github.state
        usual: dict[str, Any] = {
            "name": f"reconciler / plan ({self.tenant})",
            "status": "completed",
            "conclusion": "success",
            "title": "Plan: 0 to create, 1 to change, 0 to delete.",
            "summary": "",
            "external_id": "",
            "details_url": "",
            "app": "github-actions",
            "annotations": [],
        }
        now = state.tick()
        made = Check(id=next(state.ids), sha=sha, started_at=now, completed_at=now, **(usual | changed))
        state.checks[made.id] = made

    def comment(self, number: int, body: str, author: str = BOT) -> Comment:
        """A comment that somebody writes."""
        state = self.github.state
        now = state.tick()
        made = Comment(next(state.ids), number, body, author, now, now)
        state.comments[made.id] = made
        return made

    def merge(self, pull: Pull, how: str = "merge") -> str:
        """Merges as GitHub does by that button; gives the commit that main is at then."""
        git = self.home.git
        self.before = git("rev-parse", "HEAD")
        if how == "merge":
            git("merge", "-q", "--no-ff", "-m", f"Merge pull request #{pull.number} from acme/{pull.branch}", pull.sha)
        elif how == "squash":
            git("merge", "-q", "--squash", pull.branch)
            git("commit", "-q", "-m", f"Change it (#{pull.number})")
        else:
            git("checkout", "-q", "-B", "rebased", pull.branch)
            git("rebase", "-q", "main")
            git("checkout", "-q", "main")
            git("merge", "-q", "--ff-only", "rebased")
        commit = git("rev-parse", "HEAD")
        self.github.state.merge(pull.number, commit, by="grace")
        return commit

    def deploy(self, *args: str, event: str = "push", ref: str = "refs/heads/main") -> int:
        """The exit code of the job that a push starts, or a person."""
        payload = {"repository": {"default_branch": "main"}, "before": self.before, "ref": ref}
        return self.job("apply", *args, event=event, payload=payload, ref=ref)

    def job(self, command: str, *args: str, event: str, payload: Any, ref: str = "refs/heads/main") -> int:
        """The exit code of one step of a workflow."""
        output, summary = self.folder / "output", self.folder / "summary"
        output.write_text("", encoding="utf-8")
        summary.write_text("", encoding="utf-8")
        (self.folder / "event.json").write_text(json.dumps(payload), encoding="utf-8")
        variables = self.github.variables() | {
            "GITHUB_EVENT_NAME": event,
            "GITHUB_EVENT_PATH": str(self.folder / "event.json"),
            "GITHUB_SHA": self.home.git("rev-parse", "HEAD"),
            "GITHUB_REF": ref,
            "GITHUB_RUN_ID": str(RUN),
            "GITHUB_ACTOR": "grace",
            "GITHUB_WORKFLOW_REF": f"acme/identity/.github/workflows/deploy.yml@{ref}",
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(summary),
            "RUNNER_TEMP": str(self.folder),
        }
        for name, value in variables.items():
            self.setenv(name, value)
        tenant = () if command in ("validate", "test") else ("--tenant", self.tenant)
        code = self.home.reconciler("ci", command, *tenant, *args)
        self.outputs = dict(outputs_in(output.read_text(encoding="utf-8")))
        return code

    @property
    def summary(self) -> str:
        """The step summary of the last deploy."""
        return (self.folder / "summary").read_text(encoding="utf-8")

    def moves(self, act: Callable[[Scene], Awaitable[Any]], tenant: str = "local") -> None:
        """Somebody works in the tenant by hand."""
        in_scene(self.home, "HEAD", act, tenant=tenant)

    def told(self, pull: Pull) -> str:
        """The one comment of ours on a pull request."""
        (comment,) = [each for each in self.github.state.comments_on(pull.number) if each.author == BOT]
        return comment.body

    def check(self, name: str = "", sha: str = "") -> Check:
        """The newest check of that name on a commit: the apply's, on what is checked out."""
        checks = self.github.state.checks_of(sha or self.home.git("rev-parse", "HEAD"))
        return checks[name or f"reconciler / apply ({self.tenant})"]

    @property
    def deployments(self) -> list[tuple[str, list[str]]]:
        """The environment of each deployment, and the states it went through."""
        there = self.github.state.deployments.values()
        return [(each.environment, [status.state for status in each.statuses]) for each in there]

    def runs(self, name: str = "greet") -> str:
        """The code of the live version of an action."""

        async def read(made: Scene) -> str:
            action = await made.other.read_action_named(name)
            assert action is not None and action.version is not None
            return action.version.content.code

        code: str = in_scene(self.home, "HEAD", read)
        return code


@pytest.fixture(scope="session")
def deployed_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository of tests/run with its first commit applied."""
    home = made_repository(tmp_path_factory.mktemp("deployed"))
    assert home.reconciler("apply", "--yes") == 0
    return home.folder


@pytest.fixture
def world(deployed_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A copy of it for one test, and a GitHub that knows it."""
    shutil.copytree(deployed_template, tmp_path / "home", symlinks=True)
    (tmp_path / "runner").mkdir()
    with serving() as github:
        yield World(Home(tmp_path / "home"), github, tmp_path / "runner", monkeypatch.setenv)
