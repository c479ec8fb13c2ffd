"""Takes secret values out of texts that are about to leave: the last guard, after all that keeps them from getting
there."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from itertools import accumulate

from reconciler.engine.encodings import within_base64, written

SHORTEST_VALUE = 6
"""Signs; a shorter value is found everywhere by chance, and is not looked for."""

LONG_LINE = 32
"""Signs; a shorter line of a value with several lines may be anything."""

MASK = "***"

Forms = Mapping[str, str]
"""What gives a value away, in a text -> the name of the secret."""

_HTML = re.compile(r"<!-- -->|<span>\$</span>|&(?:amp|lt|gt|quot|#x27|#39);")
"""How HTML writes a sign that would mean something to it, and what breaks a link. A backslash is one in there."""

_MARKDOWN = re.compile(rf"{_HTML.pattern}|\\[!-/:-@\[-`{{-~]")
"""How Markdown writes one."""


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
    """The text with every form in it replaced by `***`, and the names of the secrets that were: as they stand there,
    and as they read once Markdown or HTML is rendered."""
    shown, found = _replaced(text, _Reading.verbatim(text), forms)
    for markup in (_HTML, _MARKDOWN):
        if markup.search(shown):
            shown, more = _replaced(shown, _Reading.rendered(shown, markup), forms)
            found |= more
    return shown, found


def _replaced(text: str, reading: _Reading, forms: Forms) -> tuple[str, frozenset[str]]:
    there = [form for form in forms if form in reading.text]
    if not there:
        return text, frozenset()
    # The longest first: a form within another one would leave the rest of it.
    pattern = re.compile("|".join(re.escape(form) for form in sorted(there, key=lambda form: (-len(form), form))))
    kept, end = [], 0
    for match in pattern.finditer(reading.text):
        kept += [text[end : reading.begin(match.start())], MASK]
        end = reading.end(match.end())
    return "".join([*kept, text[end:]]), frozenset(forms[form] for form in there)


class _Reading:
    """How a text reads, and where in it each sign of that stands."""

    def __init__(self, runs: Iterable[tuple[str, int, int]]) -> None:
        """`runs` are pieces as they read, each with the place in the text where it begins and where it ends."""
        self._runs = [run for run in runs if run[0]]
        self._at = list(accumulate((len(read) for read, _, _ in self._runs), initial=0))
        self.text = "".join(read for read, _, _ in self._runs)

    @classmethod
    def verbatim(cls, text: str) -> _Reading:
        """The text as it stands."""
        return cls([(text, 0, len(text))])

    @classmethod
    def rendered(cls, text: str, markup: re.Pattern[str]) -> _Reading:
        """The text as people read it: what Markdown or HTML spells out is one sign."""
        return cls(_rendered(text, markup))

    def begin(self, at: int) -> int:
        """Where the sign at that place of the reading begins in the text."""
        run, within = self._found(at)
        return run[1] + (within if _is_verbatim(run) else 0)

    def end(self, at: int) -> int:
        """Where the sign before that place of the reading ends in the text."""
        run, within = self._found(at - 1)
        return run[1] + within + 1 if _is_verbatim(run) else run[2]

    def _found(self, at: int) -> tuple[tuple[str, int, int], int]:
        number = bisect_right(self._at, at) - 1
        return self._runs[number], at - self._at[number]


def _rendered(text: str, markup: re.Pattern[str]) -> Iterator[tuple[str, int, int]]:
    end = 0
    for match in markup.finditer(text):
        yield text[end : match.start()], end, match.start()
        yield _read(match[0]), match.start(), match.end()
        end = match.end()
    yield text[end:], end, len(text)


def _read(markup: str) -> str:
    if markup.startswith("<"):
        return "$" if "$" in markup else ""
    return unescape(markup) if markup.startswith("&") else markup[1]


def _is_verbatim(run: tuple[str, int, int]) -> bool:
    return len(run[0]) == run[2] - run[1]


def _parts(value: str) -> set[str]:
    lines = {line for line in value.splitlines() if len(line) >= LONG_LINE and not line.startswith("-----")}
    return lines | ({value} if len(value) >= SHORTEST_VALUE else set())
