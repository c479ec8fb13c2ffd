"""What cases of actions and cases of flows both say: stubs, events, matchers, effects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from reconciler.catalogue.triggers import TriggerFacts, triggers
from reconciler.desired.located_cases import LocatedCase, LocatedFlowCase
from reconciler.desired.validation import did_you_mean
from reconciler.engine.events import unknown
from reconciler.engine.judging.results import NAMES as EFFECTS
from reconciler.engine.matchers import NAMES as MATCHERS
from reconciler.engine.matchers import Mistake, matcher_of, mistakes
from reconciler.engine.url_patterns import is_url
from reconciler.errors import Diagnostic
from reconciler.model.case import CallExpectation, Included

AnyCase = LocatedCase | LocatedFlowCase
Path = tuple[str | int, ...]

METADATA = "transaction.metadata"

_CAPITALS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"})


def scene_problems(located: AnyCase, facts: TriggerFacts) -> Iterator[Diagnostic]:
    """What is wrong with a case whatever its action is."""
    yield from _event(located, facts)
    yield from _stubs(located)
    yield from _texts(located)
    yield from _methods_in_capitals(located)
    yield from _values(located)
    for name in located.case.expect.effects or {}:
        if name not in EFFECTS:
            close = did_you_mean(name, EFFECTS)
            remedy = "" if close.endswith("?") else f"Effects: {', '.join(EFFECTS)}."
            yield Diagnostic(located.key("expect", "effects", name), f"there is no effect '{name}'{close}", remedy)


def scene_notices(located: AnyCase, facts: TriggerFacts) -> Iterator[Diagnostic]:
    """Properties that no event of the trigger has, as far as its documents say: most likely misspelt; and matchers
    where nothing is matched."""
    for path in unknown(facts.event, {key: value for key, value in located.case.event.items() if key != "secrets"}):
        *above, name = path.split(".")
        start = ".".join(above)
        known = {each.removeprefix(f"{start}.").partition(".")[0] for each in facts.event if each.startswith(start)}
        message = f"an event of {facts.id} has no '{path}'{did_you_mean(name, sorted(known))}"
        yield Diagnostic(located.key("event", *path.split(".")), message, severity="warning")
    yield from _given_matchers(located)


def _given_matchers(located: AnyCase) -> Iterator[Diagnostic]:
    """Matchers in what the code gets: it would see the mapping itself."""
    case = located.case
    given: list[tuple[Path, Any]] = [(("event",), case.event), (("transaction",), case.transaction)]
    for at, stub in enumerate(case.http):
        given.append((("http", at, "reply", "body"), stub.reply.body))
        given += [(("http", at, "replies", number, "body"), each.body) for number, each in enumerate(stub.replies)]
    for path, value in given:
        for name, place in _named_matchers(value, path):
            message = f"'{name}' stands for no value here: matchers are for what is expected."
            yield Diagnostic(located.span(*place), message, "Write a value.", severity="warning")


def _named_matchers(value: Any, path: Path) -> Iterator[tuple[str, Path]]:
    matcher = matcher_of(value)
    if matcher and matcher.name in MATCHERS:
        yield matcher.name, path
        return
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in pairs:
        yield from _named_matchers(item, (*path, key))


def call_problems(
    located: AnyCase, expected: Sequence[CallExpectation] | Included | None, facts: TriggerFacts, path: Path
) -> Iterator[Diagnostic]:
    """Calls that no action of that trigger can make, and matchers among their arguments; `path` is where they stand."""
    calls = expected.includes if isinstance(expected, Included) else expected or ()
    path = (*path, "includes") if isinstance(expected, Included) else path
    methods = _methods(facts.id)
    for at, call in enumerate(calls):
        if call.method not in methods:
            known = did_you_mean(call.method.removeprefix("api."), sorted(methods))
            message = f"api of {facts.id} has no method '{call.method}'{known}"
            yield Diagnostic(located.span(*path, at, "method"), message)
        yield from _matchers(located, call.args, (*path, at, "args"))


@cache
def _methods(trigger: str) -> frozenset[str]:
    return frozenset(method.name for method in triggers()[trigger].methods)


def _event(located: AnyCase, facts: TriggerFacts) -> Iterator[Diagnostic]:
    if "secrets" in located.case.event:
        message = "secrets are no part of the event of a case."
        yield Diagnostic(located.key("event", "secrets"), message, "Write them under `secrets:` of the case.")
    if located.case.transaction and METADATA not in facts.event:
        message = f"an event of {facts.id} has no metadata of the transaction."
        yield Diagnostic(located.key("transaction"), message, "Remove `transaction:`.")


def _stubs(located: AnyCase) -> Iterator[Diagnostic]:
    for at, stub in enumerate(located.case.http):
        given = stub.model_fields_set
        if {"reply", "replies"} <= given:
            message = "a stub has `reply` or `replies`, not both."
            yield Diagnostic(located.key("http", at, "replies"), message, "Put the one reply first among the others.")
        if "replies" in given and not stub.replies:
            yield Diagnostic(located.span("http", at, "replies"), "'replies' must not be empty.", "Remove it.")
        if not is_url(stub.request.split(" ", 1)[1]):
            message = "this is no URL that a request can go to."
            yield Diagnostic(located.span("http", at, "request"), message, "Mend the name of the host.")
        replies = [(("reply",), stub.reply), *((("replies", nr), each) for nr, each in enumerate(stub.replies))]
        for path, reply in replies:
            for name in ("status", "headers", "body"):
                if reply.error and name in reply.model_fields_set:
                    message = f"a reply with an error has no {name}: the connection fails."
                    yield Diagnostic(located.key("http", at, *path, name), message, "Remove one of the two.")


def _texts(located: AnyCase) -> Iterator[Diagnostic]:
    """Places for a text or a matcher: anything else would never fit."""
    expect = located.case.expect
    places: list[tuple[Path, Any]] = [(("expect", "denied"), expect.denied), (("expect", "error"), expect.error)]
    places += [(("expect", "console", at), each) for at, each in enumerate(expect.console or ())]
    places += [(("expect", "cache", key), each) for key, each in (expect.cache or {}).items()]
    for path, asked in _requests(located):
        places += [((*path, "headers", name), value) for name, value in (asked.headers or {}).items()]
        places += [((*path, name), getattr(asked, name, None)) for name in ("url", "body")]
    for path, value in places:
        if value is None or isinstance(value, str) or matcher_of(value):
            continue
        if not (isinstance(value, bool) and path in (("expect", "denied"), ("expect", "error"))):
            scalar = isinstance(value, bool | int | float)
            remedy = "Put it in quotes." if scalar else "A matcher has one key, such as {$regex: ...}."
            yield Diagnostic(located.span(*path), f"{_named(path)} must be text or a matcher.", remedy)


def _methods_in_capitals(located: AnyCase) -> Iterator[Diagnostic]:
    """fetch writes these in capitals, and so does every client: nothing else will ever be seen. (`patch` it leaves.)"""
    for at, request in enumerate(located.case.expect.requests or ()):
        method = request.method or ""
        if method != method.upper() and method.upper() in _CAPITALS:
            message = f"no request is ever made with the method '{method}'."
            yield Diagnostic(located.span("expect", "requests", at, "method"), message, f"Write {method.upper()}.")


def _values(located: AnyCase) -> Iterator[Diagnostic]:
    """Matchers in all that is expected but for the calls."""
    expect = located.case.expect
    for name in ("denied", "error", "console", "effects", "cache"):
        if value := getattr(expect, name):
            yield from _matchers(located, value, ("expect", name))
    for path, asked in _requests(located):
        for name, value in (("headers", asked.headers), ("json", asked.json_body), ("body", asked.body)):
            yield from _matchers(located, value, (*path, name))
        yield from _matchers(located, getattr(asked, "url", None), (*path, "url"))


def _requests(located: AnyCase) -> Iterator[tuple[Path, Any]]:
    """The stubs and the expected requests, which ask for headers and bodies alike."""
    for at, stub in enumerate(located.case.http):
        yield ("http", at), stub
    for at, request in enumerate(located.case.expect.requests or ()):
        yield ("expect", "requests", at), request


def _matchers(located: AnyCase, value: Any, path: Path) -> Iterable[Diagnostic]:
    return [_mistaken(located, mistake, path) for mistake in mistakes(value)] if value else ()


def _mistaken(located: AnyCase, mistake: Mistake, path: Path) -> Diagnostic:
    place = located.key if mistake.at_key else located.span
    return Diagnostic(place(*path, *mistake.path), mistake.message, mistake.remedy)


def _named(path: Path) -> str:
    return f"'{path[-1]}'" if isinstance(path[-1], str) else "this entry"
