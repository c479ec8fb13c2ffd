"""Values as failures show them: on one line, in the words of the case files."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from reconciler.engine.matching import ABSENT, Mismatch
from reconciler.model.case import CallExpectation
from reconciler.model.execution import Call

MOST_CHARACTERS = 300
"""Of a value in a line of its own."""
IN_A_SENTENCE = 120
_WORD = re.compile(r"[A-Za-z_$][\w$-]*", re.ASCII)


def shown(value: Any) -> str:
    """A value in a sentence, as YAML and JavaScript write it: `{text: "a"}`; cut where it is long."""
    return cut(inline(value), IN_A_SENTENCE)


def inline(value: Any) -> str:
    """A value on one line, whole."""
    if value is ABSENT:
        return "nothing"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key_shown(key)}: {inline(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(inline(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def key_shown(key: str) -> str:
    """A key, in quotes where it is no plain word."""
    return key if _WORD.fullmatch(key) else json.dumps(key, ensure_ascii=False)


def call_shown(call: Call | CallExpectation, most: int = MOST_CHARACTERS) -> str:
    """A call as code, cut where it is longer than `most`."""
    return f"api.{call.method}({cut(', '.join(inline(argument) for argument in call.args), most)})"


def told(mismatch: Mismatch) -> str:
    """What was expected at a place and what there is: `expected json.text "a", got "b"`."""
    path, wanted, got = mismatch
    if wanted is ABSENT or wanted == {"$absent": True}:
        return f"expected nothing as {path}, got {shown(got)}"
    if path in ("method", "url"):
        return f"expected {path} {wanted if isinstance(wanted, str) else shown(wanted)}, got {got}"
    if path == "body":
        words = f"a body with {shown(wanted)}" if isinstance(wanted, str) else f"a body {shown(wanted)}"
        return f"expected {words}, got {shown(got) if got and got is not ABSENT else 'an empty body'}"
    return f"expected {path} {shown(wanted)}, got {shown(got)}"


def cut(text: str, most: int = MOST_CHARACTERS) -> str:
    """At most so many characters."""
    return text if len(text) <= most else text[:most] + "…"
