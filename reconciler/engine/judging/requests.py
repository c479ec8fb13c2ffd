"""The outgoing requests and the stubs of a case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from reconciler.engine.judging.aligning import paired
from reconciler.engine.judging.difference import differences
from reconciler.engine.judging.shown import shown, told
from reconciler.engine.outgoing import request_mismatches, stub_mismatches
from reconciler.model.case import Failure, RequestExpectation, Stub
from reconciler.model.execution import Request

MOST_TOLD = 10
"""Requests that are told of one by one."""


def request_failures(expected: Sequence[RequestExpectation] | None, requests: Sequence[Request]) -> Iterator[Failure]:
    """Why these are not the expected requests: a failure for each that is another one, is missing or is too much, and
    one for all after the first few."""
    if expected is None:
        return
    found = _each(expected, requests)
    yield from islice(found, MOST_TOLD)
    left = sum(1 for _ in found)
    if left:
        yield Failure(message=f"requests: {left} more are not as expected.")


def _each(expected: Sequence[RequestExpectation], requests: Sequence[Request]) -> Iterator[Failure]:
    for pair in paired(expected, requests, _fits, _alike):
        if pair.wanted is None and pair.got is not None:
            got = requests[pair.got]
            yield Failure(message=f"request {pair.got + 1}: expected none, got {_name(got)}.", line=got.line)
        elif pair.wanted is not None and pair.got is None:
            message = f"request {pair.wanted + 1}: expected {_wanted(expected[pair.wanted])}, got none."
            yield Failure(message=message)
        elif pair.wanted is not None and pair.got is not None:
            got = requests[pair.got]
            why = tuple(request_mismatches(expected[pair.wanted], got))
            if why:
                message = f"request {pair.got + 1}: {told(why[0])}{_more(why)}."
                yield Failure(message=message, diff=differences(why), line=got.line)


def unanswered(stubs: Sequence[Stub], requests: Sequence[Request]) -> Iterator[Failure]:
    """A failure for each request that no stub answered, with what to add; where a stub would answer it but for its
    headers or its body, with what the stub wants."""
    refused = [_unanswered(stubs, request) for request in requests if not request.stubbed]
    counts = Counter(refused) if refused else {}  # code that tries again and again says the same each time
    for failure, count in counts.items():
        more = f" ({count} times)" if count > 1 else ""
        yield failure.model_copy(update={"message": f"{failure.message}{more}"})


def unused(stubs: Sequence[Stub], requests: Sequence[Request]) -> Iterator[Failure]:
    """A failure for each stub that answered nothing."""
    used = {request.stub for request in requests}
    for at, stub in enumerate(stubs):
        if at not in used:
            yield Failure(message=f"http: expected stub {at + 1} to be used, got no request for {stub.request}.")


def _unanswered(stubs: Sequence[Stub], request: Request) -> Failure:
    message = f"http: expected only requests that a stub answers, got {_name(request)}; "
    for at, stub in enumerate(stubs):
        why = tuple(stub_mismatches(stub, request))
        if why and not {"method", "url"} & {each.path for each in why}:
            told_why = f"{message}stub {at + 1} {told(why[0])}{_more(why)}."
            return Failure(message=told_why, diff=differences(why), line=request.line)
    return Failure(message=f"{message}add `request: {_name(request)}` to http.", line=request.line)


def _more(mismatches: Sequence[object]) -> str:
    return f", and {len(mismatches) - 1} more" if len(mismatches) > 1 else ""


def _fits(wanted: RequestExpectation, got: Request) -> bool:
    return next(request_mismatches(wanted, got), None) is None


def _alike(wanted: RequestExpectation, got: Request) -> bool:
    return not {"method", "url"} & {each.path for each in request_mismatches(wanted, got)}


def _name(request: Request) -> str:
    return f"{request.method} {request.url}"


def _wanted(expected: RequestExpectation) -> str:
    url = expected.url if isinstance(expected.url, str) else shown(expected.url) if expected.url is not None else ""
    return " ".join(part for part in (expected.method, url) if part) or "a request"
