"""Small real repositories in temporary folders, and the real sops."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from reconciler.desired.repository import Repository
from reconciler.desired.sops import Sops, binary

HERE = Path(__file__).parent
GOOD = HERE / "good"
KEY_FILE = HERE / "test-only.age"
GIT = ("git", "-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false")


@dataclass(frozen=True)
class Builder:
    """Writes files below a folder and commits them."""

    folder: Path

    def put(self, path: str, text: str | bytes) -> Builder:
        """Write one file, its folders too."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return self

    def git(self, *arguments: str) -> str:
        """Run git in the folder; gives what it prints."""
        done = subprocess.run([*GIT, *arguments], cwd=self.folder, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def commit(self, message: str = "Change something") -> str:
        """Commit all that is there; gives the commit."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def builder(tmp_path: Path) -> Builder:
    """An empty git repository."""
    made = Builder(tmp_path / "work")
    made.folder.mkdir()
    made.git("init", "--quiet", "--initial-branch=main")
    return made


@pytest.fixture
def good(builder: Builder) -> Builder:
    """A repository with the files of good/, committed."""
    shutil.copytree(GOOD, builder.folder, dirs_exist_ok=True)
    builder.commit("Put the actions under git")
    return builder


@pytest.fixture
def opened() -> Iterator[Callable[[Path], Repository]]:
    """Opens repositories and closes them after the test."""
    repositories: list[Repository] = []

    def open_one(folder: Path) -> Repository:
        repositories.append(Repository.open(folder, os.environ))
        return repositories[-1]

    yield open_one
    for repository in repositories:
        repository.close()


@pytest.fixture(scope="session")
def sops_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real sops executable."""
    return binary(lambda: tmp_path_factory.mktemp("sops"))


@pytest.fixture
def sops(sops_path: Path, tmp_path: Path) -> Sops:
    """sops that has the key of the test files."""
    return Sops(sops_path, {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "SOPS_AGE_KEY_FILE": str(KEY_FILE)})


@pytest.fixture
def keyless(sops_path: Path, tmp_path: Path) -> Sops:
    """sops that has no key."""
    return Sops(sops_path, {"PATH": os.environ["PATH"], "HOME": str(tmp_path)})
