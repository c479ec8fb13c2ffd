"""The provenance line comes off exactly as it went on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine import normalize, trailer
from reconciler.model.provenance import Provenance

provenances = st.builds(
    Provenance,
    v=st.just(1),
    commit=st.text("0123456789abcdef", min_size=40, max_size=40),
    repo=st.text(max_size=20),
    path=st.text(max_size=20),
    number=st.integers(1, 50),
    digest=st.just("sha256:" + "0" * 64),
    secrets=st.dictionaries(st.text(max_size=5), st.text("0123456789abcdef", min_size=16, max_size=16), max_size=3),
)


@given(st.text(), provenances)
def test_what_was_signed_splits_into_the_same_code_and_provenance(code: str, provenance: Provenance) -> None:
    assert trailer.split(trailer.signed(code, provenance)) == (normalize.text(code), provenance)


@given(provenances)
def test_the_line_is_one_line_of_ascii(provenance: Provenance) -> None:
    line = trailer.signed("x", provenance).removeprefix("x\n")
    assert line.isascii()
    assert "\n" not in line


def test_a_mark_that_cannot_be_read_stays_in_the_code() -> None:
    code = 'x\n// @reconciler {"v":2}\n'
    assert trailer.split(code) == (code, None)


def test_code_without_a_line_has_no_provenance() -> None:
    assert trailer.split("x") == ("x\n", None)


@given(st.text(alphabet="a\r\n "))
def test_canonical_text_is_canonical(code: str) -> None:
    assert normalize.text(normalize.text(code)) == normalize.text(code)


@given(st.text(alphabet="a\r\n", max_size=8), provenances)
def test_what_was_signed_stays_what_it_is_when_read_back(code: str, provenance: Provenance) -> None:
    once, _ = trailer.split(trailer.signed(code, provenance))
    assert trailer.split(trailer.signed(once, provenance)) == (once, provenance)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_somebody_wrote_below_the_line_is_code_and_the_line_still_ours(end: str) -> None:
    made = Provenance(commit="a" * 40, repo="acme", path="actions/a", number=3, digest="sha256:" + "b" * 64)
    edited = trailer.signed("first();\n", made).replace("\n", end) + f"{end}// hotfix{end}"
    assert trailer.split(edited) == ("first();\n// hotfix\n", made)
