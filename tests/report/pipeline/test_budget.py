"""A report fits into what GitHub takes, whatever is in it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.report.fences import prose
from reconciler.report.pipeline.block import Block, block
from reconciler.report.pipeline.budget import COMMENT_BYTES, Page, Remarks, render_page, whole_page, within
from tests.report.pipeline.plans import HOSTILE
from tests.report.pipeline.seen import seen

URL = "https://github.com/acme/identity/actions/runs/42"
MORE = f"The rest is in [the summary of this run]({URL})."
TEXTS = st.one_of(st.text(max_size=200), st.sampled_from(HOSTILE), st.text("`~ <>é𝄞", max_size=400))
BLOCKS = st.builds(block, TEXTS, st.lists(TEXTS, max_size=15), st.sampled_from(["diff", "text"]))
SENTENCES = st.lists(TEXTS.map(prose).filter(bool), min_size=1, max_size=20).map(tuple)
REMARKS = st.builds(Remarks, st.just("CAUTION"), SENTENCES)
PAGES = st.builds(
    Page,
    head=st.just("### Plan for `prod`"),
    remarks=st.lists(REMARKS, max_size=3).map(tuple),
    blocks=st.lists(BLOCKS, max_size=25).map(tuple),
    tail=st.just("Checksum: `abc`"),
)


def numbered(name: str, count: int, width: int = 60) -> Block:
    return block(f"~ update {name} (code)", [f"+{number:0{width}}" for number in range(count)])


def size_of(text: str) -> int:
    return len(text.encode())


@settings(max_examples=30, deadline=None)
@given(PAGES, st.integers(2_000, 70_000))
def test_any_report_fits_any_sane_budget_and_stays_balanced(page: Page, size: int) -> None:
    made = render_page(page, size, MORE)
    assert size_of(made) <= size
    shown = seen(made)
    assert not shown.unbalanced
    assert shown.names <= {"h3", "p", "code", "pre", "details", "summary", "ul", "li", "blockquote", "span", "a"}
    assert shown.links in ([], [URL])
    assert made.startswith(page.head) and made.endswith(page.tail)


@settings(max_examples=30, deadline=None)
@given(PAGES, st.integers(500, 20_000))
def test_a_report_that_was_rendered_before_is_cut_where_nothing_is_open(page: Page, size: int) -> None:
    made = within(whole_page(page) + "\n", size, MORE)
    assert size_of(made) <= size
    assert not seen(made).unbalanced


def test_a_report_that_fits_is_shown_whole() -> None:
    page = Page("### Plan", blocks=(numbered("greet", 10), numbered("guard", 10)), tail="Checksum: `abc`")
    assert render_page(page, COMMENT_BYTES, MORE) == whole_page(page)


def test_every_change_is_told_at_least_in_one_line() -> None:
    page = Page("### Plan", blocks=tuple(numbered(f"action-{at}", 3_000) for at in range(100)))
    made = render_page(page, COMMENT_BYTES, MORE)
    assert all(f"~ update action-{at} (code)" in made for at in range(100))
    assert made.endswith(MORE)


def test_where_not_even_the_lines_fit_the_rest_is_counted() -> None:
    page = Page("### Plan", blocks=tuple(numbered(f"action-{at}", 30) for at in range(1_000)))
    made = render_page(page, 4_096, MORE)
    listed = made.count("- `~ update")
    assert listed > 50
    assert f"- … and {1_000 - listed} more\n" in made


def test_as_many_whole_diffs_as_fit_are_shown() -> None:
    small = tuple(numbered(f"small-{at}", 5) for at in range(20))
    page = Page("### Plan", blocks=(numbered("huge", 100_000), *small))
    shown = seen(render_page(page, COMMENT_BYTES, MORE))
    assert sum(code.count("+") == 5 for code in shown.code) == 20


def test_a_diff_that_is_too_long_is_cut_at_a_line_and_says_how_many_are_left() -> None:
    made = render_page(Page("### Plan", blocks=(numbered("huge", 2_000),)), COMMENT_BYTES, MORE)
    lines = made.split("\n")
    (left,) = [re.fullmatch(r"… ([\d,]+) more lines", line) for line in lines if line.startswith("…")]
    assert left is not None
    shown = [line for line in lines if line.startswith("+")]
    assert len(shown) + int(left[1].replace(",", "")) == 2_000
    assert all(len(line) == 61 for line in shown)
    assert size_of(made) > COMMENT_BYTES - 200


def test_changes_that_are_all_too_long_share_the_room() -> None:
    made = render_page(Page("### Plan", blocks=tuple(numbered(f"big-{at}", 2_000) for at in range(4))), 60_000, MORE)
    counts = [code.count("\n+") for code in seen(made).code if "more lines" in code]
    assert len(counts) == 4 and max(counts) - min(counts) < 20


def test_a_line_that_alone_is_too_long_is_cut_within_it() -> None:
    minified = block("~ update greet (code)", ["--- live", "+++ git", "-" + "x" * 90_000, "+" + "é" * 90_000, "", ""])
    made = render_page(Page("### Plan", blocks=(minified,)), COMMENT_BYTES, MORE)
    assert "é" * 300 in made and "more characters" in made and "more line" not in made


def test_remarks_leave_room_for_the_changes() -> None:
    remarks = Remarks("CAUTION", tuple(f"Refused by **token**: {at} {'x' * 200}" for at in range(1_000)))
    made = render_page(Page("### Plan", (remarks,), (numbered("greet", 10),)), COMMENT_BYTES, MORE)
    assert re.search(r"> - … and \d+ more\n", made)
    assert "+" + "0" * 59 + "9" in made


def test_lines_are_never_cut_within_a_character() -> None:
    wide = replace(numbered("greet", 0), lines=tuple("𝄞" * 399 for _ in range(500)))
    made = render_page(Page("### Plan", blocks=(wide,)), 10_000, MORE)
    assert made.encode().decode() == made and 5_000 < size_of(made) <= 10_000


@pytest.mark.parametrize("kind", ["diff", "text"])
def test_what_is_left_out_stands_nowhere_unless_something_is(kind: str) -> None:
    page = Page("### Plan", blocks=(block("~ bind post-login", ["before", "after"], kind),))
    assert MORE not in render_page(page, COMMENT_BYTES, MORE)
