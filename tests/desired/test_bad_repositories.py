"""Each folder of bad/ is laid over good/ and holds one mistake; expected.txt is what is said of it, to the letter.

remove.txt names files of good/ that are taken away.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from reconciler.desired.checks.everything import problems
from reconciler.desired.load import load_repository
from reconciler.desired.tree import Worktree
from tests.desired.conftest import GOOD, HERE

CASES = sorted((HERE / "bad").iterdir())


def said_of(case: Path, folder: Path) -> str:
    """Every diagnostic of the repository that a case makes, one a line."""
    shutil.copytree(GOOD, folder)
    shutil.copytree(case, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("expected.txt", "remove.txt"))
    removed = case / "remove.txt"
    for path in removed.read_text().split() if removed.exists() else ():
        (folder / path).unlink()
    return "".join(f"{problem}\n" for problem in problems(load_repository(Worktree(folder))))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_mistake_is_named_with_its_place(case: Path, tmp_path: Path) -> None:
    assert said_of(case, tmp_path / "work") == (case / "expected.txt").read_text()


def test_every_case_is_a_mistake_of_its_own() -> None:
    assert len(CASES) == len({(case / "expected.txt").read_text() for case in CASES})
    assert all((case / "expected.txt").read_text() for case in CASES)


def test_the_good_repository_has_no_problem() -> None:
    assert problems(load_repository(Worktree(GOOD))) == ()
