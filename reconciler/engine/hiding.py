"""Takes secret values out of texts that are about to leave: the last guard, after all that keeps them from getting
there."""

from __future__ import annotations

import re
from collections.abc import Mapping

from reconciler.engine.encodings import within_base64, written

SHORTEST_VALUE = 6
"""Signs; a shorter value is found everywhere by chance, and is not looked for."""

LONG_LINE = 32
"""Signs; a shorter line of a value with several lines may be anything."""

MASK = "***"

Forms = Mapping[str, str]
"""What gives a value away, in a text -> the name of the secret."""


def forms_of(values: Mapping[str, str]) -> Forms:
    """Every form in which the values (name -> value) may stand in a text. A value is also known by each long line of
    several, as a key's between its frame."""
    forms: dict[str, str] = {}
    for name, value in values.items():
        for part in _parts(value.strip()):
            for form in sorted(written(part) | within_base64(part)):
                forms.setdefault(form, name)
    return forms


def masked(text: str, forms: Forms) -> tuple[str, frozenset[str]]:
    """The text with every form in it replaced by `***`, and the names of the secrets that were."""
    there = [form for form in forms if form in text]
    if not there:
        return text, frozenset()
    # The longest first: a form within another one would leave the rest of it.
    pattern = re.compile("|".join(re.escape(form) for form in sorted(there, key=lambda form: (-len(form), form))))
    return pattern.sub(MASK, text), frozenset(forms[form] for form in there)


def _parts(value: str) -> set[str]:
    lines = {line for line in value.splitlines() if len(line) >= LONG_LINE and not line.startswith("-----")}
    return lines | ({value} if len(value) >= SHORTEST_VALUE else set())
