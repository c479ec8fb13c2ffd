"""A git repository, or the folder of one, that holds a reconciler.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from reconciler.desired.git_process import NO, Git, GitRefused, top_of
from reconciler.desired.tree import ROOT_FILE, CommitTree, Worktree
from reconciler.errors import GitError
from reconciler.model.standing import Standing

MATTERS = ("reconciler.yaml", "reconciler.lock", ".sops.yaml", "actions/", "modules/", "flows/", "tenants/", "secrets/")
"""What the desired state is read from: an untracked file among these would be lost by a commit."""

DIGITS = 40
"""Of the name of a commit, hexadecimal ones: SHA-1."""

LITERAL = "--literal-pathspecs"
"""Signs such as [ and * in the names of folders stand for themselves."""


class UnknownRevision(GitError):
    """Git answered that it knows no such revision here."""


class Repository:
    """The folder that holds reconciler.yaml, and the git repository around it. Close it, or use it in `with`."""

    def __init__(self, folder: Path, root: Path, environ: Mapping[str, str]) -> None:
        """`root` is the top of the git repository; `environ` is handed to git."""
        self.folder = folder
        self.root = root
        self._git = Git(root, environ)
        self._prefix = "" if folder == root else folder.relative_to(root).as_posix() + "/"

    @classmethod
    def open(cls, start: Path, environ: Mapping[str, str], *, new: bool = False) -> Self:
        """Look for reconciler.yaml from a folder upwards. Raises GitError where there is none or no repository.

        With `new` a folder without one is the repository's own: its reconciler.yaml is about to be written.
        """
        folder = _folder(start.resolve(), new)
        return cls(folder, top_of(folder, environ), environ)

    def close(self) -> None:
        """End the git processes that were started."""
        self._git.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def prefix(self) -> str:
        """Where the folder is within the git repository, with a slash at its end; empty at its top."""
        return self._prefix

    @property
    def location(self) -> str:
        """The same without a slash, `.` at the top: a name among those of repositories that share a git repository."""
        return self._prefix.rstrip("/") or "."

    def head(self) -> str:
        """The commit that is checked out, 40 hex digits. Raises GitError before the first commit."""
        try:
            return self.resolve("HEAD")
        except UnknownRevision as problem:
            if not self._has_commits():
                raise GitError("The git repository has no commit yet.", "Commit your files first.") from problem
            remedy = "Commit to it first, or check out one that has; `git status` shows which it is."
            raise GitError("The branch that is checked out has no commit.", remedy) from problem

    def resolve(self, revision: str) -> str:
        """The commit that a revision names, 40 hex digits. Raises UnknownRevision naming it where there is none."""
        unknown = UnknownRevision(
            f"Git does not know the revision '{revision}'.",
            "Check its spelling, or fetch it (a shallow clone has few).",
        )
        if not revision or revision.startswith("-"):
            raise unknown
        try:
            commit = self._git.text("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
        except GitRefused as refused:
            if refused.status == NO or "unknown revision" in refused.words or "Needed a single" in refused.words:
                raise unknown from refused
            raise
        if len(commit) != DIGITS:
            raise GitError(
                "The git repository names its commits by SHA-256, which GitHub does not take either.",
                "Use a repository made by `git init --object-format=sha1`.",
            )
        return commit

    def subject(self, commit: str) -> str:
        """The first line of a commit's message; empty where this repository does not have the commit."""
        try:
            raw = self._git.raw("log", "-1", "--no-show-signature", "--encoding=UTF-8", "--format=%B", commit, "--")
        except GitRefused:
            return ""
        return raw.decode("utf-8", "replace").partition("\n")[0]

    def shallow(self) -> bool:
        """Whether this clone lacks the older part of the history."""
        return self._git.text("rev-parse", "--is-shallow-repository") == "true"

    def known(self, commits: Iterable[str]) -> frozenset[str]:
        """Those of the commits (40 hex digits) that git has here."""
        return self._reached(commits, "--no-walk")

    def past(self, commit: str, others: Iterable[str]) -> frozenset[str]:
        """Those of the others that git has here and that are the commit or come before it (40 hex digits each)."""
        known = self.known(others)
        return known - self._reached(known, f"^{commit}") if known else known

    def newest(self, commits: Iterable[str]) -> str:
        """The commit that none of the others comes after, the latest by its date where several are; empty for none. All
        must be here."""
        named = sorted(set(commits))
        return self._git.text("rev-list", "--topo-order", "--max-count=1", *named) if named else ""

    def parents(self, commit: str) -> tuple[str, ...]:
        """The commits that a commit (40 hex digits) was made of, as it says itself: a shallow clone may lack them."""
        lines = self._git.text("cat-file", "commit", commit).partition("\n\n")[0].splitlines()
        return tuple(line.removeprefix("parent ") for line in lines if line.startswith("parent "))

    def merge_base(self, one: str, other: str) -> str:
        """The newest commit that both (40 hex digits each) come from; empty where git sees none here."""
        try:
            return self._git.text("merge-base", one, other)
        except GitRefused as refused:
            if refused.status == NO:
                return ""
            raise

    def holds(self, commit: str) -> bool:
        """Whether a commit (40 hex digits) has a reconciler.yaml where the folder has one now."""
        return self._git.says("rev-parse", "--verify", "--quiet", f"{commit}:{self._prefix}{ROOT_FILE}")

    def line(self, since: str, until: str, most: int) -> tuple[str, ...]:
        """What a branch pointed at on its way from one commit to another, newest first and at most so many: the first
        parents (40 hex digits each). Only `until` where git does not have `since` here."""
        if until not in self.known([until]):
            return ()
        if since not in self.known([since]):
            return (until,)
        return tuple(self._git.text("rev-list", "--first-parent", f"--max-count={most}", until, f"^{since}").split())

    def touching(self, paths: Sequence[str], since: str, until: Iterable[str]) -> Mapping[str, frozenset[str]]:
        """The commits after `since` up to any of `until` that touch any of the paths, newest first, without merges;
        each with all files that it touches below the folder. Paths are relative to the folder; no commit may be
        missing here."""
        # What follows a name that has ended is empty only where a commit begins.
        raw = self._git.text(
            LITERAL, "log", "-z", "--no-show-signature",
            "--topo-order", "--no-merges", "--full-diff", "--name-only", "--no-renames", "--format=%x00%H",
            *until, f"^{since}", "--", *(str(self.folder / path) for path in paths),
        )  # fmt: skip
        return dict(self._touched(entry.strip("\0")) for entry in f"\0{raw}".split("\0\0")[1:])

    def standing(self, commit: str, branch: str) -> Standing:
        """Where a commit stands to a branch: on it where it is the branch's head or one of its ancestors. The branch is
        that of the remote `origin` where git knows one, else the local one."""
        named = {f"origin/{branch}": f"refs/remotes/origin/{branch}", branch: f"refs/heads/{branch}"}
        ref = next((ref for ref, full in named.items() if self._known(full)), "")
        if not ref:
            return Standing(branch=branch)
        on = self._git.says("merge-base", "--is-ancestor", commit, named[ref])
        return Standing(branch=branch, ref=ref, on=on, shallow=self.shallow())

    def dirty(self) -> tuple[str, ...]:
        """What is not committed below the folder: changed tracked files, and untracked files that the desired state
        is read from. Paths relative to the folder, sorted."""
        raw = self._git.text(
            LITERAL, "status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames", "--", str(self.folder)
        )
        return tuple(sorted({path for code, path in self._entries(raw) if code != "??" or path.startswith(MATTERS)}))

    def changed(self, since: str, until: str = "") -> frozenset[str]:
        """The files below the folder that differ between two commits (40 hex digits each), or between a commit and what
        is on disk now, new files included; those that are gone, too. Paths are relative to the folder."""
        named = filter(None, [until])
        raw = self._git.text(
            LITERAL, "diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", since, *named, "--", str(self.folder)
        )
        if not until:
            new = self._git.text(
                LITERAL, "ls-files", "--others", "--exclude-standard", "--full-name", "-z", "--", str(self.folder)
            )
            raw = f"{raw}\0{new}"
        return frozenset(path.removeprefix(self._prefix) for path in raw.split("\0") if path)

    def ignored(self, path: Path) -> bool:
        """Whether a file can never be committed by accident: outside the repository, or ignored and not tracked."""
        if not path.resolve().is_relative_to(self.root):
            return True
        return self._git.says("check-ignore", "--quiet", "--", str(path.resolve()))

    def tracked(self, path: Path) -> bool:
        """Whether git holds the file (in its index)."""
        if not path.resolve().is_relative_to(self.root):
            return False
        return bool(self._git.raw(LITERAL, "ls-files", "--", str(path.resolve())))

    def worktree(self) -> Worktree:
        """The files on disk."""
        return Worktree(self.folder)

    def tree(self, revision: str) -> CommitTree:
        """The files of a commit. Raises GitError for an unknown revision, or where the folder is not in it."""
        commit = self.resolve(revision)
        try:
            listing = self._git.raw("ls-tree", "-r", "-z", "--full-tree", f"{commit}:{self._prefix.rstrip('/')}")
        except GitRefused as problem:
            raise GitError(
                f"Commit {commit[:12]} does not hold the folder {self._prefix or '.'}.", "Choose a later revision."
            ) from problem
        entries = list(_entries(listing))
        # Regular files; 120000 is a link, 160000 a submodule.
        blobs = {path: blob for mode, blob, path in entries if mode.startswith("100")}
        return CommitTree(
            self.folder, commit, blobs, (path for _, _, path in entries if path not in blobs), self._git.blob
        )

    def _reached(self, commits: Iterable[str], *how: str) -> frozenset[str]:
        named = sorted(commits)
        return frozenset(self._git.text("rev-list", "--ignore-missing", *how, *named).split() if named else ())

    def _touched(self, entry: str) -> tuple[str, frozenset[str]]:
        commit, _, listed = entry.partition("\0")
        names = listed.removeprefix("\n").split("\0")
        inside = (name.removeprefix(self._prefix) for name in names if name.startswith(self._prefix))
        return commit, frozenset(filter(None, inside))

    def _known(self, ref: str) -> bool:
        return self._git.says("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")

    def _has_commits(self) -> bool:
        return bool(self._git.raw("rev-list", "--all", "--max-count=1"))

    def _entries(self, raw: str) -> Iterator[tuple[str, str]]:
        for entry in raw.split("\0"):
            if entry:
                yield entry[:2], entry[3:].removeprefix(self._prefix)


def _folder(start: Path, new: bool) -> Path:
    for folder in (start, *start.parents):
        if (folder / ROOT_FILE).is_file():
            return folder
    if new:
        return start
    raise GitError(
        f"There is no {ROOT_FILE} in {start} or above it.",
        "Go to the folder of your repository, name it by --repo, or begin one with `reconciler init`.",
    )


def _entries(listing: bytes) -> Iterator[tuple[str, str, str]]:
    """The mode, the id and the path of each entry of a tree."""
    for entry in listing.split(b"\0"):
        about, _, path = entry.partition(b"\t")
        if path:
            mode, _, identity = about.decode().split(" ")
            yield mode, identity, path.decode("utf-8", "surrogateescape")
