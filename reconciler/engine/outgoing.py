"""Whether a request that the code made is the one that a stub or an expectation means."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.engine.matchers import matcher_of
from reconciler.engine.matching import ABSENT, Mismatch, fits, mismatches, step
from reconciler.engine.url_patterns import url_pattern
from reconciler.model.case import RequestExpectation, Stub
from reconciler.model.execution import Request


def stub_mismatches(stub: Stub, request: Request) -> Iterator[Mismatch]:
    """Why the stub does not answer the request; nothing where it does. A stub that writes no query answers any."""
    method, url = stub.request.split(" ", 1)
    if method not in ("*", request.method):
        yield Mismatch("method", method, request.method)
    if not url_pattern(url).fits(request.url, any_query=True):
        yield Mismatch("url", url, request.url)
    yield from _content(stub.headers, stub.json_body, stub.body, request)


def request_mismatches(wanted: RequestExpectation, request: Request) -> Iterator[Mismatch]:
    """Why the request is not the expected one; nothing where it is. A URL without a query has none."""
    if wanted.method is not None and wanted.method != request.method:
        yield Mismatch("method", wanted.method, request.method)
    if isinstance(wanted.url, str):
        if not url_pattern(wanted.url).fits(request.url, any_query=False):
            yield Mismatch("url", wanted.url, request.url)
    elif wanted.url is not None:
        yield from mismatches(wanted.url, request.url, "url")
    yield from _content(wanted.headers, wanted.json_body, wanted.body, request)


def json_of(body: str) -> Any:
    """What a body says as JSON; ABSENT where it is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return ABSENT


def _content(headers: Mapping[str, Any] | None, json_body: Any, body: Any, request: Request) -> Iterator[Mismatch]:
    given = {name.lower(): value for name, value in request.headers.items()}
    for name, value in (headers or {}).items():
        yield from mismatches(value, given.get(name.lower(), ABSENT), f"headers{step(name)}")
    if json_body is not None:
        yield from _json(json_body, request.body)
    if isinstance(body, str):
        if not (body in request.body if body else not request.body):
            yield Mismatch("body", body, request.body)
    elif body is not None and matcher_of(body):
        yield from mismatches(body, request.body or ABSENT, "body")


def _json(wanted: Any, body: str) -> Iterator[Mismatch]:
    given = json_of(body)
    if given is not ABSENT or not body:
        yield from mismatches(wanted, given, "json", partial=True)
    elif not fits(wanted, ABSENT):
        yield Mismatch("json", wanted, body)
