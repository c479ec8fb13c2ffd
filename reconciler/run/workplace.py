"""Where a command works: the repository, its state folder, and what the process was started with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from reconciler.desired.repository import Repository
from reconciler.desired.secrets import Learn, nobody_learns
from reconciler.desired.sops import Sops, binary
from reconciler.desired.tree import Tree
from reconciler.errors import GitError
from reconciler.npm import Npm, node_executable
from reconciler.settings import Settings, now

DEFAULT_TENANT = "local"
STATE_FOLDER = ".reconciler"


@dataclass(frozen=True)
class Workplace:
    """An open repository with everything its use cases need. `state` is made when something is first kept. `learn`
    hears of every secret value, by its name, as soon as it is known here."""

    settings: Settings
    repository: Repository
    clock: Callable[[], datetime]
    learn: Learn = nobody_learns

    @property
    def state(self) -> Path:
        """The folder of everything that can be made again: tenants, packages. Not for git."""
        return self.settings.state or self.repository.folder / STATE_FOLDER

    def tenant_folder(self, name: str) -> Path:
        """Where the embedded tenant of that name lives."""
        return self.state / "tenants" / name

    def tenant_name(self, option: str | None) -> str:
        """The tenant that is meant: the option, else the environment's, else `local`."""
        return option or self.settings.tenant or DEFAULT_TENANT

    def made_state(self) -> Path:
        """The state folder, made if missing, with a .gitignore of its own so that it cannot be committed."""
        self.state.mkdir(parents=True, exist_ok=True)
        ignore = self.state / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")
        return self.state

    @cached_property
    def npm(self) -> Npm:
        """npm as it ships with the package, with one store of packages for all actions."""
        return Npm(node=node_executable(), store=self.made_state() / "packages", environ=self.settings.environ)

    @property
    def sops(self) -> Sops:
        """sops as it ships with the package."""
        return Sops(binary(lambda: self.made_state() / "bin"), self.settings.environ, self.learn)

    def tree(self, revision: str | None) -> Tree:
        """The files of a commit, or those on disk. A worktree without changes is its commit."""
        if revision:
            return self.repository.tree(revision)
        return self.repository.worktree() if self.repository.dirty() else self.repository.tree(self.repository.head())

    def committed_tree(self, revision: str | None) -> Tree:
        """The files of a commit; the worktree's own only when nothing in it waits to be committed.

        Raises GitError naming what is not committed.
        """
        dirty = () if revision else self.repository.dirty()
        if dirty:
            named = ", ".join(dirty[:5]) + (f" and {len(dirty) - 5} more" if len(dirty) > 5 else "")
            raise GitError(
                f"Only a commit can be applied, and these files are not committed: {named}.",
                "Commit them, or name a commit with --rev.",
            )
        return self.repository.tree(revision or self.repository.head())


@contextmanager
def open_workplace(settings: Settings, *, new: bool = False) -> Iterator[Workplace]:
    """The workplace around the start folder; raises GitError where there is no repository, or its state is in git.

    With `new` the start folder itself is one where no reconciler.yaml is found: it is about to be written.
    """
    with Repository.open(settings.start, settings.environ, new=new) as repository:
        place = Workplace(settings=settings, repository=repository, clock=now)
        _require_own_state(place)
        yield place


def _require_own_state(place: Workplace) -> None:
    """Raises GitError where state came with the repository: a pull request would say what is known of its own code."""
    if place.state.exists() and place.repository.tracked(place.state):
        raise GitError(
            f"{place.state.name} is in git: what it holds is made here, and believed.",
            f"Run `git rm -r --cached {place.state.name}`, and commit.",
        )
