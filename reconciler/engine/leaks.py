"""Where code holds what should be a secret. What is found is told by its place and kind, never by its text (law 6)."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote, quote_plus

from reconciler.catalogue.token_formats import LEAST_DIFFERENT_SIGNS, TOKEN_FORMATS

SHORTEST_VALUE = 6
"""Signs; a shorter value is found everywhere by chance."""

SHORT_VALUE = 12
"""Signs; a shorter value counts only where it is not a part of a longer word."""

LONG_LINE = 32
"""Signs; a shorter line of a value with several lines may be anything."""

SHORTEST_WITHIN = 8
"""Bytes that a value needs to be recognised in the middle of a longer text that was base64-encoded."""


def found(code: str, values: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """The line (from 1) and the kind of everything that looks like a secret, in order of place.

    `values` maps the name of each secret to its value. A line is told once; the name of a secret goes before the
    form of a token.
    """
    told: dict[int, str] = {}
    for at, kind in (*_values(code, values), *_tokens(code)):
        told.setdefault(code.count("\n", 0, at) + 1, kind)
    yield from sorted(told.items())


def _tokens(code: str) -> Iterator[tuple[int, str]]:
    for form in TOKEN_FORMATS:
        for match in form.pattern.finditer(code) if any(hint in code for hint in form.hints) else ():
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
    for form in sorted(form for form in _written(value) if form in code):
        for match in re.finditer(whole.format(re.escape(form)), code):
            yield match.start()
    for form in sorted(_within_base64(value)):
        at = code.find(form)
        while at >= 0:
            yield at
            at = code.find(form, at + 1)


def _written(value: str) -> set[str]:
    """The value as it may stand in code by itself: as it is, escaped as in a string, URL-encoded, base64 or hex."""
    raw = value.encode("utf-8", "surrogatepass")
    return {
        value,
        json.dumps(value, ensure_ascii=False)[1:-1],
        json.dumps(value)[1:-1],
        value.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n"),
        quote(value, safe="", errors="surrogatepass"),
        quote(value, errors="surrogatepass"),
        quote_plus(value, errors="surrogatepass"),
        *(encoded(raw).decode().rstrip("=") for encoded in (base64.b64encode, base64.urlsafe_b64encode)),
        raw.hex(),
    }


def _within_base64(value: str) -> set[str]:
    """The signs that any base64 text has whose clear text holds the value, wherever in it: three bytes become four
    signs, so that it depends on where the value begins; those that its neighbours share are left out."""
    raw = value.encode("utf-8", "surrogatepass")
    if len(raw) < SHORTEST_WITHIN:
        return set()
    return {
        encoded(b"\0" * shift + raw).decode()[-(-shift * 8 // 6) : (shift + len(raw)) * 8 // 6]
        for shift in range(3)
        for encoded in (base64.b64encode, base64.urlsafe_b64encode)
    }
