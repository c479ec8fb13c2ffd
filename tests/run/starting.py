"""A folder in which somebody begins, with a home of their own."""

from __future__ import annotations

import io
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from reconciler.cli import status


@dataclass(frozen=True)
class Desk:
    """Where somebody types commands: a folder and a home, nothing in either."""

    folder: Path
    home: Path
    patch: pytest.MonkeyPatch
    output: pytest.CaptureFixture[str]

    def reconciler(self, *args: str, typed: str = "") -> int:
        """The exit code of a command that runs inside this process."""
        self.patch.setattr("sys.stdin", io.StringIO(typed))
        return status(list(args))

    def said(self, *args: str, typed: str = "", code: int = 0) -> str:
        """What a command prints; it must end with that code."""
        self.output.readouterr()
        ended = self.reconciler(*args, typed=typed)
        printed = self.output.readouterr()
        assert ended == code, printed.out + printed.err
        return printed.out + printed.err

    def git(self, *args: str) -> str:
        """What git says."""
        name = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
        return subprocess.run(["git", *name, *args], capture_output=True, text=True, check=True).stdout.strip()

    def go(self, folder: str) -> None:
        """Goes into a folder."""
        self.patch.chdir(folder)

    def files(self) -> dict[str, bytes]:
        """Every file below the folder but those of git and of the state folder."""
        found = (path for path in self.folder.rglob("*") if path.is_file())
        here = {path.relative_to(self.folder).as_posix(): path for path in found}
        return {name: path.read_bytes() for name, path in here.items() if not {".git", ".reconciler"} & {*path.parts}}
