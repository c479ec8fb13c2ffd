"""What happened in a case, as a snapshot keeps it: without what differs from run to run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from reconciler.engine.judging.difference import difference
from reconciler.engine.matchers import written
from reconciler.model.case import Expected
from reconciler.model.effects import Effects, Suspension
from reconciler.model.execution import Call, Execution, FlowRun, Request, Thrown
from reconciler.model.snapshot import (
    Recorded,
    RecordedCall,
    RecordedFlow,
    RecordedRequest,
    RecordedRun,
    RecordedSuspension,
)

E = TypeVar("E", bound=Expected)

VOLATILE = frozenset(
    {
        "accept-encoding",
        "accept-language",
        "connection",
        "content-length",
        "date",
        "host",
        "keep-alive",
        "sec-fetch-mode",
        "traceparent",
        "tracestate",
        "transfer-encoding",
        "user-agent",
        "x-request-id",
    }
)
"""Headers that clients put on by themselves, with the version of Node or of a package, a length or an id in them."""

_OF_THE_RUN = frozenset({"ActionTimeout", "ActionCrash", "HostKilled", "HandlerMissing", "SyntaxError"})

_FRAME = re.compile(r"\s+at .")
_FRAMES = re.compile(r"\n {4,}at [^\n]*(?:\)|:\d+:\d+)(?=\n|$)")
"""Of a stack within a text, such as one that is sent to where errors are gathered: most of it is Node's, and ours."""
_DIGITS = 18
"""More digits than that are no number in the YAML of a repository; past 15 a number is not exact in JavaScript."""

_EXPONENT = re.compile(r"e[-+]?\d{3}")


def recorded(execution: Execution, effects: Effects) -> Recorded:
    """What one action did. `effects` is what its calls come to."""
    return Recorded(
        api=_calls(execution.calls),
        requests=_requests(execution.requests),
        console=shown_output(execution.console),
        denied=execution.denied,
        error=_error(execution.error),
        effects=_effects(effects),
        cache=_settled(execution.cache),
    )


def recorded_flow(run: FlowRun) -> RecordedFlow:
    """What a flow did."""
    return RecordedFlow(
        status=run.status,
        reason="" if run.suspension else _settled(run.reason),
        code=_settled(run.code),
        user_message=_settled(run.user_message),
        ran=tuple(_run(execution) for execution in run.executions),
        effects=_effects(run.effects),
        cache=_settled(cache_of(run.executions)),
        suspended=_suspended(run.suspension),
    )


def plain(snapshot: Recorded | RecordedFlow) -> dict[str, Any]:
    """The snapshot as its file has it: what did not happen is left out."""
    return snapshot.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def changes(kept: Mapping[str, Any], told: Mapping[str, Any]) -> tuple[str, ...]:
    """What differs between a snapshot and what happened, line by line; nothing where they are the same."""
    return difference(written(kept), told)


def tolerant(expect: E, error: Thrown | None, *, snapshot: bool) -> E:
    """The expectation of a case: with a `snapshot` an error of the code is told by that, where nothing else is said of
    it. One of how the code was run is none that a snapshot could hold."""
    if snapshot and error and expect.error is None and error.name not in _OF_THE_RUN:
        return expect.model_copy(update={"error": True})
    return expect


def cache_of(executions: Iterable[Execution]) -> dict[str, str | None]:
    """What runs one after the other did to api.cache."""
    return {key: value for each in executions for key, value in each.cache.items()}


def _calls(calls: Iterable[Call]) -> tuple[RecordedCall, ...]:
    return tuple(RecordedCall(method=call.method, args=tuple(_settled(call.args))) for call in calls)


def _requests(requests: Iterable[Request]) -> tuple[RecordedRequest, ...]:
    return tuple(_request(each) for each in requests)


def _request(request: Request) -> RecordedRequest:
    headers = {name.lower(): value for name, value in request.headers.items() if name.lower() not in VOLATILE}
    if headers.get("accept") == "*/*":
        del headers["accept"]
    found, value = _json(request.body)
    sent = RecordedRequest(method=request.method, url=_settled(request.url), headers=_settled(headers))
    return sent.model_copy(update={"json_body": _settled(value)} if found else {"body": _settled(request.body)})


def _json(body: str) -> tuple[bool, Any]:
    """Only what is more than a word: a body of `null` or `1` stays the text that it is."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return False, None
    return isinstance(value, dict | list), value


def shown_output(output: Iterable[str]) -> tuple[str, ...]:
    """Without the frames of stacks: they tell of files and lines of Node."""
    return tuple(_settled(line) for line in output if not _FRAME.match(line))


def _error(thrown: Thrown | None) -> str:
    return str(_settled(f"{thrown.name}: {thrown.message}")) if thrown else ""


def _run(execution: Execution) -> RecordedRun:
    return RecordedRun(
        action=execution.action,
        handler=execution.handler,
        api=_calls(execution.calls),
        requests=_requests(execution.requests),
        console=shown_output(execution.console),
        error=_error(execution.error),
    )


def _effects(effects: Effects) -> dict[str, Any]:
    nothing = Effects()
    return {name: _settled(value) for name, value in sorted(effects) if value != getattr(nothing, name)}


def _suspended(suspension: Suspension | None) -> RecordedSuspension | None:
    if suspension is None:
        return None
    return RecordedSuspension(method=suspension.method, action=suspension.action, url=_settled(suspension.url))


def _settled(value: Any) -> Any:
    """The same value with the names of objects sorted, without the frames of stacks, and texts and numbers as they come
    back from a file of YAML: half of a sign is a question mark."""
    if isinstance(value, str):
        return _FRAMES.sub("", value).encode("utf-8", "replace").decode()
    if isinstance(value, Mapping):
        settled = {_settled(name): _settled(each) for name, each in value.items()}
        return {name: settled[name] for name in sorted(settled)}
    if isinstance(value, list | tuple):
        return [_settled(each) for each in value]
    if isinstance(value, float) and value.is_integer():
        return _settled(int(value))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    text = str(value)
    return text if len(text.lstrip("-")) > _DIGITS or _EXPONENT.search(text) else value
