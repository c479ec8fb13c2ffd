"""Whether a commit is on the branch that a tenant is applied from, in the clones that people and pipelines have."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.desired.repository import Repository
from reconciler.model.standing import Standing
from tests.desired.conftest import Builder

Open = Callable[[Path], Repository]


@pytest.fixture
def history(good: Builder) -> Builder:
    """main has two commits; topic is one further than the first."""
    good.git("branch", "-M", "main")
    good.git("checkout", "-q", "-b", "topic")
    good.put("actions/new.txt", "topic").commit()
    good.git("checkout", "-q", "main")
    good.put("actions/other.txt", "main").commit()
    return good


def cloned(history: Builder, into: Path, *words: str) -> Path:
    url = history.folder.resolve().as_uri()
    subprocess.run(["git", "clone", "-q", *words, url, str(into)], check=True, capture_output=True)
    return into


@pytest.mark.parametrize(("revision", "on"), [("main", True), ("main~1", True), ("topic", False)])
def test_the_head_of_the_branch_and_what_came_before_are_on_it(
    history: Builder, opened: Open, revision: str, on: bool
) -> None:
    repository = opened(history.folder)
    standing = repository.standing(repository.resolve(revision), "main")
    assert standing == Standing(branch="main", ref="main", on=on)


def test_the_remote_branch_counts_where_there_is_one(history: Builder, opened: Open, tmp_path: Path) -> None:
    clone = cloned(history, tmp_path / "clone")
    Builder(clone).put("actions/local.txt", "not pushed").commit()
    repository = opened(clone)
    assert repository.standing(repository.head(), "main") == Standing(branch="main", ref="origin/main")
    assert repository.standing(repository.resolve("HEAD~1"), "main").on


def test_a_branch_that_is_nowhere_is_unknown(history: Builder, opened: Open) -> None:
    repository = opened(history.folder)
    assert repository.standing(repository.head(), "release") == Standing(branch="release")


def test_a_tag_or_a_commit_is_no_branch(history: Builder, opened: Open) -> None:
    history.git("tag", "v1")
    repository = opened(history.folder)
    assert repository.standing(repository.head(), "v1") == Standing(branch="v1")
    assert repository.standing(repository.head(), repository.head()).ref == ""


def test_the_head_of_a_shallow_clone_is_on_its_branch(history: Builder, opened: Open, tmp_path: Path) -> None:
    repository = opened(cloned(history, tmp_path / "clone", "--depth", "1"))
    assert repository.standing(repository.head(), "main").on


def test_a_shallow_clone_that_cannot_tell_says_that_it_is_shallow(
    history: Builder, opened: Open, tmp_path: Path
) -> None:
    clone = cloned(history, tmp_path / "clone", "--depth", "1", "--no-single-branch")
    repository = opened(clone)
    standing = repository.standing(repository.resolve("origin/topic"), "main")
    assert (standing.on, standing.shallow) == (False, True)


def test_a_pipeline_that_fetched_one_pull_request_knows_no_branch(
    history: Builder, opened: Open, tmp_path: Path
) -> None:
    folder = tmp_path / "checkout"
    folder.mkdir()
    Builder(folder).git("init", "-q", "-b", "work")
    Builder(folder).git("fetch", "-q", "--depth", "1", history.folder.resolve().as_uri(), "topic")
    Builder(folder).git("checkout", "-q", "--detach", "FETCH_HEAD")
    repository = opened(folder)
    assert repository.standing(repository.head(), "main") == Standing(branch="main")
