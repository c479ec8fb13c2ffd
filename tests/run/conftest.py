"""A small repository of a user, in git, with real secrets; and the worlds that use cases need."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from reconciler.cli import status

FILES = {
    "reconciler.yaml": "name: acme\n",
    ".gitignore": ".reconciler/\nage-key.txt\n",
    "actions/greet/action.yaml": "name: greet\ntrigger: post-login\nsecrets:\n  TOKEN: token\n  LEVEL: {value: info}\n",
    "actions/greet/code.js": "exports.onExecutePostLogin = async (event, api) => {\n"
    "  void Object.keys(event.secrets); console.log(event.secrets.LEVEL ?? undefined);\n"
    "  api.idToken.setCustomClaim('hello', event.user.email);\n};\n",
    "actions/greet/cases.yaml": "- name: greets\n  event: {user: {email: ada@example.com}}\n"
    "  expect: {api: [{method: idToken.setCustomClaim, args: [hello, ada@example.com]}]}\n",
    "actions/guard/action.yaml": "name: guard\ntrigger: post-login\n",
    "actions/guard/code.js": "exports.onExecutePostLogin = async (event, api) => {\n"
    "  if (event.user.email === 'eve@example.com') api.access.deny('not you');\n};\n",
    "flows/post-login.yaml": "trigger: post-login\nbindings: [guard, greet]\n",
    "tenants/local.yaml": "type: local\nsecrets: secrets/local.sops.yaml\nage_key_file: age-key.txt\n",
}
TOKEN = "top-secret-token-value"


@dataclass(frozen=True)
class Home:
    """A repository on disk, used as its owner would."""

    folder: Path

    def write(self, path: str, text: str) -> None:
        """Puts a file there."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def change(self, path: str, old: str, new: str) -> None:
        """Changes a file; the old text must be in it."""
        text = (self.folder / path).read_text(encoding="utf-8")
        assert old in text
        self.write(path, text.replace(old, new))

    def git(self, *args: str) -> str:
        """What git says."""
        name = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
        done = subprocess.run(["git", *name, *args], cwd=self.folder, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def commit(self, subject: str = "change", *more: str) -> str:
        """Commits everything; gives the commit."""
        self.git("add", "-A")
        self.git("commit", "-q", "-m", subject, *more)
        return self.git("rev-parse", "HEAD")

    def reconciler(self, *args: str) -> int:
        """The exit code of a command that runs inside this process."""
        command, *rest = args
        return status([command, *rest, "--repo", str(self.folder)])


def made_repository(folder: Path) -> Home:
    """The repository with its secrets, made there by the commands a user types."""
    home = Home(folder)
    for path, text in FILES.items():
        home.write(path, text)
    home.git("init", "-q", "-b", "main")
    for args, typed in ((["secrets", "init"], ""), (["secrets", "set", "token"], TOKEN)):
        command = [sys.executable, "-m", "reconciler", *args, "--repo", str(home.folder)]
        subprocess.run(command, input=typed, text=True, check=True, capture_output=True)
    home.commit("first")
    return home


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository with its secrets made once, by the commands a user types."""
    return made_repository(tmp_path_factory.mktemp("template")).folder


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Iterator[Home]:
    """A copy of the repository for one test."""
    shutil.copytree(template, tmp_path / "home", symlinks=True)
    yield Home(tmp_path / "home")


@pytest.fixture
def empty(tmp_path: Path) -> Home:
    """A git folder with nothing in it; an embedded tenant's state may be put into its .reconciler/."""
    home = Home(tmp_path / "home")
    home.folder.mkdir()
    home.git("init", "-q", "-b", "main")
    return home
