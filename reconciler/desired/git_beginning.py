"""The git repository around a folder that is about to become a repository, made where there is none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reconciler.errors import GitError

try:
    import git
    from git.exc import GitCommandError, InvalidGitRepositoryError, NoSuchPathError
except ImportError as missing:  # GitPython looks for the git executable while it is imported
    raise GitError("The git command was not found.", "Install git, or put it on the PATH.") from missing

BRANCH = "main"
"""The branch that the workflows deploy."""


def git_top(folder: Path) -> Path | None:
    """The top of the git repository that a folder is in, whether the folder is there or not; None for none.

    Raises GitError for a bare one.
    """
    near = next(each for each in (folder, *folder.parents) if each.is_dir())
    try:
        with git.Repo(near, search_parent_directories=True) as repo:
            top = repo.working_tree_dir
    except (InvalidGitRepositoryError, NoSuchPathError):
        return None
    if not top:
        raise GitError(f"{folder} is in a bare git repository.", "Work in a clone that has a worktree.")
    return Path(str(top)).resolve()


@contextmanager
def begun_git(folder: Path) -> Iterator[None]:
    """A new git repository in a folder, which is made where it is missing; both are gone again where the body fails.
    Raises GitError where git refuses."""
    if os.path.lexists(folder / ".git"):  # and git knows nothing of it
        raise GitError(f"{folder / '.git'} is there, and is no git repository.", "Mend it, or move it away.")
    made = [each for each in (folder, *folder.parents) if not each.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        git.Repo.init(folder, initial_branch=BRANCH).close()
        yield
    except BaseException as problem:
        shutil.rmtree(folder / ".git", ignore_errors=True)
        for each in made:
            shutil.rmtree(each, ignore_errors=True)
        if isinstance(problem, GitCommandError):
            raise GitError("Git refused to make a repository.", f"Run `git init {folder}` to see why.") from problem
        raise
