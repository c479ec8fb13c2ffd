"""What differs between two texts, line by line."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine.line_diff import unified

LINES = st.lists(st.sampled_from(["a", "b", "c", "};", "", "one", "two", "three"]), max_size=25)


def patched(before: Sequence[str], diff: Sequence[str]) -> list[str]:
    """The text that comes of applying a unified diff, every line of which has to fit."""
    out: list[str] = []
    at = 0
    for line in diff[2:]:
        if head := re.fullmatch(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@", line):
            start = int(head[1]) - (head[2] != "0")
            out += before[at:start]
            at = start
            assert len(out) == int(head[3]) - (head[4] != "0")
        elif line[:1] in (" ", "-"):
            assert before[at] == line[1:]
            at += 1
        if line[:1] in (" ", "+"):
            out.append(line[1:])
    return out + list(before[at:])


@given(LINES, LINES)
def test_the_diff_makes_the_one_text_of_the_other(before: list[str], after: list[str]) -> None:
    assert patched(before, unified(before, after, "live", "git")) == after


@given(LINES)
def test_nothing_differs_from_itself(lines: list[str]) -> None:
    assert unified(lines, lines, "live", "git") == ()


def test_one_change_among_lines_that_are_all_alike_is_one_change() -> None:
    before = [""] * 50_000
    assert unified(before, ["a", *before[1:]], "live", "git", 0)[2:] == ("@@ -1 +1 @@", "-", "+a")


def test_a_line_that_is_added_stands_where_it_was_added() -> None:
    before = ["function one() {", "  work();", "}", "", "function two() {", "  work();", "}"]
    after = [*before[:4], "function between() {", "  work();", "}", "", *before[4:]]
    assert unified(before, after, "live", "git", 1) == (
        "--- live",
        "+++ git",
        "@@ -4,2 +4,6 @@",
        " ",
        "+function between() {",
        "+  work();",
        "+}",
        "+",
        " function two() {",
    )


@pytest.mark.parametrize("every", [2, 3, 20])
def test_many_changes_in_a_large_text_take_no_time_to_speak_of(every: int) -> None:
    before = [f"  console.log('line {at} of what runs');" for at in range(3_000)]
    after = [line.replace("line", "changed") if at % every == 0 else line for at, line in enumerate(before)]
    began = time.process_time()
    diff = unified(before, after, "live", "git")
    assert time.process_time() - began < 0.2
    assert sum(line.startswith("+ ") for line in diff) == len(range(0, 3_000, every))
