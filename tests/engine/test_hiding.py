"""Secret values are taken out of whatever leaves, however they stand there."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from html import escape
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reconciler.engine.hiding import MASK, SHORTEST_VALUE, forms_of, masked
from reconciler.report.fences import escaped, prose, quiet, span

VALUE = "s3cr3t/value+x"
FORMS = forms_of({"TOKEN": VALUE})
PEM = "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcw\nshort\n-----END KEY-----"


@pytest.mark.parametrize(
    "form",
    [
        VALUE,
        quote(VALUE, safe=""),
        base64.b64encode(VALUE.encode()).decode(),
        base64.urlsafe_b64encode(VALUE.encode()).decode(),
        VALUE.encode().hex(),
        VALUE.encode().hex().upper(),
    ],
)
def test_a_value_is_masked_in_every_form(form: str) -> None:
    assert masked(f"before {form} after", FORMS) == (
        f"before {MASK}{'=' * (len(form) - len(form.rstrip('=')))} after",
        frozenset({"TOKEN"}),
    )


def test_a_value_in_the_middle_of_a_longer_base64_text_is_masked() -> None:
    for shift in range(3):
        text = base64.b64encode(b"x" * shift + VALUE.encode() + b"yy").decode()
        shown, found = masked(text, FORMS)
        assert (MASK in shown, found) == (True, frozenset({"TOKEN"}))


def test_a_text_without_it_stays_the_very_same() -> None:
    text = "nothing <!-- --> of &amp; value \\*"
    assert masked(text, FORMS) == (text, frozenset())


def test_a_line_of_a_key_gives_it_away() -> None:
    shown, found = masked("+MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcw\n+short", forms_of({"KEY": PEM}))
    assert (shown, found) == (f"+{MASK}\n+short", frozenset({"KEY"}))


def test_a_short_value_is_not_looked_for() -> None:
    assert masked("abcde", forms_of({"PIN": "abcde"})) == ("abcde", frozenset())


def test_the_longer_of_two_values_is_masked_whole() -> None:
    shown, _ = masked("abcdefgh", forms_of({"SHORT": "abcdef", "LONG": "abcdefgh"}))
    assert shown == MASK


def test_what_stands_around_markup_stays() -> None:
    shown, found = masked("a \\*&lt;<span>$</span>pass<!-- -->word b", forms_of({"P": "<$password"}))
    assert (shown, found) == (f"a \\*{MASK} b", frozenset({"P"}))


SECRETS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=SHORTEST_VALUE, max_size=30)
WAYS: list[Callable[[str], str]] = [
    str,
    escape,
    escaped,
    quiet,
    span,
    prose,
    json.dumps,
    lambda text: quote(text, safe=""),
]


@example(secret='00\\"00', way=escape, before="")
@given(secret=SECRETS, way=st.sampled_from(WAYS), before=st.sampled_from(["", "see ", "@x:"]))
def test_no_way_of_writing_it_lets_a_value_through(secret: str, way: Callable[[str], str], before: str) -> None:
    shown, found = masked(way(f"{before} {secret} end"), forms_of({"S": secret}))
    assert secret not in shown
    assert found == frozenset({"S"})
