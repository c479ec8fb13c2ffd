"""`reconciler demo`: the whole story once, told with the commands a user types."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
import git

from reconciler.cli.console import stdout
from reconciler.errors import ReconcilerError, Usage
from reconciler.run.demo import Receiver, commit, copied_example, open_receiver

CHANGES = (
    ("actions/notify-slack/code.js", "email} logged in", "email} is back"),
    ("actions/notify-slack/cases.yaml", "example.com logged in", "example.com is back"),
    ("flows/post-login.cases.yaml", "example.com logged in", "example.com is back"),
    ("flows/post-login.cases.snapshot.yaml", "example.com logged in", "example.com is back"),
)
"""What the second commit changes: file, old text, new text."""


@dataclass(frozen=True)
class Stage:
    """The repository the story happens in, and the Slack it talks to."""

    folder: Path
    repository: git.Repo
    slack: Receiver

    def tell(self, text: str) -> None:
        """A heading of the story."""
        stdout().print(f"\n# {text}", style="bold cyan")

    def run(self, command: str, *, typed: str = "", expected: int = 0) -> None:
        """Runs a command as a user would, showing it and what it prints; raises ReconcilerError for another ending."""
        stdout().print(f"$ reconciler {command}", style="bold")
        sys.stdout.flush()
        args = [sys.executable, "-m", "reconciler", *command.split()]
        ended = subprocess.run(args, cwd=self.folder, input=typed or None, text=True, check=False)
        if ended.returncode != expected:
            raise ReconcilerError(
                f"`reconciler {command}` ended with {ended.returncode} instead of {expected}.", "See what it printed."
            )

    def commit(self, subject: str) -> None:
        """Commits everything and shows it."""
        made = commit(self.repository, subject)
        stdout().print(f"$ git commit -m {subject!r}", style="bold")
        stdout().print(f"{made[:12]} {subject}")

    def show_slack(self, expected: str) -> None:
        """Shows what arrived at the receiver; raises ReconcilerError unless the last of it is what was meant."""
        if not self.slack.messages or expected not in self.slack.messages[-1]:
            raise ReconcilerError(f"Slack was not told {expected!r}.", "See what the commands printed.")
        stdout().print(f"Slack got over HTTP: {self.slack.messages[-1]}")


@click.command()
@click.option("--keep", type=click.Path(path_type=Path), metavar="DIR", help="Make the repository here and keep it.")
def command(keep: Path | None) -> None:
    """Tell the whole story once, in a fresh repository.

    An action is planned, tested, deployed as version 1, runs in a login, changes, and becomes version 2.
    """
    with _folder(keep) as folder, open_receiver() as slack, copied_example(folder) as repository:
        stage = Stage(folder, repository, slack)
        _first_version(stage)
        _runs(stage)
        _second_version(stage)
    stdout().print("\nThat was the whole way, from a commit to a login.", style="bold green")
    if keep:
        stdout().print(
            f"The repository is in {keep}; the Slack of this story is gone, so a login there cannot tell it."
        )
    else:
        stdout().print("`reconciler demo --keep DIR` leaves you the repository, to change an action and `apply` it.")


def _first_version(stage: Stage) -> None:
    stage.tell("A repository: three actions, two flows, a tenant that ships with reconciler, encrypted secrets")
    stage.tell("The Slack address is a secret: typed once, encrypted with sops, never shown again")
    stage.run("secrets set slack_webhook_url", typed=stage.slack.url)
    stage.run("secrets check")
    stage.commit("Tell Slack who logs in")
    stage.tell("Every dependency has an exact version; every file is checked, offline")
    stage.run("lock --check")
    stage.run("validate")
    stage.tell("What would change in the tenant")
    stage.run("plan")
    stage.tell("Test it: the cases in git, then once by hand with a payload")
    stage.run("test")
    (stage.folder / ".reconciler" / "payload.yaml").write_text("user: {email: payload@example.com}\n", encoding="utf-8")
    stage.run("invoke notify-slack --event .reconciler/payload.yaml")
    stage.show_slack("payload@example.com logged in")
    stage.tell("Make it so: drafts are saved and built, cases run, versions deployed, flows bound")
    stage.run("apply --yes")


def _runs(stage: Stage) -> None:
    stage.tell("Somebody logs in")
    stage.run("login --user ada@example.com")
    stage.show_slack("ada@example.com logged in")
    stage.tell("The tenant log has it, with what each action did")
    stage.run("logs --take 1 --details")
    stage.tell("Nothing is left to do")
    stage.run("plan --detailed-exitcode")


def _second_version(stage: Stage) -> None:
    stage.tell("The code changes in a commit")
    for path, old, new in CHANGES:
        file = stage.folder / path
        file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    stage.commit("Say it in fewer words")
    stage.tell("The plan shows that change and nothing else (exit code 2: something would change)")
    stage.run("plan --detailed-exitcode", expected=2)
    stage.run("apply --yes")
    stage.tell("Two versions, two commits")
    stage.run("versions notify-slack")
    stage.run("login --user grace@example.com")
    stage.show_slack("grace@example.com is back")


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="reconciler-demo-") as made:
            yield Path(made)
        return
    if keep.exists() and (not keep.is_dir() or any(keep.iterdir())):
        raise Usage(f"{keep} is not an empty folder.", "Name one that does not exist yet.")
    yield keep
