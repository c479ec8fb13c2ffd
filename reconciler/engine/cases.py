"""Whether what the code did is what a case expects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.engine.judging.calls import call_failures
from reconciler.engine.judging.requests import request_failures, unanswered, unused
from reconciler.engine.judging.results import cache_failures, effect_failures, effects_of, scopes_asked
from reconciler.engine.judging.texts import console_failures, denial_failures, error_failures
from reconciler.model.case import Case, Expectation, Failure, Outcome
from reconciler.model.execution import Execution


def outcome(
    case: Case,
    execution: Execution,
    action: str,
    file: str = "",
    line: int = 0,
    *,
    event: Mapping[str, Any] | None = None,
) -> Outcome:
    """How the case ended. `file` and `line` are where it is written, `event` is what the code got.

    Besides what the case expects, it fails on an error that it does not expect and on a request that no stub answers.
    """
    expect, calls, requests = case.expect, execution.calls, execution.requests
    failures = (
        *error_failures(expect, execution.error),
        *unanswered(case.http, requests),
        *_denial_failures(expect, execution),
        *call_failures(expect.api, calls),
        *request_failures(expect.requests, requests),
        *console_failures(expect, execution.console),
        *_effect_failures(expect, execution, event or {}),
        *cache_failures(expect, case.cache, execution.cache),
        *(unused(case.http, requests) if expect.unused_stubs == "fail" else ()),
    )
    return Outcome(
        action=action,
        case=case.name,
        status="failed" if failures else "passed",
        failures=failures,
        execution=execution,
        file=file,
        line=line,
    )


def _denial_failures(expect: Expectation, execution: Execution) -> Iterator[Failure]:
    if expect.denied is not None:
        yield from denial_failures(expect, execution.denied, execution.denial)


def _effect_failures(expect: Expectation, execution: Execution, event: Mapping[str, Any]) -> Iterator[Failure]:
    if expect.effects is not None:
        yield from effect_failures(expect, effects_of(execution, event), execution.calls, scopes_asked(event))
