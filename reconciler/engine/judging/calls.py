"""The calls on api that a case expects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.engine.judging.aligning import Pair, paired
from reconciler.engine.judging.difference import SHORT, Drawn, drawn, limited, missing, opened, same, unexpected
from reconciler.engine.judging.shown import IN_A_SENTENCE, call_shown, inline
from reconciler.engine.matching import ABSENT, fits
from reconciler.model.case import CallExpectation, Failure, Included
from reconciler.model.execution import Call

CACHE = "cache."
LONGEST_SENTENCE = 160
"""Characters of a sentence that says it all."""


def call_failures(
    expected: tuple[CallExpectation, ...] | Included | None, calls: Sequence[Call], name: str = "api"
) -> Iterator[Failure]:
    """Why these are not the expected calls: one failure, with the difference of all of them. `name` says whose calls
    they are.

    Calls of api.cache count only where one is expected: they do nothing to a login, and what comes of them is looked at
    by itself (`cache`).
    """
    wanted = expected.includes if isinstance(expected, Included) else expected or ()
    if any(map(_of_cache, calls)) and not any(map(_of_cache, wanted)):
        calls = [call for call in calls if not _of_cache(call)]
    if isinstance(expected, Included):
        yield from _not_included(expected.includes, calls, name)
    elif expected is not None and not (len(expected) == len(calls) and all(map(_fits, expected, calls))):
        yield _other_calls(expected, calls, name)


def _other_calls(expected: Sequence[CallExpectation], calls: Sequence[Call], name: str) -> Failure:
    pairs = paired(expected, calls, _fits, _alike)
    first = next(pair for pair in pairs if not pair.fits)
    wanted = None if first.wanted is None else expected[first.wanted]
    got = None if first.got is None else calls[first.got]
    number = (first.wanted if first.got is None else first.got) or 0
    message = f"{name} call {number + 1}: expected {_said(wanted)}, got {_said(got)}."
    diff = limited([_drawn(expected, calls, pair) for pair in pairs])
    told_by_sentence = len(pairs) == 1 and len(message) <= LONGEST_SENTENCE
    return Failure(
        message=message,
        diff=() if told_by_sentence else diff,
        line=got.line if got else 0,
        column=got.column if got else 0,
    )


def _not_included(expected: Sequence[CallExpectation], calls: Sequence[Call], name: str) -> Iterator[Failure]:
    """Calls are looked for from the first one on, each behind the one before it: if there is a way to find all in
    order, this is one."""
    found: list[int] = []
    for wanted in expected:
        start = found[-1] + 1 if found else 0
        at = next((at for at in range(start, len(calls)) if _fits(wanted, calls[at])), None)
        if at is None:
            yield _not_found(wanted, calls, start, name)
            return
        found.append(at)


def _not_found(wanted: CallExpectation, calls: Sequence[Call], start: int, name: str) -> Failure:
    """The calls of that method are what came instead; another one may stand there."""
    near = next((at for at in range(start, len(calls)) if _alike(wanted, calls[at])), None)
    behind = f" behind {_said(calls[start - 1])}" if start else ""
    got = _said(calls[near]) if near is not None else "none of that method" if calls else "no call"
    pairs = [Pair(0, at) if at == near else Pair(None, at, True) for at in range(len(calls))]
    blocks = [same(call_shown(calls[pair.got or 0])) if pair.fits else _drawn([wanted], calls, pair) for pair in pairs]
    if near is None:
        blocks.insert(start, missing(call_shown(wanted)))
    return Failure(
        message=f"{name}: expected {_said(wanted)} among the calls{behind}, got {got}.",
        diff=limited(blocks) if calls else (),
        line=calls[near].line if near is not None else 0,
        column=calls[near].column if near is not None else 0,
    )


def _of_cache(call: Call | CallExpectation) -> bool:
    return call.method.startswith(CACHE)


def _fits(wanted: CallExpectation, got: Call) -> bool:
    return wanted.method == got.method and fits(wanted.args, got.args)


def _alike(wanted: CallExpectation, got: Call) -> bool:
    return wanted.method == got.method


def _said(call: Call | CallExpectation | None) -> str:
    return call_shown(call, IN_A_SENTENCE) if call else "none"


def _drawn(expected: Sequence[CallExpectation], calls: Sequence[Call], pair: Pair) -> Drawn:
    wanted = None if pair.wanted is None else expected[pair.wanted]
    got = None if pair.got is None else calls[pair.got]
    if wanted is None or got is None:
        return missing(call_shown(wanted)) if wanted else unexpected(call_shown(got)) if got else same("")
    if pair.fits:
        return same(call_shown(wanted))
    if wanted.method == got.method and max(len(inline(wanted.args)), len(inline(got.args))) > SHORT:
        return opened(f"api.{wanted.method}(", _arguments(wanted, got), ")")
    lines = (*missing(call_shown(wanted)).lines, *unexpected(call_shown(got)).lines)
    return Drawn(lines, True)


def _arguments(wanted: CallExpectation, got: Call) -> list[Drawn]:
    count = max(len(wanted.args), len(got.args))
    sides = ((*wanted.args, *[ABSENT] * (count - len(wanted.args))), (*got.args, *[ABSENT] * (count - len(got.args))))
    return [drawn("", one, other, partial=False, depth=1, end=",") for one, other in zip(*sides, strict=True)]
