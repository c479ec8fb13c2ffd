"""The plan of each case, in every form, is what was reviewed. `python -m tests.golden.rendered` writes them anew."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.golden.rendered import CASES, rendered


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_plan_is_what_was_reviewed(case: Path) -> None:
    assert {name: (case / name).read_text(encoding="utf-8") for name in rendered(case)} == rendered(case)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_no_code_breaks_out_of_its_fence(case: Path) -> None:
    fence = ""
    for line in rendered(case)["plan.md"].splitlines():
        marks = re.match(r"`{3,}", line)
        if fence and line == fence:
            fence = ""
        elif not fence and marks:
            fence = marks[0]
        elif not fence:
            assert "<script" not in line
    assert fence == ""
