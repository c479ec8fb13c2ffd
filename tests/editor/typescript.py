"""TypeScript as people have it: the last one that is written in JavaScript, with its tsserver, and the native one."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from reconciler.npm import node_executable, npm_script

CLASSIC, NATIVE = "5.9.3", "7.0.2"
_ERROR = re.compile(r"^(\S[^(\n]*)\((\d+),(\d+)\): error (TS\d+): (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Mistake:
    """One thing that the compiler has against a file."""

    file: str
    line: int
    column: int
    code: str
    message: str


@dataclass(frozen=True)
class TypeScript:
    """One installed version."""

    package: Path

    def compile(self, folder: Path, *args: str) -> tuple[Mistake, ...]:
        """What `tsc` says, run in a folder."""
        tsc = [str(node_executable()), str(self.package / "bin" / "tsc"), *args, "--pretty", "false"]
        done = subprocess.run(tsc, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
        found = tuple(
            Mistake(file, int(line), int(at), code, words) for file, line, at, code, words in _told(done.stdout)
        )
        assert bool(done.returncode) == bool(found), done.stdout + done.stderr
        return found


def _told(output: str) -> list[tuple[str, str, str, str, str]]:
    return _ERROR.findall(output)


def installed(version: str, cache: Path) -> TypeScript:
    """That version, installed by npm into a folder that later runs find again."""
    folder = cache / version
    package = folder / "node_modules" / "typescript"
    with FileLock(cache / f"{version}.lock"):
        if not package.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            npm = [str(node_executable()), str(npm_script()), "install", "--prefix", str(folder)]
            flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
            subprocess.run([*npm, *flags, f"typescript@{version}"], env=dict(os.environ), check=True, timeout=300)
    return TypeScript(package)
