"""What a failed case shows: the difference line by line, and the place in the code."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine import cases
from reconciler.engine.judging.aligning import paired
from reconciler.engine.judging.difference import MOST_LINES, difference
from reconciler.engine.matchers import written
from reconciler.engine.matching import fits
from reconciler.model.case import Case, Failure
from reconciler.model.execution import Execution
from tests.engine.test_matching import JSON


def failures(expect: dict[str, Any], case: dict[str, Any] | None = None, **did: Any) -> tuple[Failure, ...]:
    """The failures of a case that expects this of a run that did that."""
    made = Case.model_validate({"name": "a case", "expect": expect, **(case or {})})
    execution = Execution.model_validate({"action": "greet", "handler": "onExecutePostLogin", **did})
    return cases.outcome(made, execution, action="greet").failures


def call(method: str, *args: Any, line: int = 0) -> dict[str, Any]:
    """A call that was made in that line, column 3."""
    return {"method": method, "args": args, "line": line, "column": 3 if line else 0}


def expected(method: str, *args: Any) -> dict[str, Any]:
    return {"method": method, "args": args}


def text(failure: Failure) -> str:
    return "\n".join((failure.message, *failure.diff, f"at {failure.line}:{failure.column}"))


def test_calls_are_shown_as_one_difference_of_all_of_them() -> None:
    (failure,) = failures(
        {"api": [expected("a.first", 1), expected("a.gone"), expected("a.kept", {"id": {"$any": "string"}, "n": 1})]},
        calls=[call("a.new", line=3), call("a.first", 2, line=4), call("a.kept", {"id": "x7", "n": 1}, line=5)],
    )
    assert text(failure) == (
        "api call 1: expected none, got api.a.new().\n"
        "+ api.a.new()\n"
        "- api.a.first(1)\n"
        "+ api.a.first(2)\n"
        "- api.a.gone()\n"
        '  api.a.kept({id: {$any: "string"}, n: 1})\n'
        "at 3:3"
    )


def test_one_short_call_is_told_by_the_sentence() -> None:
    (failure,) = failures({"api": [expected("a.b", 1)]}, calls=[call("a.b", 2, line=7)])
    assert text(failure) == "api call 1: expected api.a.b(1), got api.a.b(2).\nat 7:3"


def test_a_missing_call_has_no_place() -> None:
    (failure,) = failures({"api": [expected("a.b"), expected("a.c")]}, calls=[call("a.b", line=7)])
    assert text(failure) == "api call 2: expected api.a.c(), got none.\n  api.a.b()\n- api.a.c()\nat 0:0"


def test_a_call_with_a_large_argument_is_opened_where_it_differs() -> None:
    options: dict[str, Any] = {"query": {"token": "t" * 70, "ids": list(range(20)), "x": True}, "other": ["same"] * 9}
    other = copy.deepcopy(options)
    other["query"]["ids"].insert(4, 99)
    del other["query"]["x"]
    (failure,) = failures(
        {"api": [expected("redirect.sendUserTo", "https://example.com/continue", options)]},
        calls=[call("redirect.sendUserTo", "https://example.com/continue", other)],
    )
    assert list(failure.diff) == [
        "  api.redirect.sendUserTo(",
        '    "https://example.com/continue",',
        "    {",
        '      other: ["same", "same", "same", "same", "same", "same", "same", "same", "same"],',
        "      query: {",
        "        ids: [",
        "          …",
        "          2,",
        "          3,",
        "+         99,",
        "          4,",
        "          5,",
        "          …",
        "        ],",
        f'        token: "{"t" * 70}",',
        "-       x: true,",
        "      },",
        "    },",
        "  )",
    ]


def test_a_long_text_is_shown_around_the_first_sign_that_differs() -> None:
    (failure,) = failures({"api": [expected("a.b", "x" * 500 + "1" + "y" * 500)]}, calls=[call("a.b", "x" * 500 + "2")])
    assert list(failure.diff) == [
        "  api.a.b(",
        f'-   "…{"x" * 40}1{"y" * 79}…",',
        f'+   "…{"x" * 40}2",',
        "  )",
    ]


def test_a_text_of_several_lines_is_compared_by_its_lines() -> None:
    lines = [f"line {number} of the letter" for number in range(9)]
    (failure,) = failures(
        {"api": [expected("a.b", "\n".join(lines))]}, calls=[call("a.b", "\n".join([*lines[:4], "other", *lines[5:]]))]
    )
    assert list(failure.diff) == [
        "  api.a.b(",
        "    |",
        "      …",
        "      line 2 of the letter",
        "      line 3 of the letter",
        "-     line 4 of the letter",
        "+     other",
        "      line 5 of the letter",
        "      line 6 of the letter",
        "      …",
        "  )",
    ]


def test_calls_among_others_are_found_in_order() -> None:
    calls = [call("a.x"), call("a.b", 1), call("a.b", 2), call("a.c")]
    assert failures({"api": {"includes": [expected("a.b", {"$any": True}), expected("a.c")]}}, calls=calls) == ()
    assert failures({"api": {"includes": []}}, calls=calls) == ()
    (failure,) = failures({"api": {"includes": [expected("a.c"), expected("a.b", 1)]}}, calls=calls)
    assert failure.message == "api: expected api.a.b(1) among the calls behind api.a.c(), got none of that method."
    (failure,) = failures({"api": {"includes": [expected("a.x"), expected("a.b", 3)]}}, calls=calls)
    assert text(failure) == (
        "api: expected api.a.b(3) among the calls behind api.a.x(), got api.a.b(1).\n"
        "  api.a.x()\n- api.a.b(3)\n+ api.a.b(1)\n  api.a.b(2)\n  api.a.c()\nat 0:0"
    )


def test_calls_of_the_cache_count_only_where_one_is_expected() -> None:
    calls = [call("cache.get", "k"), call("a.b"), call("cache.set", "k", "v")]
    assert failures({"api": [expected("a.b")]}, calls=calls) == ()
    assert (
        failures({"api": [expected("cache.get", "k"), expected("a.b"), expected("cache.set", "k", "v")]}, calls=calls)
        == ()
    )
    assert len(failures({"api": [expected("cache.get", "k"), expected("a.b")]}, calls=calls)) == 1


def test_a_request_shows_every_place_where_it_differs() -> None:
    (failure,) = failures(
        {"requests": [{"method": "POST", "json": {"text": "a" * 200, "n": 1}, "headers": {"X-Key": {"$any": True}}}]},
        requests=[{"method": "POST", "url": "https://h/", "body": '{"text": "' + "a" * 199 + 'b"}', "line": 12}],
    )
    assert text(failure) == (
        'request 1: expected headers["X-Key"] {$any: true}, got nothing, and 2 more.\n'
        '- headers["X-Key"]: {$any: true}\n'
        f'- json.text: "…{"a" * 41}"\n'
        f'+ json.text: "…{"a" * 40}b"\n'
        "- json.n: 1\n"
        "at 12:0"
    )


def test_requests_are_matched_with_those_that_are_meant() -> None:
    made = [{"method": "GET", "url": f"https://h/{name}", "line": at} for at, name in enumerate("abc", start=1)]
    told = failures({"requests": [{"url": "https://h/b"}, {"url": "https://h/d"}]}, requests=made)
    assert [(each.message, each.line) for each in told] == [
        ("request 1: expected none, got GET https://h/a.", 1),
        ("request 3: expected url https://h/d, got https://h/c.", 3),
    ]


def test_the_url_of_a_request_may_have_stars_and_has_no_query_unless_it_says_so() -> None:
    made = [{"method": "GET", "url": "https://h/users/7?page=1"}]
    assert failures({"requests": [{"url": "https://H/users/*?page=*"}]}, requests=made) == ()
    assert failures({"requests": [{"url": {"$regex": "page=1$"}}]}, requests=made) == ()
    assert len(failures({"requests": [{"url": "https://h/users/*"}]}, requests=made)) == 1


def test_a_request_without_a_stub_says_what_to_add_or_what_the_stub_wants() -> None:
    stubs = {"http": [{"request": "POST https://h/*", "json": {"a": 2}}]}
    sent = [{"method": "POST", "url": "https://h/a", "body": '{"a": 1}', "stubbed": False, "line": 4},
            {"method": "GET", "url": "https://h/b", "stubbed": False, "line": 5}]  # fmt: skip
    assert [(each.message, each.line) for each in failures({}, stubs, requests=sent)] == [
        ("http: expected only requests that a stub answers, got POST https://h/a; stub 1 expected json.a 2, got 1.", 4),
        ("http: expected only requests that a stub answers, got GET https://h/b; "
         "add `request: GET https://h/b` to http.", 5),
    ]  # fmt: skip


def test_code_that_asks_without_end_is_told_of_in_few_words() -> None:
    asked = [{"method": "GET", "url": "https://h/a", "stubbed": False, "line": 4}] * 5000
    refused, *others = failures({"requests": [{"url": "https://h/b"}] * 100}, requests=asked)
    assert refused.message.endswith("add `request: GET https://h/a` to http. (5000 times)")
    assert len(others) == 11
    assert others[-1].message == "requests: 5090 more are not as expected."


def test_rows_that_are_too_long_to_compare_are_taken_in_order() -> None:
    calls = [call("a.b", number) for number in range(500)]
    wanted = [expected("a.b", number) for number in range(500)]
    wanted[250] = expected("a.c")
    (failure,) = failures({"api": wanted}, calls=calls)
    assert failure.message == "api call 251: expected api.a.c(), got api.a.b(250)."
    assert len(failure.diff) < 10


def test_a_stub_that_nothing_asked_for_fails_where_it_is_wanted_so() -> None:
    stubs = {"http": [{"request": "GET https://h/a"}, {"request": "GET https://h/b"}]}
    sent = [{"method": "GET", "url": "https://h/b", "stub": 1}]
    assert failures({}, stubs, requests=sent) == ()
    (failure,) = failures({"unused_stubs": "fail"}, stubs, requests=sent)
    assert failure.message == "http: expected stub 1 to be used, got no request for GET https://h/a."


CALLS = [call("idToken.setCustomClaim", "https://x/roles", ["a"]), call("user.setUserMetadata", "seen", 1)]


@pytest.mark.parametrize(
    "effects",
    [
        {"id_token": {"https://x/roles": ["a"]}},
        {"user_metadata": {"seen": {"$any": "number"}}, "app_metadata": {}},
        {"access_token": {"https://x/roles": {"$absent": True}}, "scopes": None},
    ],
)
def test_effects_are_what_the_calls_come_to(effects: dict[str, Any]) -> None:
    assert failures({"effects": effects}, calls=CALLS) == ()


def test_an_effect_that_differs_is_named_by_its_path() -> None:
    (failure,) = failures({"effects": {"id_token": {"https://x/roles": ["b"]}}}, calls=CALLS)
    assert failure.message == 'effects: expected id_token["https://x/roles"][0] "b", got "a".'
    (failure,) = failures({"effects": {"user_metadata": {"seen": 1}}}, calls=CALLS, error={"name": "E", "message": ""})[
        1:
    ]
    assert failure.message == "effects: expected user_metadata.seen 1, got nothing."


def test_an_effect_that_differs_has_the_place_of_the_call_that_it_comes_from() -> None:
    calls = [
        call("idToken.setCustomClaim", "plan", "gold", line=3),
        call("idToken.setCustomClaim", "role", "a", line=4),
        call("accessToken.addScope", "write", line=5),
    ]
    (failure,) = failures({"effects": {"id_token": {"role": "a", "plan": "free"}}}, calls=calls)
    assert (failure.line, failure.column) == (3, 3)
    (failure,) = failures({"effects": {"scopes": []}}, calls=calls)
    assert (failure.line, failure.column) == (5, 3)
    (failure,) = failures({"effects": {"id_token": {"none": 1}}}, calls=calls)
    assert (failure.line, failure.column) == (0, 0)


def test_scopes_are_relative_to_those_that_were_asked_for() -> None:
    case = Case.model_validate({"name": "a", "expect": {"effects": {"scopes": ["read"]}}})
    done = Execution.model_validate(
        {"action": "a", "handler": "h", "calls": [call("accessToken.removeScope", "write")]}
    )
    event = {"transaction": {"requested_scopes": ["read", "write"]}}
    assert cases.outcome(case, done, "a", event=event).failures == ()


def test_the_cache_at_the_end_is_what_it_was_and_what_was_done_to_it() -> None:
    case = {"cache": {"kept": "1", "gone": "2", "changed": "3"}}
    done = {"gone": None, "changed": "4", "new": "5"}
    fine = {"kept": "1", "gone": None, "changed": {"$regex": "^4"}, "new": "5", "never": {"$absent": True}}
    assert failures({"cache": fine}, case, cache=done) == ()
    (failure,) = failures({"cache": {"kept": None, "gone": "2"}}, case, cache=done)
    assert text(failure) == ('cache: expected nothing as kept, got "1", and 1 more.\n+ kept: "1"\n- gone: "2"\nat 0:0')


@pytest.mark.parametrize(
    ("expect", "calls", "count"),
    [
        ({"denied": {"$regex": "^no"}}, [call("access.deny", "no way")], 0),
        ({"denied": {"$regex": "^no"}}, [], 1),
        ({"denied": {"$absent": True}}, [], 0),
        ({"denied": {"$absent": True}}, [call("access.deny", "no")], 1),
        ({"denied": {"$any": True}}, [call("access.deny", "no")], 0),
        ({"denied": ""}, [call("access.deny", "")], 0),
        ({"denied": ""}, [], 1),
    ],
)
def test_a_denial_may_be_a_matcher(expect: dict[str, Any], calls: list[Any], count: int) -> None:
    assert len(failures(expect, calls=calls)) == count


def test_before_a_sign_up_the_reason_is_the_first_argument() -> None:
    did: dict[str, Any] = {
        "handler": "onExecutePreUserRegistration",
        "calls": [call("access.deny", "spam", "Please go.", line=9)],
    }
    assert failures({"denied": "spam"}, **did) == ()
    (failure,) = failures({"denied": "other"}, **did)
    assert (
        text(failure)
        == 'denied: expected a denial with the reason "other", got a denial with the reason "spam".\nat 9:3'
    )


@pytest.mark.parametrize(
    ("wanted", "error", "fails"),
    [
        (True, "boom", False), (True, None, True), (False, None, False), (False, "boom", True),
        ({"$regex": "^TypeError: b"}, "boom", False), ({"$regex": "^b"}, "boom", True),
        ({"$absent": True}, None, False), ({"$absent": True}, "boom", True), ({"$any": True}, None, True),
    ],
)  # fmt: skip
def test_an_error_may_be_a_matcher(wanted: Any, error: str | None, fails: bool) -> None:
    thrown = {"name": "TypeError", "message": error, "line": 2, "column": 4} if error else None
    assert [(each.line, each.column) for each in failures({"error": wanted}, error=thrown)] == (
        [(2, 4) if error else (0, 0)] if fails else []
    )


def test_output_is_looked_for_by_text_or_line_by_line_by_matchers() -> None:
    output = ["first", "token: abc", "last"]
    assert failures({"console": ["last", {"$regex": "^token: [a-z]+$"}, "first\ntoken"]}, console=output) == ()
    (failure,) = failures({"console": [{"$regex": "^none"}]}, console=output)
    assert text(failure) == (
        'console: expected output with {$regex: "^none"}, got 3 lines without it.\n'
        '- {$regex: "^none"}\n+ first\n+ token: abc\n+ last\nat 0:0'
    )


def test_no_output_at_all_can_be_expected() -> None:
    assert failures({"console": []}) == ()
    (failure,) = failures({"console": []}, console=["a", "b"])
    assert text(failure) == "console: expected no output, got 2 lines.\n+ a\n+ b\nat 0:0"


@given(JSON, JSON)
def test_a_difference_is_shown_just_where_there_is_one(wanted: Any, got: Any) -> None:
    lines = difference(written(wanted), got)
    assert bool(lines) == (not fits(written(wanted), got))
    assert not lines or any(line.startswith(("- ", "+ ")) for line in lines)
    assert all(line.startswith(("- ", "+ ", "  ")) for line in lines)


def test_a_difference_is_never_longer_than_can_be_read() -> None:
    lines = difference([f"one {number}" for number in range(500)], [f"other {number}" for number in range(500)])
    assert len(lines) == MOST_LINES + 1
    assert lines[-1] == "  … 942 more lines"


@given(st.lists(st.integers(0, 3), max_size=8), st.lists(st.integers(0, 3), max_size=8))
def test_every_place_of_either_row_stands_once_and_in_order(wanted: list[int], got: list[int]) -> None:
    pairs = paired(wanted, got, int.__eq__, lambda one, other: one % 2 == other % 2)
    assert [pair.wanted for pair in pairs if pair.wanted is not None] == list(range(len(wanted)))
    assert [pair.got for pair in pairs if pair.got is not None] == list(range(len(got)))
    assert all(pair.fits == (pair.wanted is not None and pair.got is not None and wanted[pair.wanted] == got[pair.got])
               for pair in pairs)  # fmt: skip
