"""What git tells of commits: which are here, which came before, which touch a path."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

from reconciler.desired.repository import Repository
from tests.desired.conftest import Builder

Open = Callable[[Path], Repository]
NOWHERE = "d" * 40


def three(builder: Builder) -> tuple[str, str, str]:
    """Three commits in a folder of a larger repository; the second touches what does not matter here."""
    builder.put("identity/reconciler.yaml", "name: a\n").put("identity/actions/grüß dich/code.js", "1")
    first = builder.commit()
    second = builder.put("elsewhere.txt", "x").commit()
    third = builder.put("identity/actions/grüß dich/code.js", "2").put("identity/flows/x.yaml", "x").commit()
    return first, second, third


def test_commits_that_are_here_and_that_came_before(builder: Builder, opened: Open) -> None:
    first, second, third = three(builder)
    repository = opened(builder.folder / "identity")
    assert repository.known([first, NOWHERE, third]) == {first, third}
    assert repository.past(second, [first, second, third, NOWHERE]) == {first, second}
    assert (repository.known([]), repository.past(first, [NOWHERE])) == (frozenset(), frozenset())


def test_commits_that_touch_a_path_are_told_with_all_they_touch_of_the_folder(builder: Builder, opened: Open) -> None:
    first, _, third = three(builder)
    repository = opened(builder.folder / "identity")
    assert repository.touching(["actions/grüß dich/"], first, [third]) == {
        third: {"actions/grüß dich/code.js", "flows/x.yaml"}
    }
    assert repository.touching(["modules/"], first, [third]) == {}


def test_commits_come_newest_first_and_merges_not_at_all(builder: Builder, opened: Open) -> None:
    first, *_ = three(builder)
    builder.git("switch", "--quiet", "-c", "branch", first)
    side = builder.put("identity/actions/side/code.js", "1").commit("side")
    builder.git("switch", "--quiet", "main")
    builder.git("merge", "--quiet", "--no-edit", "branch")
    last = builder.put("identity/actions/side/code.js", "2").commit("last")
    repository = opened(builder.folder / "identity")
    assert list(repository.touching(["actions/side/"], first, [last])) == [last, side]


def test_a_shallow_clone_is_told(builder: Builder, opened: Open, tmp_path: Path) -> None:
    *_, third = three(builder)
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--depth", "1", builder.folder.as_uri(), str(clone)], check=True)
    assert opened(clone / "identity").shallow()
    assert not opened(builder.folder / "identity").shallow()
    assert opened(clone / "identity").known([third]) == {third}
