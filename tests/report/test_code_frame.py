"""Code around a place."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reconciler.report.code_frame import WIDEST, code_frame

CODE = "one\n  two();\nthree\nfour\n"


def frame(text: str, line: int, column: int = 0) -> list[str]:
    return list(code_frame(text, line, column))


def test_a_line_stands_between_its_neighbours_with_a_caret_below_the_column() -> None:
    assert frame(CODE, 2, 3) == ["  1 | one", "> 2 |   two();", "    |   ^", "  3 | three"]


def test_the_first_and_the_last_line_have_one_neighbour() -> None:
    assert frame(CODE, 1) == ["> 1 | one", "  2 |   two();"]
    assert frame(CODE, 4, 1) == ["  3 | three", "> 4 | four", "    | ^"]


def test_numbers_stand_below_each_other() -> None:
    assert frame("x\n" * 12, 10)[0] == "   9 | x"


def test_a_line_that_is_not_there_shows_nothing() -> None:
    assert frame(CODE, 0) == frame(CODE, 5) == frame("", 1) == []


def test_a_line_that_is_too_long_is_cut_around_the_column() -> None:
    text = "a" * 500 + "X" + "b" * 500
    _, caret = shown = frame(text, 1, 501)
    assert max(map(len, shown)) <= WIDEST + 10
    assert shown[0][caret.index("^")] == "X"


def test_tabs_and_what_steers_a_terminal_do_not_move_the_caret() -> None:
    assert frame("\tgo();", 1, 2) == ["> 1 |  go();", "    |  ^"]
    assert "\x1b" not in "".join(frame("\x1b[2J()", 1, 1))


@given(st.text(max_size=300), st.integers(-1, 30), st.integers(0, 400))
def test_any_place_in_any_text_can_be_shown(text: str, line: int, column: int) -> None:
    assert len(frame(text, line, column)) <= 4
