"""Writes of git that people meet elsewhere: one commit of ours on a branch of ours, on the remote `origin`.

A commit is made of files in memory: no checkout, no index and no branch of the caller's is touched.
"""

from __future__ import annotations

import base64
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from reconciler.desired.repository import Repository
from reconciler.errors import GitError

try:
    import git
    from git.exc import GitCommandError
except ImportError as missing:  # GitPython looks for the git executable while it is imported
    raise GitError("The git command was not found.", "Install git, or put it on the PATH.") from missing

REMOTE = "origin"
PATIENCE = 180.0
"""Seconds that one command may take; the network is slow at times, and nobody is there to answer a question."""
NAME, EMAIL = "reconciler[bot]", "reconciler-bot@noreply.invalid"
"""Who our commits are from: nobody's address, now and ever (RFC 2606)."""
_FILE = "100644"

Changes = Mapping[str, bytes | None]


@dataclass(frozen=True)
class Tips:
    """What a remote holds: the name of its default branch, that branch's newest commit, and that of the branch that was
    asked for; empty for what is not there."""

    default: str
    head: str
    branch: str


class Origin:
    """The remote `origin` of a repository. Every method raises GitError, in which no token stands."""

    def __init__(self, repository: Repository, environ: Mapping[str, str]) -> None:
        """`environ` is added to that of git; `access_environ` makes one that holds a token."""
        self._folder = repository.folder.relative_to(repository.root).as_posix()
        self._git = git.Git(repository.root)
        self._environ = {"GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "", "SSH_ASKPASS": "", **environ}

    def read_tips(self, branch: str, default: str = "") -> Tips:
        """What `origin` holds now. `default` is the name of its default branch where somebody knows it."""
        told = self._run("ls-remote", "--symref", REMOTE, "HEAD", "refs/heads/*")
        lines = [line.split("\t") for line in told.splitlines()]
        refs = {name: told for told, name in lines if not told.startswith("ref:")}
        symbolic = (told.removeprefix("ref: refs/heads/") for told, name in lines if told.startswith("ref:"))
        default = default or next(symbolic, "")
        head = refs.get(f"refs/heads/{default}", "")
        return Tips(default, head, refs.get(f"refs/heads/{branch}", ""))

    def fetch(self, *branches: str) -> None:
        """Gets the commits of branches; no ref here moves."""
        refs = [f"refs/heads/{branch}" for branch in branches]
        self._run("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--refmap=", REMOTE, *refs)

    def commit(self, parent: str, changes: Changes, message: str, at: datetime) -> str:
        """A commit of ours on top of another; the paths are relative to the repository's folder."""
        with tempfile.TemporaryDirectory() as folder:
            environ = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
            self._run("read-tree", parent, **environ)
            entries = Path(folder) / "entries"
            entries.write_bytes(b"".join(self._entry(parent, path, changes[path], folder) for path in sorted(changes)))
            with entries.open("rb") as listed:
                self._execute(["update-index", "-z", "--index-info"], environ, listed)
            tree = self._run("write-tree", **environ)
        who = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in self._who(at)}
        return self._run("commit-tree", tree, "-p", parent, "-m", message, **who)

    def is_ours(self, commit: str) -> bool:
        """Whether nobody else made that commit, or changed it since."""
        return self._run("log", "-1", "--format=%ae %ce", commit) == f"{EMAIL} {EMAIL}"

    def alike(self, one: str, other: str) -> bool:
        """Whether two commits change the very same files of their parents in the very same way."""
        return self._patch(one) == self._patch(other)

    def push(self, commit: str, branch: str, *, expected: str) -> None:
        """Makes a branch of `origin` that commit, provided that it is still the expected one, or empty, not there."""
        lease = f"--force-with-lease=refs/heads/{branch}:{expected}"
        self._run("push", "--quiet", "--no-verify", lease, REMOTE, f"{commit}:refs/heads/{branch}")

    def delete(self, branch: str, *, expected: str) -> None:
        """Takes a branch of `origin` away, provided that it is still the expected commit."""
        self.push("", branch, expected=expected)

    def _entry(self, parent: str, path: str, content: bytes | None, folder: str) -> bytes:
        full = path if self._folder == "." else f"{self._folder}/{path}"
        if content is None:
            return f"0 {'0' * len(parent)}\t{full}\0".encode()
        file = Path(folder) / "content"
        file.write_bytes(content)
        blob = self._run("hash-object", "-w", f"--path={full}", str(file))
        there = self._run("ls-tree", parent, "--", full)
        return f"{there.partition(' ')[0] or _FILE} {blob}\t{full}\0".encode()

    def _who(self, at: datetime) -> tuple[tuple[str, str], ...]:
        return ("NAME", NAME), ("EMAIL", EMAIL), ("DATE", f"{int(at.timestamp())} +0000")

    def _patch(self, commit: str) -> str:
        return self._run("diff-tree", "-r", "--no-renames", "--no-commit-id", "--root", commit)

    def _run(self, *words: str, **environ: str) -> str:
        return self._execute(list(words), environ, None)

    def _execute(self, words: list[str], environ: Mapping[str, str], stdin: BinaryIO | None) -> str:
        try:
            told = self._git.execute(
                ["git", *words],
                env={**self._environ, **environ},
                istream=stdin,
                kill_after_timeout=PATIENCE,
            )
        except GitCommandError as problem:
            raise _refused(words[0], problem) from None
        return str(told)


def access_environ(server: str, token: str, environ: Mapping[str, str]) -> dict[str, str]:
    """What makes git show a token to one server, such as https://github.com, and to no other: in its environment, since
    everybody on a machine can read the arguments of a process. `environ` is what git inherits.

    An empty header before ours takes away those of the same server that actions/checkout wrote into the clone's
    configuration: GitHub refuses two.
    """
    address = urlsplit(server)
    if not token or not address.hostname:
        return {}
    key = f"http.{address.scheme}://{address.netloc}/.extraheader"
    basic = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    first = int(environ.get("GIT_CONFIG_COUNT") or 0)
    told = {"GIT_CONFIG_COUNT": str(first + 2), "GIT_TRACE_REDACT": "1"}
    for at, value in enumerate(["", f"AUTHORIZATION: basic {basic}"], first):
        told |= {f"GIT_CONFIG_KEY_{at}": key, f"GIT_CONFIG_VALUE_{at}": value}
    return told


def _refused(command: str, problem: GitCommandError) -> GitError:
    told = str(problem.stderr).strip().removeprefix("stderr:").strip(" \n'")
    lines = [line.strip() for line in told.splitlines() if line.strip()]
    telling = [line for line in lines if re.match(r"fatal:|error:|remote:|!|Timeout", line)] or lines
    words = re.sub(r"(?<=://)[^/@\s]+@", "", telling[0]) if telling else f"exit status {problem.status}"
    if "stale info" in told:
        return GitError("Somebody else pushed to the branch at the same moment: nothing was pushed.", "Run it again.")
    return GitError(f"`git {command}` failed: {words}", f"Check the remote {REMOTE} and what the token may write.")
