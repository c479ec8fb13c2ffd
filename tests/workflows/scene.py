"""Acme's repository on GitHub: the example with two embedded tenants, and what people do in it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reconciler.desired.sops import Sops, binary
from tests.github.events import event
from tests.github.standin import REPOSITORY
from tests.workflows.documents import EXAMPLES, ROOT
from tests.workflows.machine import Event, Machine
from tests.workflows.runner import Run, run_workflow

TENANTS = {
    "staging": "type: local\nsecrets: secrets/staging.sops.yaml\n",
    "prod": "type: local\nsecrets: secrets/prod.sops.yaml\n",
}
CODE = "actions/notify-slack/code.js"


@dataclass
class Scene:
    """Acme's repository. `main` is the newest commit of its main branch."""

    machine: Machine
    key: str
    main: str = ""

    @property
    def clone(self) -> Path:
        """Ada's clone."""
        return self.machine.folder / "clone"

    def git(self, *words: str) -> str:
        """What git says in Ada's clone."""
        return self.machine.git(*words, at=self.clone)

    def begin(self) -> None:
        """Puts the example on GitHub, with tenants that need nothing but this machine."""
        keep_out = shutil.ignore_patterns(".reconciler", "local.yaml", "prod.yaml")
        shutil.copytree(ROOT / "example-repo", self.clone, ignore=keep_out)
        shutil.copy(self.clone / "secrets" / "local.sops.yaml", self.clone / "secrets" / "staging.sops.yaml")
        for name, text in TENANTS.items():
            (self.clone / "tenants" / f"{name}.yaml").write_text(text, encoding="utf-8")
        with (self.clone / "reconciler.yaml").open("a", encoding="utf-8") as file:
            file.write("promote: [staging, prod]\n")
        self.machine.git("init", "-q", "--bare", "-b", "main", at=self.machine.remote)
        self.git("init", "-q", "-b", "main")
        self.git("remote", "add", "origin", self.machine.remote.as_uri())
        self.main = self.commit("Tell Slack who logs in")
        self.git("push", "-q", "origin", "main")

    def write(self, path: str, text: str) -> None:
        """Writes a file of Ada's clone."""
        (self.clone / path).write_text(text, encoding="utf-8")

    def change(self, old: str, new: str, path: str = CODE) -> None:
        """Changes a file of Ada's clone."""
        text = (self.clone / path).read_text(encoding="utf-8")
        assert old in text
        self.write(path, text.replace(old, new))

    def commit(self, subject: str) -> str:
        """Commits all that Ada changed; gives the commit."""
        self.git("add", "-A")
        self.git("commit", "-q", "-m", subject)
        return self.git("rev-parse", "HEAD")

    def opened(self, branch: str, head: str, *, fork: bool = False) -> tuple[int, Event]:
        """A pull request whose newest commit is `head`, and the event that tells of it: GitHub tries the merge."""
        pull = self.machine.github.state.pull(branch, head, **({"repository": "mallory/identity"} if fork else {}))
        return pull.number, self.pushed_to(pull.number, head, fork=fork, what="opened")

    def pushed_to(self, number: int, head: str, *, fork: bool = False, what: str = "synchronize") -> Event:
        """The event of a pull request whose branch got commits."""
        self.git("checkout", "-q", "--detach", self.main)
        self.git("merge", "-q", "--no-ff", "-m", f"Merge {head} into {self.main}", head)
        ref = f"refs/pull/{number}/merge"
        self.git("push", "-q", "-f", "origin", f"HEAD:{ref}")
        payload = event(f"pull_request.{what}")
        told = payload["pull_request"]
        payload["number"] = told["number"] = number
        told["head"]["sha"], told["base"]["sha"], told["base"]["ref"] = head, self.main, "main"
        told["head"]["repo"]["full_name"] = "mallory/identity" if fork else REPOSITORY
        told["base"]["repo"]["full_name"] = REPOSITORY
        self.machine.github.state.pulls[number].sha = head
        sha = self.git("rev-parse", "HEAD")
        return Event("pull_request", _ours(payload), ref, sha, actor="mallory" if fork else "ada", withheld=fork)

    def merged(self, number: int) -> Event:
        """The push that merging a pull request makes."""
        before = self.main
        self.git("checkout", "-q", "-B", "main", self.main)
        head = self.machine.github.state.pulls[number].sha
        self.git("merge", "-q", "--no-ff", "-m", f"Merge pull request #{number}", head)
        self.main = self.git("rev-parse", "HEAD")
        self.git("push", "-q", "origin", "main")
        self.machine.github.state.merge(number, self.main)
        payload = event("push") | {"ref": "refs/heads/main", "before": before, "after": self.main}
        return Event("push", _ours(payload), "refs/heads/main", self.main)

    def by_hand(self, **inputs: str) -> Event:
        """Somebody runs a workflow on main by hand."""
        payload = event("workflow_dispatch") | {"ref": "refs/heads/main", "inputs": inputs}
        return Event("workflow_dispatch", _ours(payload), "refs/heads/main", self.main, inputs=inputs)

    def at_the_hour(self) -> Event:
        """The schedule fires."""
        return Event("schedule", event("schedule"), "refs/heads/main", self.main)

    def run(self, workflow: str, started_by: Event) -> Run:
        """Runs a workflow of the example, with secrets for each environment."""
        return run_workflow(self.machine, EXAMPLES / f"{workflow}.yml", started_by, self.secrets())

    def secrets(self) -> Mapping[str, Mapping[str, str]]:
        """The secrets of each environment. Those for Auth0 are of no use to an embedded tenant, and show up nowhere."""
        return {
            environment: {
                "AUTH0_CLIENT_ID": f"client-id-of-{environment}-9f3b",
                "AUTH0_CLIENT_SECRET": f"client-secret-of-{environment}-c41d7",
                "SOPS_AGE_KEY": self.key,
            }
            for tenant in TENANTS
            for environment in (tenant, f"{tenant}-plan")
        }

    def secret_values(self) -> set[str]:
        """Every value that must show up nowhere: secrets of the workflows, of the tenants, and tokens."""
        given = {value for each in self.secrets().values() for value in each.values()}
        sops = Sops(binary(lambda: self.machine.folder), {"SOPS_AGE_KEY": self.key})
        for file in (self.clone / "secrets").iterdir():
            given |= {value.reveal() for value in sops.decrypt(file.read_bytes(), file.name).values()}
        return given | set(self.machine.github.state.tokens)


def _ours(payload: dict[str, Any]) -> dict[str, Any]:
    payload["repository"] |= {"full_name": REPOSITORY, "default_branch": "main"}
    return payload
