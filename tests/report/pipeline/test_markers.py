"""The hidden line by which a comment is found again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.report.pipeline.budget import COMMENT_BYTES
from reconciler.report.pipeline.markers import Marker, marker, parse_marker
from tests.report.pipeline.plans import HOSTILE
from tests.report.pipeline.seen import seen


@given(st.text(), st.text(), st.text(), st.text())
def test_a_marker_is_read_back_as_it_was_written(repo: str, tenant: str, checksum: str, head: str) -> None:
    line = marker(repo, tenant, checksum, head)
    assert "\n" not in line and line.isascii()
    assert parse_marker(f"{line}\nwhat people see") == Marker(repo, tenant, checksum, head)


@pytest.mark.parametrize("text", [*HOSTILE, "a --> b", "--!><b>", "-", ">"])
def test_no_name_ends_the_comment_that_it_stands_in(text: str) -> None:
    shown = seen(f"{marker(text, text)}\nwhat people see")
    assert len(shown.comments) == 1 and shown.names == {"p"}
    assert "".join(shown.outside).strip() == "what people see"


def test_github_may_give_other_line_ends_back() -> None:
    assert parse_marker(f"{marker('acme', 'prod')}\r\nwhat people see") == Marker("acme", "prod")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "looks good to me",
        f"look:\n{marker('acme', 'prod')}",
        f" {marker('acme', 'prod')}",
        f"{marker('acme', 'prod')} and more",
        f"```\n{marker('acme', 'prod')}\n```",
        "<!-- reconciler {} -->",
        "<!-- reconciler {not json} -->",
        '<!-- reconciler {"checksum":1,"head":"","repo":"","tenant":""} -->',
        '<!-- reconciler {"checksum":' + "[" * 60_000 + "]" * 60_000 + "} -->",
    ],
)
def test_what_does_not_begin_with_a_marker_is_not_ours(body: str) -> None:
    assert parse_marker(body) is None


def test_a_comment_has_room_for_its_marker() -> None:
    longest = marker("identity/" * 15, "production-" * 5, "a" * 64, "b" * 40)
    assert len(longest) + 1 + COMMENT_BYTES <= 65_536
