"""Asks the git command. Nothing is asked twice at the same moment: one `Git` is for one task.

GitPython stays with those who write commits: every command would wait for its import, and of all that it does reading
needs only a process.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from reconciler.errors import GitError

NO = 1
"""What git exits with where it has an answer, and the answer is no."""
_ASKED = {
    "LANGUAGE": "C",
    "LC_ALL": "C",
    # A look at what changed would write the index: in the way of whoever commits, and with a hook of its own.
    "GIT_OPTIONAL_LOCKS": "0",
    # A commit is what it was made as, whatever is to be shown in its place here.
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": os.devnull,
}
_OF_A_REPOSITORY = frozenset({
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
    "GIT_GLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
})  # fmt: skip
"""What git tells a hook of the repository that it is for, which need not be the one that is read.

Source: `git rev-parse --local-env-vars`, without settings; and what git refuses beside --literal-pathspecs.
"""
_GIT = (
    "git",
    # A hook of the repository would run where `diff` refreshes the index, fsmonitor whenever files are looked at.
    *("-c", f"core.hooksPath={os.devnull}", "-c", "core.fsmonitor="),
    # These fail where there are several paths, or where the file is not there.
    *("-c", "log.follow=false", "-c", f"diff.orderFile={os.devnull}"),
)


class GitRefused(GitError):
    """Git answered, and the answer is no: `status` is what it exited with, `words` what it wrote to stderr."""

    def __init__(self, status: int, words: str) -> None:
        self.status = status
        self.words = words
        super().__init__(*_told(status, words))


class Git:
    """The git command in one folder. Every method raises GitRefused where git says no, GitError where there is no git.
    Close it, so that no process stays behind."""

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        """`environ` is handed on: it says where git is, and where its settings are."""
        self._folder = folder
        self._environ = _environ(environ)

    def raw(self, *words: str) -> bytes:
        """What git writes to stdout."""
        done = _run([*_GIT, *words], self._environ, self._folder)
        if done.returncode:
            raise GitRefused(done.returncode, done.stderr.decode("utf-8", "replace"))
        return done.stdout

    def text(self, *words: str) -> str:
        """The same as text, without the end of its last line. What is no UTF-8 comes as surrogates."""
        return self.raw(*words).decode("utf-8", "surrogateescape").removesuffix("\n")

    def says(self, *words: str) -> bool:
        """Whether git's answer is yes."""
        try:
            self.raw(*words)
        except GitRefused as refused:
            if refused.status == NO:
                return False
            raise
        return True

    def blob(self, identity: str) -> bytes:
        """The content of a blob by its id."""
        process = self._reader
        assert process.stdin and process.stdout
        try:
            process.stdin.write(f"{identity}\n".encode())
            process.stdin.flush()
            about = process.stdout.readline().split()
            if about[1:2] != [b"blob"]:
                raise _damaged()
            content = process.stdout.read(int(about[2]) + 1)
        except (OSError, ValueError) as problem:
            raise _damaged() from problem
        if len(content) != int(about[2]) + 1:
            raise _damaged()
        return content[:-1]

    def close(self) -> None:
        """End the process that reads blobs, if there is one."""
        if "_reader" in vars(self):
            self._reader.communicate()
            del self._reader

    @cached_property
    def _reader(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [*_GIT, "cat-file", "--batch"],
            env=self._environ,
            cwd=self._folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )


def top_of(folder: Path, environ: Mapping[str, str]) -> Path:
    """The top folder of the worktree that a folder is in, whatever a hook says of its own repository. Raises GitError
    where there is none.

    Where the top is may be known of a repository of anybody; git refuses the rest (safe.directory) when it is asked.
    """
    asked = [*_GIT, "-c", "safe.directory=*", "rev-parse", "--is-bare-repository", "--show-toplevel"]
    done = _run(asked, _environ(environ), folder)
    bare, _, top = done.stdout.decode("utf-8", "surrogateescape").removesuffix("\n").partition("\n")
    if bare == "true":
        raise GitError(f"{folder} is in a bare git repository.", "Work in a clone that has a worktree.")
    words = done.stderr.decode("utf-8", "replace")
    if "not a git repository" in words or "gitfile" in words:
        raise GitError(f"{folder} is not in a git repository.", "Run `git init` there and commit.")
    if done.returncode or not top:
        raise GitRefused(done.returncode, words)
    return Path(top).resolve()


def _environ(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if name not in _OF_A_REPOSITORY} | _ASKED


def _run(command: list[str], environ: Mapping[str, str], folder: Path) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(command, env=environ, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True)
    except FileNotFoundError as missing:
        if not folder.is_dir():
            raise GitError(f"There is no folder {folder}.", "Name a folder that is there.") from missing
        raise GitError("The git command was not found.", "Install git, or put it on the PATH.") from missing
    except OSError as problem:
        reason = os.strerror(problem.errno) if problem.errno else "unknown reason"
        raise GitError(
            f"The git command cannot be run in {folder}: {reason}.", "Look at the folder, and at `git` on the PATH."
        ) from problem


def _damaged() -> GitError:
    return GitError("The git repository cannot be read.", "Run `git fsck` to see what is damaged.")


def _told(status: int, words: str) -> tuple[str, str]:
    """What is wrong, and the way out."""
    if "dubious ownership" in words:
        remedy = "Run `git config --global --add safe.directory FOLDER` if you trust it."
        return "The git repository belongs to another user.", remedy
    lines = words.strip().splitlines()
    reasons = [line for line in lines if line.startswith(("fatal:", "error:"))]
    return (
        f"Git refused: {next(iter(reasons or lines), f'exit status {status}')}",
        "Run `git status` there to see more.",
    )
