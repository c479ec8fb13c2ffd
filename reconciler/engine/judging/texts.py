"""The denial, the error and the output that a case expects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from reconciler.engine.judging.shown import cut, shown
from reconciler.engine.matching import ABSENT, fits
from reconciler.model.case import Expected, Failure
from reconciler.model.execution import Call, Thrown

NEVER_EXPECTED = ("HostKilled", "ActionTimeout", "ActionCrash", "HandlerMissing")
"""Names of errors that the code did not throw: it did not end, ended its process, or did not begin. No `error` of a
case accepts them."""

MOST_OUTPUT = 30
"""Lines of output that a failure shows."""


def denial_failures(expect: Expected, denied: str | None, call: Call | None = None) -> Iterator[Failure]:
    """Why the denial, or that there was none, is not as expected; `call` is the one that denied."""
    wanted = expect.denied
    fine = denied is not None if wanted is True else denied is None if wanted is False else _is(wanted, denied)
    if wanted is None or fine:
        return
    got = "no denial" if denied is None else f"a denial with the reason {shown(denied)}"
    expected = "no denial" if wanted is False or wanted == {"$absent": True} else "a denial"
    reason = "" if isinstance(wanted, bool) or wanted == {"$absent": True} else f" with the reason {shown(wanted)}"
    yield Failure(
        message=f"denied: expected {expected}{reason}, got {got}.",
        line=call.line if call else 0,
        column=call.column if call else 0,
    )


def error_failures(expect: Expected, error: Thrown | None) -> Iterator[Failure]:
    """Why what the code threw, or that it threw nothing, is not as expected."""
    wanted = expect.error
    none_wanted = wanted in (None, False) or wanted == {"$absent": True}
    if error is None:
        if not none_wanted:
            yield Failure(message=f"error: expected one{_with(wanted)}, got none.")
        return
    said = f"{error.name}: {error.message}"
    place = f" at code.js:{error.line}:{error.column}" if error.line else ""
    got = f"got {cut(said).rstrip('.')}{place}."
    if none_wanted or error.name in NEVER_EXPECTED:
        yield Failure(message=f"error: expected none, {got}", line=error.line, column=error.column)
    elif not (wanted is True or (wanted in said if isinstance(wanted, str) else fits(wanted, said))):
        yield Failure(message=f"error: expected one{_with(wanted)}, {got}", line=error.line, column=error.column)


def console_failures(expect: Expected, console: Sequence[str]) -> Iterator[Failure]:
    """Why the output is not as expected: a failure for each part that is missing."""
    if expect.console == () and console:
        yield Failure(message=f"console: expected no output, got {_output(console)}.", diff=_lines((), console))
    whole = "\n".join(console)
    for part in expect.console or ():
        if not (part in whole if isinstance(part, str) else any(fits(part, line) for line in console)):
            got = _output(console) if len(console) < 2 else f"{_output(console)} without it"
            yield Failure(
                message=f"console: expected output with {shown(part)}, got {got}.", diff=_lines((part,), console)
            )


def _is(wanted: Any, denied: str | None) -> bool:
    return wanted is None or fits(wanted, ABSENT if denied is None else denied)


def _with(wanted: Any) -> str:
    return "" if wanted is True else f" with {shown(wanted)}"


def _output(console: Sequence[str]) -> str:
    return "none" if not console else shown(console[0]) if len(console) == 1 else f"{len(console)} lines"


def _lines(wanted: Sequence[Any], console: Sequence[str]) -> tuple[str, ...]:
    if len(console) < 2:
        return ()
    expected = (part if isinstance(part, str) else shown(part) for part in wanted)
    left = len(console) - MOST_OUTPUT
    more = (f"  … {left} more lines",) if left > 0 else ()
    return (*(f"- {part}" for part in expected), *(f"+ {cut(line)}" for line in console[:MOST_OUTPUT]), *more)
