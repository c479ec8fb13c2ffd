"""Judging cases: what was expected against what the code did."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.engine import cases
from reconciler.model.case import Case
from reconciler.model.execution import Execution


def failures(expect: dict[str, Any], **did: Any) -> tuple[str, ...]:
    """The failures of a case that expects this of a run that did that."""
    case = Case.model_validate({"name": "a case", "expect": expect})
    execution = Execution.model_validate({"action": "greet", "handler": "onExecutePostLogin", **did})
    outcome = cases.outcome(case, execution, action="greet", file="cases.yaml", line=3)
    assert (outcome.status == "passed") == (not outcome.failures)
    assert (outcome.action, outcome.case, outcome.file, outcome.line) == ("greet", "a case", "cases.yaml", 3)
    return tuple(failure.message for failure in outcome.failures)


def call(method: str, *args: Any) -> dict[str, Any]:
    return {"method": method, "args": args}


def request(method: str = "POST", url: str = "https://h/x", body: str = "", *, stubbed: bool = True) -> dict[str, Any]:
    return {"method": method, "url": url, "body": body, "stubbed": stubbed}


def error(name: str = "TypeError", message: str = "x is null", line: int = 0) -> dict[str, Any]:
    return {"name": name, "message": message, "line": line, "column": 5 if line else 0}


EXCHANGE = "onExecuteCredentialsExchange"

PASSING: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {"calls": [call("access.deny", "no")], "console": ["x"], "requests": [request()]}),
    ({"api": []}, {}),
    ({"api": [call("user.set", {"a": [1, None]})]}, {"calls": [call("user.set", {"a": [1.0, None]})]}),
    ({"denied": True}, {"calls": [call("access.deny", "no")]}),
    ({"denied": "no"}, {"calls": [call("access.deny", "invalid_request", "no")], "handler": EXCHANGE}),
    ({"denied": "no"}, {"calls": [call("access.deny", "no")], "handler": EXCHANGE}),
    ({"denied": "no"}, {"calls": [call("access.deny", "no", "which no login takes")]}),
    ({"denied": False}, {}),
    ({"error": "is null"}, {"error": error()}),
    ({"error": "TypeError"}, {"error": error()}),
    ({"requests": [{"json": {"a": {"b": 1}}}]}, {"requests": [request(body='{"a": {"b": 1, "c": 2}, "d": 3}')]}),
    ({"requests": [{"method": "POST", "url": "https://h/x", "body": "ell"}]}, {"requests": [request(body="hello")]}),
    ({"console": ["one", "two"]}, {"console": ["-two-", "-one-"]}),
]  # fmt: skip


@pytest.mark.parametrize(("expect", "did"), PASSING)
def test_a_case_passes_when_all_that_it_expects_happened(expect: dict[str, Any], did: dict[str, Any]) -> None:
    assert failures(expect, **did) == ()


@pytest.mark.parametrize("name", ["ActionTimeout", "ActionCrash", "HandlerMissing", "HostKilled"])
@pytest.mark.parametrize("wanted", [True, "Action", "is null", {"$any": True}])
def test_no_case_passes_whose_code_did_not_end_by_itself(name: str, wanted: Any) -> None:
    assert len(failures({"error": wanted}, error=error(name))) == 1


def test_an_empty_body_is_expected_to_be_empty() -> None:
    assert failures({"requests": [{"body": ""}]}, requests=[request()]) == ()
    assert len(failures({"requests": [{"body": ""}]}, requests=[request(body="x")])) == 1


FAILING: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"api": [call("access.deny", "a")]}, {"calls": [call("access.deny", "b")]},
     'api call 1: expected api.access.deny("a"), got api.access.deny("b").'),
    ({"api": []}, {"calls": [call("access.deny", "b")]},
     'api call 1: expected none, got api.access.deny("b").'),
    ({"api": [call("user.setAppMetadata", "n", 1)]}, {},
     'api call 1: expected api.user.setAppMetadata("n", 1), got none.'),
    ({"api": [call("user.setAppMetadata", "n", 1)]}, {"calls": [call("user.setAppMetadata", "n", True)]},
     'api call 1: expected api.user.setAppMetadata("n", 1), got api.user.setAppMetadata("n", true).'),
    ({"denied": True}, {}, "denied: expected a denial, got no denial."),
    ({"denied": False}, {"calls": [call("access.deny", "no")]},
     'denied: expected no denial, got a denial with the reason "no".'),
    ({"denied": "a"}, {"calls": [call("access.deny", "b")]},
     'denied: expected a denial with the reason "a", got a denial with the reason "b".'),
    ({}, {"error": error(line=3)}, "error: expected none, got TypeError: x is null at code.js:3:5."),
    ({"error": "timeout"}, {"error": error()}, 'error: expected one with "timeout", got TypeError: x is null.'),
    ({"error": "timeout"}, {}, 'error: expected one with "timeout", got none.'),
    ({"error": "killed"}, {"error": error("HostKilled", "killed")}, "error: expected none, got HostKilled: killed."),
    ({}, {"error": error("E", "It ended.")}, "error: expected none, got E: It ended."),
    ({}, {"requests": [request("GET", stubbed=False)]},
     "http: expected only requests that a stub answers, got GET https://h/x; add `request: GET https://h/x` to http."),
    ({"requests": []}, {"requests": [request()]}, "request 1: expected none, got POST https://h/x."),
    ({"requests": [{"method": "GET"}]}, {}, "request 1: expected GET, got none."),
    ({"requests": [{"method": "GET"}]}, {"requests": [request()]}, "request 1: expected method GET, got POST."),
    ({"requests": [{"url": "https://h/y"}]}, {"requests": [request()]}, "request 1: expected url https://h/y, got https://h/x."),
    ({"requests": [{"json": {"a": 1}}]}, {"requests": [request(body='{"a":2}')]},
     'request 1: expected json.a 1, got 2.'),
    ({"requests": [{"json": {"a": [1]}}]}, {"requests": [request(body='{"a":[1,2]}')]},
     'request 1: expected nothing as json.a[1], got 2.'),
    ({"requests": [{"json": {}}]}, {"requests": [request(body="a=1")]},
     'request 1: expected json {}, got "a=1".'),
    ({"requests": [{"body": "a"}]}, {"requests": [request()]},
     'request 1: expected a body with "a", got an empty body.'),
    ({"console": ["x"]}, {"console": ["y", "z"]}, 'console: expected output with "x", got 2 lines without it.'),
    ({"console": ["x"]}, {}, 'console: expected output with "x", got none.'),
]  # fmt: skip


@pytest.mark.parametrize(("expect", "did", "sentence"), FAILING)
def test_a_failure_is_one_sentence_with_expected_and_got(
    expect: dict[str, Any], did: dict[str, Any], sentence: str
) -> None:
    assert failures(expect, **did) == (sentence,)


def test_every_failure_of_a_case_is_told() -> None:
    told = failures({"api": [], "console": ["x"]}, calls=[call("a.b"), call("a.c")], error=error())
    assert len(told) == 3


def test_long_values_are_cut() -> None:
    assert len(failures({"console": ["x"]}, console=["y" * 5000])[0]) < 400
