"""Reading a git repository: whatever its settings and the environment say, it is only read, and it is this one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reconciler.desired.repository import Repository
from reconciler.errors import GitError
from tests.desired.conftest import Builder

Open = Callable[[Path], Repository]


@pytest.fixture
def told_of(tmp_path: Path) -> Iterator[Path]:
    """A program for git's settings to name; at the end nobody ran it."""
    ran, program = tmp_path / "ran", tmp_path / "program"
    program.write_text(f'#!/bin/sh\necho "$@" >> "{ran}"\n')
    program.chmod(0o755)
    yield program
    assert not ran.exists(), ran.read_text()


def everything(repository: Repository, since: str) -> tuple[object, ...]:
    """What reading asks git."""
    now = repository.head()
    return (
        repository.dirty(),
        repository.changed(since),
        repository.changed(since, now),
        repository.touching(["flows/post-login.yaml"], since, [now]),
        repository.subject(now),
        repository.line(since, now, 9),
        repository.past(now, [since]),
        repository.tree("HEAD").paths,
    )


@pytest.fixture
def grown(good: Builder) -> tuple[Builder, str]:
    """A repository with a signed commit on top, a change that is not committed, and a new file; its first commit."""
    first = good.git("rev-parse", "HEAD")
    good.put("flows/post-login.yaml", "other: 1\n").commit("Second")
    signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----"
    unsigned = good.git("cat-file", "commit", "HEAD")
    made = good.put("../signed", unsigned.replace("\n\n", f"\n{signature}\n\n", 1) + "\n")
    good.git("reset", "--quiet", made.git("hash-object", "-t", "commit", "-w", "../signed"))
    good.put("flows/post-login.yaml", "third: 1\n").put("actions/new/action.yaml", "x")
    return good, first


SETTINGS = [
    ("core.fsmonitor", ""),
    ("gpg.program", "log.showSignature"),
    ("diff.external", ""),
    ("diff.odd.command", ""),
    ("diff.odd.textconv", ""),
    ("core.pager", ""),
    ("core.editor", ""),
    ("core.sshCommand", ""),
]


@pytest.mark.parametrize(("setting", "switch"), SETTINGS, ids=[setting for setting, _ in SETTINGS])
def test_no_program_that_the_settings_name_is_run(
    grown: tuple[Builder, str], opened: Open, told_of: Path, setting: str, switch: str
) -> None:
    good, first = grown
    good.put(".gitattributes", "* diff=odd\n")
    before = everything(opened(good.folder), first)
    good.git("config", setting, str(told_of))
    if switch:
        good.git("config", switch, "true")
    assert everything(opened(good.folder), first) == before


def test_no_hook_is_run(grown: tuple[Builder, str], opened: Open, told_of: Path) -> None:
    good, first = grown
    hook = good.folder / ".git/hooks/post-index-change"
    hook.parent.mkdir(exist_ok=True)
    hook.symlink_to(told_of)
    os.utime(good.folder / "reconciler.yaml", (1, 1))
    everything(opened(good.folder), first)


def test_what_waits_to_be_committed_is_asked_without_a_write(good: Builder, opened: Open) -> None:
    os.utime(good.folder / "reconciler.yaml", (1, 1))
    index = (good.folder / ".git/index").read_bytes()
    assert opened(good.folder).dirty() == ()
    assert (good.folder / ".git/index").read_bytes() == index


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("log.follow", "true"),
        ("diff.orderFile", "nowhere"),
        ("diff.relative", "true"),
        ("color.ui", "always"),
        ("status.renames", "true"),
        ("status.showUntrackedFiles", "no"),
        ("log.decorate", "full"),
        ("format.pretty", "raw"),
    ],
)
def test_settings_of_how_things_are_shown_change_nothing(
    grown: tuple[Builder, str], opened: Open, setting: str, value: str
) -> None:
    good, first = grown
    before = everything(opened(good.folder), first)
    good.git("config", setting, value)
    assert everything(opened(good.folder), first) == before


@pytest.mark.parametrize(
    "name",
    ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY", "GIT_ICASE_PATHSPECS"],
)
def test_what_a_hook_of_another_repository_was_told_does_not_count(
    grown: tuple[Builder, str], opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    good, first = grown
    other = Builder(tmp_path / "other").put("reconciler.yaml", "name: other\n")
    other.git("init", "--quiet")
    other.commit()
    told = {
        "GIT_DIR": ".git",
        "GIT_COMMON_DIR": ".git",
        "GIT_INDEX_FILE": ".git/index",
        "GIT_OBJECT_DIRECTORY": ".git/objects",
        "GIT_ICASE_PATHSPECS": "../../1",
    }
    before = everything(opened(good.folder), first)
    monkeypatch.setenv(name, str(other.folder / told.get(name, "")))
    assert everything(opened(good.folder), first) == before


def test_a_commit_holds_what_it_held_though_git_was_told_to_replace_it(good: Builder, opened: Open) -> None:
    first = good.git("rev-parse", "HEAD")
    good.put("other.yaml", "name: another\n").commit()
    good.git("replace", f"{first}:reconciler.yaml", "HEAD:other.yaml")
    good.git("replace", "--graft", "HEAD")
    repository = opened(good.folder)
    assert b"another" not in repository.tree("HEAD").load("reconciler.yaml")
    assert repository.past(repository.head(), [first]) == {first}


ODD = ['a"b', "new\nline", "tab\t", "back\\slash", "\x01", "e\u0301", "-n", "[a-z]*", ":(top)", "caf\udce9"]


def test_names_of_files_are_told_as_they_are(good: Builder, opened: Open) -> None:
    first = good.git("rev-parse", "HEAD")
    names = {f"flows/{name}" for name in ODD}
    for name in names:
        good.put(name, "x")
    assert set(opened(good.folder).dirty()) == names
    commit = good.commit()
    repository = opened(good.folder)
    assert dict(repository.touching(["flows"], first, [commit])) == {commit: names}
    assert repository.changed(first, commit) == names
    tree, worktree = repository.tree("HEAD"), repository.worktree()
    assert tree.paths == worktree.paths
    assert {worktree.load(name) for name in names} == {tree.load(name) for name in names} == {b"x"}


def test_signs_in_the_name_of_a_folder_stand_for_themselves(builder: Builder) -> None:
    builder.put("[ab]/reconciler.yaml", "name: a\n").put("a/reconciler.yaml", "name: b\n")
    with Repository.open(builder.folder / "[ab]", os.environ) as repository:
        assert not repository.tracked(repository.folder / "reconciler.yaml")
        builder.git("add", "a")
        assert not repository.tracked(repository.folder / "reconciler.yaml")
        builder.put("[ab]/.gitignore", "*.age\n")
        assert repository.ignored(repository.folder / "key.age")


@pytest.mark.parametrize(("content", "mode"), [("no program", 0o755), ("no program", 0o644)])
def test_a_git_that_cannot_be_run_is_told(good: Builder, tmp_path: Path, content: str, mode: int) -> None:
    (tmp_path / "git").write_text(content)
    (tmp_path / "git").chmod(mode)
    with pytest.raises(GitError, match="git command cannot be run") as caught:
        Repository.open(good.folder, {"PATH": str(tmp_path)})
    assert "PATH" in caught.value.remedy


def test_of_what_git_says_the_reason_is_told_not_a_warning(good: Builder, tmp_path: Path) -> None:
    (tmp_path / "git").write_text("#!/bin/sh\necho 'warning: old' >&2\necho 'fatal: it broke' >&2\nexit 128\n")
    (tmp_path / "git").chmod(0o755)
    with pytest.raises(GitError, match="Git refused: fatal: it broke"):
        Repository.open(good.folder, {"PATH": f"{tmp_path}:{os.environ['PATH']}"})


def test_a_branch_without_a_commit_is_told_as_such(good: Builder, opened: Open) -> None:
    good.git("checkout", "--quiet", "--orphan", "new")
    with pytest.raises(GitError, match="checked out has no commit"):
        opened(good.folder).head()
