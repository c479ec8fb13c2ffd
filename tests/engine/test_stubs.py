"""Stubs answer the requests that they are for, and no others."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine.outgoing import stub_mismatches
from reconciler.engine.stubs import Stubs
from reconciler.engine.url_patterns import is_url, normal, url_pattern
from reconciler.model.case import Stub
from reconciler.model.execution import Request

URLS = st.from_regex(r"https://h(/[ab]?){0,2}(\?[ab]=[ab*]?(&[ab]=[ab]){0,2})?", fullmatch=True)
PATTERNS = st.from_regex(r"https://h(/([ab]|\*\*?)?){0,2}(\?([ab]=[ab*]?|\*\*)(&[ab]=[ab*]){0,2})?", fullmatch=True)
METHODS = st.sampled_from(["GET", "POST", "*"])


def stub(request: str, *bodies: str, **fields: Any) -> Stub:
    """A stub whose replies have those bodies."""
    return Stub.model_validate({"request": request, "replies": [{"body": body} for body in bodies], **fields})


def request(method: str, url: str, body: str = "", **headers: str) -> Request:
    return Request(method=method, url=url, body=body, headers={key.replace("_", "-"): headers[key] for key in headers})


def answers(stubs: Stubs, *requests: Request) -> list[Any]:
    """The body of each answer, None where there is none."""
    given = []
    for each in requests:
        stubs, _, reply = stubs.answered(each)
        given.append(reply.body if reply else None)
    return given


@given(st.lists(st.tuples(METHODS, PATTERNS), max_size=4), st.lists(st.tuples(METHODS, URLS), max_size=6))
def test_no_stub_answers_what_does_not_fit_it(given_stubs: list[tuple[str, str]], asked: list[tuple[str, str]]) -> None:
    stubs = Stubs(tuple(Stub(request=f"{method} {url}") for method, url in given_stubs))
    for method, url in asked:
        one = Request(method="GET" if method == "*" else method, url=url)
        before, (stubs, at, reply) = stubs, stubs.answered(one)
        fitting = [nr for nr, each in enumerate(stubs.stubs) if not list(stub_mismatches(each, one))]
        assert (at is None) == (reply is None) == (not fitting)
        assert at is None or (at in fitting and Counter(stubs.given) - Counter(before.given) == Counter([at]))


@given(URLS)
def test_a_url_fits_itself(url: str) -> None:
    assert url_pattern(url).fits(url, any_query=False)
    assert normal(normal(url)) == normal(url)


FITTING = [
    ("https://H.example", "https://h.example/"),
    ("https://h:443/a/../b", "https://h/b"),
    ("https://h/ü x", "https://h/%C3%BC%20x"),
    ("https://h/x#top", "https://h/x"),
    ("https://h/x", "https://h/x?page=2"),
    ("https://h/x?a=1&b=2", "https://h/x?b=2&a=1"),
    ("https://h/x?a=1&a=2", "https://h/x?a=2&a=1"),
    ("https://h/x?q=a b", "https://h/x?q=a+b"),
    ("https://h/x?q=*&page=1", "https://h/x?page=1&q=any/thing"),
    ("https://h/x?a=*&a=1", "https://h/x?a=1&a=2"),
    ("https://h/x?a=1&**", "https://h/x?b=3&a=1"),
    ("https://h/x?", "https://h/x"),
    ("https://h/users/*", "https://h/users/7?full=1"),
    ("https://h/users/*/roles", "https://h/users/auth0%7C7/roles"),
    ("https://h/**", "https://h/"),
    ("https://h/**", "https://h/a/b?c=d"),
    ("https://*.h.example/x", "https://eu.h.example/x"),
    ("https://**", "https://any.example/where?x"),
    ("http://localhost:*/x", "http://localhost:8080/x"),
]


@pytest.mark.parametrize(("pattern", "url"), FITTING)
def test_a_pattern_fits(pattern: str, url: str) -> None:
    assert url_pattern(pattern).fits(url, any_query=True)


OTHERS = [
    ("https://h/x", "http://h/x"),
    ("https://h/x", "https://h/x/"),
    ("https://h/x", "https://h/xy"),
    ("https://h.example/", "https://h-example/"),
    ("https://h/x?", "https://h/x?a=1"),
    ("https://h/x?a=1", "https://h/x"),
    ("https://h/x?a=1", "https://h/x?a=1&a=1"),
    ("https://h/x?a=1&a=1", "https://h/x?a=1"),
    ("https://h/users/*", "https://h/users/7/roles"),
    ("https://h/*", "https://h.evil/x"),
    ("https://*.h.example/", "https://h.example/"),
    ("https://*.h.example/", "https://evil.example/.h.example/"),
]


@pytest.mark.parametrize(("pattern", "url"), OTHERS)
def test_a_pattern_does_not_fit(pattern: str, url: str) -> None:
    assert not url_pattern(pattern).fits(url, any_query=True)


def test_the_first_stub_that_fits_answers() -> None:
    stubs = Stubs((stub("GET https://h/a", "one"), stub("* https://h/**", "any"), stub("GET https://h/b", "never")))
    asked = [request("GET", "https://h/b"), request("GET", "https://h/a"), request("GET", "https://h/a")]
    assert answers(stubs, *asked) == ["any", "one", "one"]


def test_replies_come_one_after_the_other_and_the_last_one_goes_on() -> None:
    stubs = Stubs((stub("GET https://h/", "one", "two"),))
    assert answers(stubs, *[request("GET", "https://h/")] * 4) == ["one", "two", "two", "two"]


def test_equal_stubs_are_used_in_turn_and_the_last_one_goes_on() -> None:
    stubs = Stubs((stub("GET https://h/", "one", "two"), stub("GET https://g/", "x"), stub("GET https://h/", "three")))
    assert answers(stubs, *[request("GET", "https://h/")] * 4) == ["one", "two", "three", "three"]


def test_stubs_are_told_apart_by_headers_and_body() -> None:
    stubs = Stubs(
        (
            stub("POST https://h/", "key", headers={"X-Key": {"$regex": "^k"}}),
            stub("POST https://h/", "json", json={"grant": "code", "old": {"$absent": True}}),
            stub("POST https://h/", "form", body="grant=code"),
        )
    )
    asked = [
        request("POST", "https://h/", x_key="k1"),
        request("POST", "https://h/", '{"grant": "code", "more": 1}'),
        request("POST", "https://h/", '{"grant": "code", "old": 1}'),
        request("POST", "https://h/", "a=b&grant=code"),
        request("POST", "https://h/", x_key="1k"),
    ]
    assert answers(stubs, *asked) == ["key", "json", None, "form", None]


def test_a_stub_without_a_reply_answers_with_200_and_nothing() -> None:
    _, at, reply = Stubs((Stub(request="GET https://h/"),)).answered(request("GET", "https://h/"))
    assert at == 0
    assert reply is not None
    assert (reply.status, reply.body) == (200, "")


def test_a_request_that_no_stub_answers_uses_none() -> None:
    stubs, _, _ = Stubs((stub("GET https://h/a"), stub("GET https://h/b"))).answered(request("GET", "https://h/b"))
    assert stubs.given == {1: 1}
    assert stubs.answered(request("GET", "https://h/c")) == (stubs, None, None)


@pytest.mark.parametrize(
    "text", ["https://h", "http://localhost:*/x", "https://*.h/", "https://10.*.0.1/", "https://**"]
)
def test_is_a_url(text: str) -> None:
    assert is_url(text)


@pytest.mark.parametrize("text", ["https://", "https://exa^mple/", "https://h:99999/", "ftp://h/", "h"])
def test_is_no_url(text: str) -> None:
    assert not is_url(text)
