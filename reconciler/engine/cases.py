"""Whether what the code did is what a case expects."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any

from reconciler.model.case import CallExpectation, Case, Expectation, Failure, Included, Outcome, RequestExpectation
from reconciler.model.execution import Call, Execution, Request, Thrown

SHOWN_CHARACTERS = 300
NEVER_EXPECTED = ("HostKilled",)
"""Names of errors that say nothing of the code: no `error` of a case accepts them."""


def outcome(case: Case, execution: Execution, action: str, file: str = "", line: int = 0) -> Outcome:
    """How the case ended. `file` and `line` are where it is written.

    Besides what the case expects, it fails on an error that it does not expect and on a request that no stub answers.
    """
    expect = case.expect
    sentences = (
        *_error_failures(expect, execution.error),
        *_unanswered(execution.requests),
        *_denial_failures(expect, execution),
        *_call_failures(expect, execution.calls),
        *_request_failures(expect, execution.requests),
        *_console_failures(expect, execution.console),
    )
    failures = tuple(Failure(message=sentence) for sentence in sentences)
    status = "failed" if failures else "passed"
    return Outcome(
        action=action, case=case.name, status=status, failures=failures, execution=execution, file=file, line=line
    )


def _error_failures(expect: Expectation, error: Thrown | None) -> Iterator[str]:
    if error is None:
        if expect.error is not None:
            yield f"error: expected one with {_shown(expect.error)}, got none."
        return
    said = f"{error.name}: {error.message}"
    place = f" at code.js:{error.line}:{error.column}" if error.line else ""
    if expect.error is None or error.name in NEVER_EXPECTED:
        yield f"error: expected none, got {_cut(said)}{place}."
    elif isinstance(expect.error, str) and expect.error not in said:
        yield f"error: expected one with {_shown(expect.error)}, got {_cut(said)}{place}."


def _unanswered(requests: tuple[Request, ...]) -> Iterator[str]:
    for request in requests:
        if not request.stubbed:
            name = f"{request.method} {request.url}"
            yield f"http: expected only requests that a stub answers, got {name}; add `request: {name}` to http."


def _denial_failures(expect: Expectation, execution: Execution) -> Iterator[str]:
    wanted, denied = expect.denied, execution.denied
    if wanted is None:
        return
    got = "no denial" if denied is None else f"a denial with the reason {_shown(denied)}"
    if wanted is False and denied is not None:
        yield f"denied: expected no denial, got {got}."
    elif wanted is True and denied is None:
        yield f"denied: expected a denial, got {got}."
    elif isinstance(wanted, str) and denied != wanted:
        yield f"denied: expected a denial with the reason {_shown(wanted)}, got {got}."


def _call_failures(expect: Expectation, calls: tuple[Call, ...]) -> Iterator[str]:
    if expect.api is None or isinstance(expect.api, Included):
        return
    for number, (wanted, got) in enumerate(zip_longest(expect.api, calls), start=1):
        if wanted is None or got is None or wanted.method != got.method or not _same(wanted.args, got.args):
            yield f"api call {number}: expected {_call(wanted)}, got {_call(got)}."


def _request_failures(expect: Expectation, requests: tuple[Request, ...]) -> Iterator[str]:
    if expect.requests is None:
        return
    for number, (wanted, got) in enumerate(zip_longest(expect.requests, requests), start=1):
        if wanted is None or got is None:
            name = f"{got.method} {got.url}" if got else "none"
            yield f"request {number}: expected {_request(wanted) if wanted else 'none'}, got {name}."
        else:
            yield from (f"request {number}: {problem}" for problem in _request_problems(wanted, got))


def _request_problems(wanted: RequestExpectation, got: Request) -> Iterator[str]:
    if wanted.method is not None and wanted.method != got.method:
        yield f"expected method {wanted.method}, got {got.method}."
    if wanted.url is not None and wanted.url != got.url:
        yield f"expected url {wanted.url}, got {got.url}."
    if wanted.json_body is not None:
        found, body = _parsed(got.body)
        if not found or not _within(wanted.json_body, body):
            yield f"expected a JSON body with {_shown(wanted.json_body)}, got {_cut(got.body) or 'an empty body'}."
    if wanted.body is not None and wanted.body not in got.body:
        yield f"expected a body with {_shown(wanted.body)}, got {_cut(got.body) or 'an empty body'}."


def _console_failures(expect: Expectation, console: tuple[str, ...]) -> Iterator[str]:
    output = "\n".join(console)
    for part in expect.console or ():
        if part not in output:
            yield f"console: expected output with {_shown(part)}, got {_shown(output) if output else 'none'}."


def _parsed(body: str) -> tuple[bool, Any]:
    try:
        return True, json.loads(body)
    except ValueError:
        return False, None


def _within(wanted: Any, got: Any) -> bool:
    """Every key that is written must be there with that value; lists must agree in length and order."""
    if isinstance(wanted, Mapping):
        return isinstance(got, Mapping) and all(
            key in got and _within(value, got[key]) for key, value in wanted.items()
        )
    if isinstance(wanted, list | tuple):
        return isinstance(got, list | tuple) and len(wanted) == len(got) and all(map(_within, wanted, got))
    return _same(wanted, got)


def _same(wanted: Any, got: Any) -> bool:
    """Equal as JSON: 1 and 1.0 are one number, 1 and true are not the same."""
    if isinstance(wanted, Mapping) and isinstance(got, Mapping):
        return wanted.keys() == got.keys() and all(_same(value, got[key]) for key, value in wanted.items())
    if isinstance(wanted, list | tuple) and isinstance(got, list | tuple):
        return len(wanted) == len(got) and all(map(_same, wanted, got))
    return isinstance(wanted, bool) == isinstance(got, bool) and bool(wanted == got)


def _call(call: Call | CallExpectation | None) -> str:
    if call is None:
        return "no further call"
    return f"api.{call.method}({', '.join(_shown(argument) for argument in call.args)})"


def _request(wanted: RequestExpectation) -> str:
    return " ".join(part for part in (wanted.method, wanted.url) if part) or "a request"


def _shown(value: Any) -> str:
    return _cut(json.dumps(value, ensure_ascii=False))


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "…"
