"""What a workflow runs on: the remote of its repository, GitHub, the runner's folders, and what started it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.github.standin import REPOSITORY, Served, Token
from tests.workflows.evaluator import Evaluator

PASSED_ON = ("PATH", "LANG", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "XDG_STATE_HOME")
"""What the runner's machine gives every step. The home is an empty folder: nobody's own settings are found."""

REGISTRIES = ("npm_config_", "NPM_CONFIG_", "PIP_")
"""How variables begin that say where packages come from, here as on a runner of one's own."""


@dataclass(frozen=True)
class Event:
    """What started a workflow. `sha` is the commit that is checked out; `withheld` says that GitHub gives the run no
    secrets and a token that only reads."""

    name: str
    payload: Mapping[str, Any]
    ref: str
    sha: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    actor: str = "ada"
    withheld: bool = False


@dataclass(frozen=True)
class Machine:
    """`shared` is what outlives a job: caches, artifacts, and the state of the embedded tenants. `installed` is a
    virtual environment to be taken for the one that the action makes; None lets it make its own. `trace` lets bash tell
    each command, and debug be told. Somebody cancels the job whose step says `cancelled_at`."""

    evaluator: Evaluator
    github: Served
    remote: Path
    folder: Path
    installed: Path | None = None
    environ: Mapping[str, str] = field(default_factory=dict)
    trace: bool = True
    cancelled_at: str = ""

    @property
    def shared(self) -> Path:
        """What outlives a job."""
        return self.folder / "shared"

    def token(self, job: str, permissions: Mapping[str, str], withheld: bool) -> str:
        """A token that may do what a job asks for, and no more; nothing but reading where secrets are withheld."""
        value = f"ghs_{len(self.github.state.tokens):04}TokenOfTheJob{''.join(filter(str.isalnum, job))}"
        granted = {name.replace("-", "_"): "read" if withheld else level for name, level in permissions.items()}
        self.github.state.tokens[value] = Token(permissions=granted)
        return value

    def variables(
        self, workspace: Path, temporary: Path, event: Event, event_file: Path, workflow: str, job: str
    ) -> dict[str, str]:
        """The environment of every step, as GitHub documents it under "Variables reference"."""
        home = self.shared / "home"
        home.mkdir(parents=True, exist_ok=True)
        kept = {name: value for name, value in os.environ.items() if name in PASSED_ON or name.startswith(REGISTRIES)}
        return {
            **kept,
            "HOME": str(home),
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTOR": event.actor,
            "GITHUB_API_URL": self.github.url,
            "GITHUB_EVENT_NAME": event.name,
            "GITHUB_EVENT_PATH": str(event_file),
            "GITHUB_JOB": job,
            "GITHUB_REF": event.ref,
            "GITHUB_REF_NAME": event.ref.removeprefix("refs/heads/"),
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_RUN_ATTEMPT": "1",
            "GITHUB_RUN_ID": "4711",
            "GITHUB_SERVER_URL": "https://github.example",
            "GITHUB_SHA": event.sha,
            "GITHUB_WORKFLOW_REF": f"{REPOSITORY}/.github/workflows/{workflow}@{event.ref}",
            "GITHUB_WORKSPACE": str(workspace),
            "RUNNER_OS": "Linux",
            "RUNNER_TEMP": str(temporary),
            "RECONCILER_STATE": str(self.shared / "state"),
            **({"RUNNER_DEBUG": "1"} if self.trace else {}),
            **self.environ,
        }

    def check_out(self, workspace: Path, event: Event, depth: int) -> None:
        """What actions/checkout does with `persist-credentials: false`."""
        self.git(
            "clone",
            "-q",
            "--no-checkout",
            *(["--depth", str(depth)] if depth else []),
            self.remote.as_uri(),
            ".",
            at=workspace,
        )
        self.git("fetch", "-q", "origin", f"+{event.sha}:refs/remotes/origin/checked-out", at=workspace)
        self.git("checkout", "-q", "--detach", event.sha, at=workspace)

    def git(self, *words: str, at: Path) -> str:
        """What git says, with nobody's own settings."""
        at.mkdir(parents=True, exist_ok=True)
        name = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "init.defaultBranch=main")
        done = subprocess.run(["git", *name, *words], cwd=at, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()
