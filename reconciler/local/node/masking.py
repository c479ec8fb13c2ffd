"""Takes secret values out of what a run did, so that nothing that is kept, shown or logged holds one (law 6)."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

from pydantic import BaseModel

from reconciler.model.execution import Execution

MASKED_CHARACTERS = 6
"""Shorter values are left as they are: they are words like `info`, and hiding them would hide the output."""

_TOLD = ("calls", "requests", "console", "error")


def masked(execution: Execution, marks: Mapping[str, str]) -> Execution:
    """The execution with a mark in place of every secret (value -> mark) in what the code told; see `masked_value`."""
    done = masked_value(execution, marks)
    return execution.model_copy(update={name: getattr(done, name) for name in _TOLD})


def masked_value(value: Any, marks: Mapping[str, str]) -> Any:
    """Any value of JSON, or a model, with a mark in place of every secret (value -> mark), as it is and in the forms it
    usually travels in: base64 (also within a longer text, as in Basic authentication) and base64url, hex,
    percent-encoded, escaped as in JSON, and each line of a value of several lines, since console output is kept by the
    line."""
    found = {form: mark for secret, mark in marks.items() for form in _forms(secret)}
    if not found:
        return value
    longest_first = sorted(found, key=lambda form: (-len(form), form))
    return _replaced(value, re.compile("|".join(re.escape(form) for form in longest_first)), found)


def _forms(value: str) -> Iterator[str]:
    if len(value) < MASKED_CHARACTERS:
        return
    yield value
    yield from (line for line in value.splitlines() if len(line.strip()) >= MASKED_CHARACTERS)
    yield from (json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1])
    data = value.encode("utf-8", "surrogatepass")
    yield from (data.hex(), data.hex().upper())
    for percent in (quote(data, safe=""), quote(data, safe="!~*'()"), quote(data), quote_plus(data)):
        yield from (percent, re.sub("%..", lambda found: found[0].lower(), percent))
    for standard in _base64(data):
        yield from (standard, standard.replace("+", "-").replace("/", "_"))


def _base64(data: bytes) -> Iterator[str]:
    """What of the encoding does not depend on the bytes around: they may push it by none, one or two bytes."""
    for before in range(3):
        whole = base64.b64encode(bytes(before) + data).decode()
        first = (8 * before + 5) // 6
        last = (8 * (before + len(data))) // 6
        if last - first >= MASKED_CHARACTERS:
            yield whole[first:last]


def _replaced(value: Any, pattern: re.Pattern[str], marks: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return pattern.sub(lambda found: marks[found[0]], value)
    if isinstance(value, dict):
        return {_replaced(key, pattern, marks): _replaced(item, pattern, marks) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_replaced(item, pattern, marks) for item in value)
    if isinstance(value, BaseModel):  # its own names stay, also where a secret is such a word
        return value.model_copy(update={name: _replaced(item, pattern, marks) for name, item in value})
    return value
