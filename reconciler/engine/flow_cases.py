"""Whether what a flow did is what a case of it expects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from reconciler.engine.judging.calls import call_failures
from reconciler.engine.judging.ends import End, end_of
from reconciler.engine.judging.requests import request_failures, unanswered, unused
from reconciler.engine.judging.results import cache_failures, effect_failures
from reconciler.engine.judging.shown import shown
from reconciler.engine.judging.texts import console_failures, denial_failures, error_failures
from reconciler.engine.matching import ABSENT, fits
from reconciler.engine.snapshots import cache_of, tolerant
from reconciler.engine.url_patterns import url_pattern
from reconciler.model.case import Failure, Outcome
from reconciler.model.execution import Execution, FlowRun, Thrown
from reconciler.model.flow_case import FlowCase, FlowExpectation


def flow_outcome(case: FlowCase, run: FlowRun, *, waits_left: int = 0, file: str = "", line: int = 0) -> Outcome:
    """How the case of a flow ended; `waits_left` counts the returns of the user that the flow did not wait for.

    Besides what the case expects, it fails on an error that it does not expect, on a request that no stub answers and
    on a return that came to nothing.
    """
    failures = tuple(_placed(each, run.executions) for each in _failures(case, run, waits_left))
    return Outcome(
        action="",
        case=case.name,
        status="failed" if failures else "passed",
        failures=failures,
        flow=run,
        file=file,
        line=line,
    )


def _failures(case: FlowCase, run: FlowRun, waits_left: int) -> Iterator[Failure]:
    error = _error(run)
    expect = tolerant(case.expect, error, snapshot=case.snapshot or case.expect.status == "failed")
    requests = tuple(chain.from_iterable(each.requests for each in run.executions))
    yield from _of(_thrower(run), error_failures(expect, error))
    for each in run.executions:
        yield from _of(each.action, unanswered(case.http, each.requests))
    end = end_of(run)
    yield from _status(expect, run, end)
    yield from _returns(waits_left, end)
    denied = run.reason if run.status == "denied" else None
    yield from (end.failure(each.message) for each in denial_failures(expect, denied))
    yield from _ran(expect, run)
    for action, calls in (expect.api or {}).items():
        made = chain.from_iterable(each.calls for each in run.executions if each.action == action)
        yield from _of(action, call_failures(calls, tuple(made)))
    yield from request_failures(expect.requests, requests)
    yield from console_failures(expect, tuple(chain.from_iterable(each.console for each in run.executions)))
    yield from effect_failures(expect, run.effects)
    yield from cache_failures(expect, case.cache, cache_of(run.executions))
    yield from _suspended(expect, run, end)
    if expect.unused_stubs == "fail":
        yield from unused(case.http, requests)


def _of(action: str, failures: Iterator[Failure]) -> Iterator[Failure]:
    """The failures of one action; of none where its name is empty."""
    for each in failures:
        yield each.model_copy(update={"action": action, "message": f"{action}: {each.message}"}) if action else each


def _thrower(run: FlowRun) -> str:
    return next((each.action for each in reversed(run.executions) if each.error), "")


def _error(run: FlowRun) -> Thrown | None:
    """What an action threw, or that the flow failed though none did."""
    thrown = next((each.error for each in reversed(run.executions) if each.error), None)
    if thrown is None and run.status == "failed":
        return Thrown(name="FlowFailed", message=run.reason)
    return thrown


def _status(expect: FlowExpectation, run: FlowRun, end: End) -> Iterator[Failure]:
    if expect.status is not None and expect.status != run.status:
        yield end.failure(f"status: expected {expect.status}, got {end.told}.")


def _returns(left: int, end: End) -> Iterator[Failure]:
    if left:
        times = f"{left} return{'s' if left != 1 else ''}"
        yield end.failure(f"returns: expected the flow to wait for the user, got {end.told} with {times} left.")


def _ran(expect: FlowExpectation, run: FlowRun) -> Iterator[Failure]:
    ran = tuple(each.action for each in run.executions)
    if expect.ran is not None and expect.ran != ran:
        yield Failure(message=f"ran: expected {_listed(expect.ran)}, got {_listed(ran)}.")


def _suspended(expect: FlowExpectation, run: FlowRun, end: End) -> Iterator[Failure]:
    if expect.suspended is None:
        return
    if run.suspension is None:
        yield end.failure(f"suspended: expected the flow to wait for the user, got {end.told}.")
        return
    wanted = expect.suspended
    if wanted.method is not None and not fits(wanted.method, run.suspension.method):
        yield end.failure(f"suspended: expected after {shown(wanted.method)}, got {run.suspension.method}.")
    if wanted.url is not None and not _is_url(wanted.url, run.suspension.url):
        yield end.failure(f"suspended: expected at {shown(wanted.url)}, got {shown(run.suspension.url)}.")


def _is_url(wanted: Any, url: str) -> bool:
    """Text is a URL as in stubs: with stars, and without a query any query will do."""
    if isinstance(wanted, str):
        return url_pattern(wanted).fits(url, any_query=True)
    return fits(wanted, url or ABSENT)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "no action"


def _placed(failure: Failure, executions: Sequence[Execution]) -> Failure:
    """The failure with the action whose code its line is in; without a line where that is not certain."""
    if not failure.line or failure.action:
        return failure
    owners = {each.action for each in executions if failure.line in {request.line for request in each.requests}}
    if len(owners) == 1:
        return failure.model_copy(update={"action": owners.pop()})
    return failure.model_copy(update={"line": 0, "column": 0})
