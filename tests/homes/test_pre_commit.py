"""The hooks for pre-commit, run by the real pre-commit in a user's repository."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from reconciler.errors import Exit
from tests.run.conftest import Home

ROOT = Path(__file__).parent.parent.parent
MANIFEST = ROOT / ".pre-commit-hooks.yaml"
SHIPPED = (".pre-commit-hooks.yaml", "README.md", "pyproject.toml", "reconciler", "example-repo")
"""What a clone at a tag has that an installation needs."""
VALIDATE, LOCK, SECRETS = "reconciler-validate", "reconciler-lock", "reconciler-secrets"


def hooks() -> Mapping[str, Any]:
    return {hook["id"]: hook for hook in yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))}


def test_pre_commit_takes_the_manifest() -> None:
    subprocess.run([sys.executable, "-m", "pre_commit", "validate-manifest", str(MANIFEST)], check=True)


@pytest.mark.parametrize(
    ("path", "fired"),
    [
        ("README.md", ()),
        ("src/app.py", ()),
        (".github/workflows/deploy.yml", ()),
        (".github/actions/reconcile/action.yml", ()),
        ("web/src/actions/login.ts", ()),
        ("docs/actions.md", ()),
        ("reconciler.yaml", (VALIDATE, SECRETS)),
        ("reconciler.lock", (VALIDATE, LOCK)),
        (".sops.yaml", (SECRETS,)),
        ("actions/greet/action.yaml", (VALIDATE, LOCK, SECRETS)),
        ("actions/greet/code.js", (VALIDATE,)),
        ("actions/greet/cases.yaml", (VALIDATE, SECRETS)),
        ("modules/shared/code.js", (VALIDATE, LOCK)),
        ("modules/shared/module.yaml", (VALIDATE, LOCK, SECRETS)),
        ("flows/post-login.yaml", (VALIDATE,)),
        ("tenants/prod.yaml", (VALIDATE, SECRETS)),
        ("secrets/prod.sops.yaml", (VALIDATE, SECRETS)),
        ("age-key.txt", (SECRETS,)),
    ],
)
def test_a_hook_fires_on_what_matters_to_it_only(path: str, fired: tuple[str, ...]) -> None:
    assert tuple(name for name, hook in hooks().items() if re.search(hook["files"], path)) == fired


@pytest.mark.parametrize("name", hooks())
def test_a_hook_runs_a_command_of_this_program(home: Home, name: str) -> None:
    program, command, *rest = hooks()[name]["entry"].split()
    assert program == "reconciler"
    assert home.reconciler(command, *rest) == Exit.DONE


# The real pre-commit


@dataclass(frozen=True)
class PreCommit:
    """pre-commit with a folder of its own for what it installs, and a repository that has these hooks."""

    hooks: Path
    revision: str
    store: Path

    def configure(self, folder: Path, **more: Any) -> None:
        """Writes the configuration that users write; `more` is said of every hook."""
        named = [{"id": name, **more} for name in hooks()]
        text = yaml.safe_dump({"repos": [{"repo": f"file://{self.hooks}", "rev": self.revision, "hooks": named}]})
        (folder / ".pre-commit-config.yaml").write_text(text, encoding="utf-8")

    def run(self, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
        """What pre-commit says, both streams in one."""
        return subprocess.run(
            [sys.executable, "-m", "pre_commit", *command],
            cwd=folder,
            env={**os.environ, "PRE_COMMIT_HOME": str(self.store), "PRE_COMMIT_COLOR": "never"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def pre_commit(tmp_path_factory: pytest.TempPathFactory) -> PreCommit:
    """The hooks of the files as they are now, committed, so that pre-commit can install them. It does so once."""
    folder = tmp_path_factory.mktemp("hooks")
    listed = Home(ROOT).git("ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *SHIPPED)
    made = Home(folder)
    for path in filter(None, listed.split("\0")):
        if (ROOT / path).is_file():
            made.write(path, "")
            (folder / path).write_bytes((ROOT / path).read_bytes())
    made.git("init", "-q")
    return PreCommit(folder, made.commit("hooks"), tmp_path_factory.mktemp("store"))


def results(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    """The name of each hook and what became of it."""
    found = re.findall(r"^(reconciler [a-z -]+?)\.\.+(?:\(.*\))?(\w+)$", done.stdout, re.MULTILINE)
    return dict(found)


@pytest.mark.registry
def test_a_sound_repository_passes_and_mistakes_are_told_where_they_are(home: Home, pre_commit: PreCommit) -> None:
    pre_commit.configure(home.folder)
    home.commit("Check before every commit")
    done = pre_commit.run(home.folder, "run", "--all-files")
    every = ("reconciler validate", "reconciler lock --check", "reconciler secrets check")
    assert results(done) == dict.fromkeys(every, "Passed"), done.stdout

    home.write("flows/post-login.yaml", "trigger: post-login\nbindings: [guard, nobody]\n")
    home.change("actions/guard/action.yaml", "trigger:", "dependencies: {axios: ^1.0.0}\ntrigger:")
    home.write("secrets/other.yaml", "password: a value in clear\n")
    home.git("add", "-A")
    done = pre_commit.run(home.folder, "run")
    assert results(done) == dict.fromkeys(every, "Failed"), done.stdout
    assert "flows/post-login.yaml:2:19: there is no action 'nobody'" in done.stdout
    assert "actions/guard/action.yaml:2:16: 'axios' is not in reconciler.lock." in done.stdout
    assert "secrets/other.yaml:1:1: the file is not encrypted." in done.stdout
    assert "a value in clear" not in done.stdout

    home.git("reset", "-q", "--hard")
    home.write("NOTES.md", "Nothing of it runs in a login.\n")
    home.git("add", "-A")
    done = pre_commit.run(home.folder, "run")
    assert (done.returncode, results(done)) == (0, dict.fromkeys(every, "Skipped")), done.stdout


@pytest.mark.registry
def test_a_repository_in_a_folder_of_its_own_is_named_by_an_argument(home: Home, pre_commit: PreCommit) -> None:
    home.git("mv", "actions", "flows", "tenants", "secrets", "reconciler.yaml", ".sops.yaml", _made(home, "identity"))
    pre_commit.configure(home.folder, args=["--repo", "identity"], files="^identity/")
    home.write("identity/flows/post-login.yaml", "trigger: post-login\nbindings: [nobody]\n")
    home.git("add", "-A")
    done = pre_commit.run(home.folder, "run")
    assert list(results(done).values()) == ["Failed", "Passed", "Passed"], done.stdout
    assert "flows/post-login.yaml:2:12" in done.stdout


def _made(home: Home, folder: str) -> str:
    (home.folder / folder).mkdir()
    return folder
