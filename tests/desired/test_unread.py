"""What is no file of the repository is never left out in silence: a plan would delete what stands there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.desired.load import load_repository
from reconciler.desired.repository import Repository
from reconciler.desired.tree import Worktree
from reconciler.errors import GitError, InvalidInput
from tests.desired.conftest import Builder

Open = Callable[[Path], Repository]

PLACES = [
    "actions",
    "actions/enrich-token",
    "actions/enrich-token/action.yaml",
    "actions/notify-slack/cases.yaml",
    "flows",
    "flows/post-login.yaml",
    "tenants",
    "tenants/prod.yaml",
]


def told(good: Builder, opened: Open) -> list[str]:
    """What is said of files that are not read: the same of the worktree and of its commit."""
    on_disk = load_repository(Worktree(good.folder)).diagnostics
    good.commit()
    assert load_repository(opened(good.folder).tree("HEAD")).diagnostics == on_disk
    return [str(problem.span) for problem in on_disk if "is not read" in problem.message]


@pytest.mark.parametrize("path", PLACES)
def test_a_link_in_the_place_of_what_is_read_is_told(good: Builder, opened: Open, path: str) -> None:
    (good.folder / path).rename(good.folder / "elsewhere")
    (good.folder / path).symlink_to(good.folder / "elsewhere")
    assert told(good, opened) == [path]


def test_a_git_repository_in_the_place_of_an_action_is_told(good: Builder, opened: Open) -> None:
    inner = Builder(good.folder / "actions/enrich-token")
    inner.git("init", "--quiet")
    inner.commit()
    good.git("rm", "-r", "--quiet", "--cached", "actions/enrich-token")
    assert told(good, opened) == ["actions/enrich-token"]
    assert not [path for path in Worktree(good.folder).paths if "enrich-token" in path]


def test_links_that_nobody_reads_are_in_nobodys_way(good: Builder, opened: Open) -> None:
    for path in ("actions/README.md", "actions/enrich-token/helper.js", "docs", "flows/README.md", "node_modules"):
        (good.folder / path).symlink_to(good.folder / "nowhere")
    assert told(good, opened) == []


def test_a_folder_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as caught:
        Worktree(tmp_path / "gone").paths  # noqa: B018
    assert str(caught.value.diagnostics[0]) == ".: the folder cannot be read: No such file or directory."


def test_what_leads_from_a_linked_worktree_to_its_repository_is_no_file(good: Builder, tmp_path: Path) -> None:
    good.git("worktree", "add", "--quiet", str(tmp_path / "second"))
    assert Worktree(tmp_path / "second").paths == Worktree(good.folder).paths


def test_a_repository_with_longer_names_of_commits_is_told(good: Builder, tmp_path: Path) -> None:
    longer = Builder(Path(shutil.copytree(good.folder, tmp_path / "longer", ignore=shutil.ignore_patterns(".git"))))
    longer.git("init", "--quiet", "--object-format=sha256")
    longer.commit()
    with Repository.open(longer.folder, os.environ) as repository, pytest.raises(GitError, match="SHA-256"):
        repository.head()
