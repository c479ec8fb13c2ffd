"""Where code holds what should be a secret. What is found is told by its place and kind, never by its text (law 6)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from reconciler.catalogue.token_formats import LEAST_DIFFERENT_SIGNS, TOKEN_FORMATS
from reconciler.engine.code_lines import place_of
from reconciler.engine.encodings import within_base64, written

SHORTEST_VALUE = 6
"""Signs; a shorter value is found everywhere by chance."""

SHORT_VALUE = 12
"""Signs; a shorter value counts only where it is not a part of a longer word."""

LONG_LINE = 32
"""Signs; a shorter line of a value with several lines may be anything."""


def found(code: str, values: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """The line (from 1) and the kind of everything that looks like a secret, in order of place.

    `values` maps the name of each secret to its value. A line is told once; the name of a secret goes before the
    form of a token.
    """
    told: dict[int, str] = {}
    for at, kind in (*_values(code, values), *_tokens(code)):
        told.setdefault(place_of(code, at).line, kind)
    yield from sorted(told.items())


def tokens(code: str) -> Iterator[tuple[int, int, str]]:
    """The line, the column (both from 1) and the kind of everything that has the form of a token, in order of place; a
    line is told once."""
    told: dict[int, tuple[int, str]] = {}
    for at, kind in sorted(_tokens(code)):
        place = place_of(code, at)
        told.setdefault(place.line, (place.column, kind))
    for line, (column, kind) in told.items():
        yield line, column, kind


def _tokens(code: str) -> Iterator[tuple[int, str]]:
    for form in TOKEN_FORMATS:
        for match in re.finditer(form.pattern, code) if any(hint in code for hint in form.hints) else ():
            random = match.groupdict().get("random")
            if random is None or len(set(random)) >= LEAST_DIFFERENT_SIGNS:
                yield match.start(), form.kind


def _values(code: str, values: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    for name, value in values.items():
        for part in _parts(value.strip()):
            for at in _places(code, part):
                yield at, f"the value of the secret {name}"


def _parts(value: str) -> set[str]:
    """What gives the value away: the whole, and each long line of several (a key's, between its frame)."""
    lines = {line for line in value.splitlines() if len(line) >= LONG_LINE and not line.startswith("-----")}
    return lines | ({value} if len(value) >= SHORTEST_VALUE else set())


def _places(code: str, value: str) -> Iterator[int]:
    whole = r"(?<![0-9A-Za-z_]){}(?![0-9A-Za-z_])" if len(value) < SHORT_VALUE else "{}"
    for form in sorted(form for form in written(value) if form in code):
        for match in re.finditer(whole.format(re.escape(form)), code):
            yield match.start()
    for form in sorted(within_base64(value)):
        at = code.find(form)
        while at >= 0:
            yield at
            at = code.find(form, at + 1)
