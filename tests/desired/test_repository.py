from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.desired.repository import Repository
from reconciler.desired.tree import Worktree
from reconciler.errors import GitError, InvalidInput
from tests.desired.conftest import Builder

Open = Callable[[Path], Repository]


def test_the_folder_is_found_from_below(good: Builder, opened: Open) -> None:
    assert opened(good.folder / "actions/notify-slack").folder == good.folder.resolve()


def test_the_folder_may_be_a_part_of_a_git_repository(builder: Builder, opened: Open) -> None:
    builder.put("identity/reconciler.yaml", "name: a\n").put("identity/flows/x.yaml", "x").put("other.txt", "x")
    commit = builder.commit()
    tree = opened(builder.folder / "identity").tree("HEAD")
    assert (tree.commit, tree.paths) == (commit, ("flows/x.yaml", "reconciler.yaml"))
    assert tree.load("reconciler.yaml") == b"name: a\n"


def test_without_reconciler_yaml_the_way_out_is_told(builder: Builder) -> None:
    with pytest.raises(GitError, match=r"no reconciler\.yaml") as caught:
        Repository.open(builder.folder, os.environ)
    assert "reconciler init" in caught.value.remedy


def test_without_git_the_way_out_is_told(tmp_path: Path) -> None:
    (tmp_path / "reconciler.yaml").write_text("name: a\n")
    with pytest.raises(GitError, match="not in a git repository") as caught:
        Repository.open(tmp_path, os.environ)
    assert "git init" in caught.value.remedy


def test_before_the_first_commit_there_is_no_head(builder: Builder, opened: Open) -> None:
    builder.put("reconciler.yaml", "name: a\n")
    repository = opened(builder.folder)
    with pytest.raises(GitError, match="no commit yet"):
        repository.head()
    with pytest.raises(GitError, match="'HEAD'"):
        repository.tree("HEAD")


@pytest.mark.parametrize(
    "revision", ["nope", "", "--all", "HEAD~99", "0" * 40, "HEAD:reconciler.yaml", "v1..v2", "a b"]
)
def test_an_unknown_revision_is_named(good: Builder, opened: Open, revision: str) -> None:
    with pytest.raises(GitError, match="revision") as caught:
        opened(good.folder).resolve(revision)
    assert f"'{revision}'" in caught.value.message


@pytest.mark.parametrize("revision", ["HEAD", "main", "v1", "@", "HEAD^{/Put}"])
def test_a_revision_is_resolved_to_its_commit(good: Builder, opened: Open, revision: str) -> None:
    good.git("tag", "-a", "v1", "-m", "First")
    repository = opened(good.folder)
    assert repository.resolve(revision) == repository.head() == good.git("rev-parse", "HEAD")


def test_a_commit_gives_the_same_files_as_a_clean_worktree(good: Builder, opened: Open) -> None:
    repository = opened(good.folder)
    tree, worktree = repository.tree("HEAD"), repository.worktree()
    tracked = set(worktree.paths)
    assert tracked == set(tree.paths)
    assert all(tree.load(path) == worktree.load(path) for path in tree.paths)


def test_an_older_commit_is_read_without_a_checkout(good: Builder, opened: Open) -> None:
    first = good.git("rev-parse", "HEAD")
    good.put("actions/enrich-token/code.js", "// new\n").commit("Change the code")
    repository = opened(good.folder)
    assert b"setCustomClaim" in repository.tree(first).load("actions/enrich-token/code.js")
    assert repository.tree("HEAD").load("actions/enrich-token/code.js") == b"// new\n"
    assert (repository.subject("HEAD"), repository.subject(first)) == ("Change the code", "Put the actions under git")


def test_a_commit_of_another_repository_has_no_subject(good: Builder, opened: Open) -> None:
    assert opened(good.folder).subject("1" * 40) == ""


def test_dirty_are_changed_files_and_new_files_that_matter(good: Builder, opened: Open) -> None:
    good.put("README.md", "x").commit()
    repository = opened(good.folder)
    assert repository.dirty() == ()
    good.put("README.md", "y").put("notes.txt", "x").put("actions/new one/action.yaml", "x").put("flows/é.yaml", "x")
    (good.folder / "tenants/local.yaml").unlink()
    assert repository.dirty() == ("README.md", "actions/new one/action.yaml", "flows/é.yaml", "tenants/local.yaml")


def test_what_is_dirty_outside_the_folder_does_not_matter(builder: Builder, opened: Open) -> None:
    builder.put("identity/reconciler.yaml", "name: a\n").put("other.txt", "x").commit()
    builder.put("other.txt", "y").put("identity/reconciler.yaml", "name: b\n")
    assert opened(builder.folder / "identity").dirty() == ("reconciler.yaml",)


def test_links_and_what_is_not_the_users_are_no_files(good: Builder, opened: Open, tmp_path: Path) -> None:
    (tmp_path / "outside.js").write_text("x")
    (good.folder / "actions/enrich-token/link.js").symlink_to(tmp_path / "outside.js")
    good.put("actions/enrich-token/node_modules/x/index.js", "x").put(".reconciler/state.json", "{}")
    worktree = Worktree(good.folder)
    assert not {path for path in worktree.paths if "link" in path or "node_modules" in path or "state" in path}
    good.commit()
    assert "actions/enrich-token/link.js" not in opened(good.folder).tree("HEAD").paths


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as caught:
        Worktree(tmp_path).load("gone.yaml")
    assert str(caught.value.diagnostics[0]) == "gone.yaml: the file cannot be read: No such file or directory."


def test_a_commit_without_the_folder_says_so(builder: Builder, opened: Open) -> None:
    first = builder.put("other.txt", "x").commit()
    builder.put("identity/reconciler.yaml", "name: a\n").commit()
    with pytest.raises(GitError, match="does not hold the folder"):
        opened(builder.folder / "identity").tree(first)


def test_what_git_ignores_or_never_sees_can_hold_a_key(good: Builder, opened: Open, tmp_path: Path) -> None:
    good.put(".gitignore", "*.age\n").commit()
    repository = opened(good.folder)
    assert repository.ignored(good.folder / "key.age")
    assert repository.ignored(tmp_path / "outside.txt")
    assert not repository.ignored(good.folder / "key.txt")
    assert repository.tracked(good.folder / "reconciler.yaml")
    assert not repository.tracked(good.folder / "key.age")


def test_a_missing_git_is_told_in_one_sentence(good: Builder, tmp_path: Path) -> None:
    with pytest.raises(GitError) as caught:
        Repository.open(good.folder, {"PATH": str(tmp_path)})
    assert caught.value.message == "The git command was not found."


@pytest.fixture
def part(builder: Builder) -> Builder:
    """A repository in the folder identity/ of a git repository, with one commit."""
    builder.put("identity/reconciler.yaml", "name: a\n").commit()
    return builder


def test_a_linked_worktree_is_a_repository_of_its_own(part: Builder, opened: Open, tmp_path: Path) -> None:
    part.git("worktree", "add", "--quiet", str(tmp_path / "second"))
    repository = opened(tmp_path / "second/identity")
    assert (repository.root, repository.prefix) == ((tmp_path / "second").resolve(), "identity/")
    assert repository.tracked(repository.folder / "reconciler.yaml")


def test_a_submodule_is_a_repository_of_its_own(part: Builder, opened: Open, tmp_path: Path) -> None:
    outer = Builder(tmp_path / "outer")
    outer.folder.mkdir()
    outer.git("init", "--quiet")
    outer.git("-c", "protocol.file.allow=always", "submodule", "add", "--quiet", str(part.folder), "inner")
    repository = opened(outer.folder / "inner/identity")
    assert (repository.root, repository.prefix) == ((outer.folder / "inner").resolve(), "identity/")
    assert repository.head() == part.git("rev-parse", "HEAD")


def test_the_folder_counts_not_what_a_hook_says_of_its_own_repository(
    part: Builder, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", ".git")
    repository = opened(part.folder / "identity")
    assert (repository.root, repository.prefix) == (part.folder.resolve(), "identity/")
    assert repository.dirty() == ()


def test_a_bare_repository_has_no_files_to_work_on(tmp_path: Path) -> None:
    made = Builder(tmp_path)
    made.put("bare/reconciler.yaml", "name: a\n").git("init", "--quiet", "--bare", "bare")
    with pytest.raises(GitError, match="is in a bare git repository"):
        Repository.open(tmp_path / "bare", os.environ)


def test_a_git_file_that_leads_nowhere_is_no_repository(tmp_path: Path) -> None:
    Builder(tmp_path).put("reconciler.yaml", "name: a\n").put(".git", "gitdir: gone\n")
    with pytest.raises(GitError, match="is not in a git repository"):
        Repository.open(tmp_path, os.environ)


def test_a_blob_that_is_lost_is_told(good: Builder, opened: Open) -> None:
    tree = opened(good.folder).tree("HEAD")
    lost = good.git("rev-parse", "HEAD:reconciler.yaml")
    (good.folder / ".git/objects" / lost[:2] / lost[2:]).unlink()
    with pytest.raises(GitError, match="cannot be read"):
        tree.load("reconciler.yaml")
    assert tree.load("tenants/local.yaml")


def test_a_repository_of_another_user_is_told(good: Builder, opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    monkeypatch.setenv("HOME", str(good.folder.parent))
    repository = opened(good.folder)
    with pytest.raises(GitError, match="belongs to another user") as caught:
        repository.head()
    assert "safe.directory" in caught.value.remedy


def test_no_git_process_stays_behind(good: Builder) -> None:
    with Repository.open(good.folder, os.environ) as repository:
        tree = repository.tree("HEAD")
        tree.load("reconciler.yaml")
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
    if children.exists():
        names = [Path(f"/proc/{child}/comm").read_text() for child in children.read_text().split()]
        assert "git\n" not in names
