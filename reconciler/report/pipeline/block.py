"""One change in a comment: whole, shortened, or as one line."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape

from reconciler.report.fences import fenced, span
from reconciler.report.visible import visible

_HEADLINE = 300
_LINE = 400
"""Characters of a headline, and of a line in a block that is shortened."""
_LEAST_LINES = 3
"""A block that would show fewer lines is told in one line only."""


@dataclass(frozen=True)
class Block:
    """A headline, lines of code, and `notes` before them: lines of Markdown, which only we write. Headline and lines
    hold no line end and nothing that is not visible."""

    headline: str
    lines: tuple[str, ...] = ()
    language: str = "diff"
    notes: tuple[str, ...] = ()

    @cached_property
    def whole(self) -> str:
        """All of it, to be unfolded."""
        if not self.lines and not self.notes:
            return self.line
        # The summary is HTML up to the first empty line, so that Markdown means nothing in it.
        parts = [f"<details><summary><code>{escape(self.headline)}</code></summary>", "", *self.notes]
        if self.notes and self.lines:
            parts.append("")
        return "\n".join([*parts, *(fenced(self.lines, self.language) if self.lines else ()), "", "</details>"])

    @cached_property
    def line(self) -> str:
        """It as an item of a list."""
        return f"- {span(self.headline)}"

    @cached_property
    def size(self) -> int:
        """Bytes of the whole."""
        return utf8_size(self.whole)

    def shortened(self, size: int) -> str:
        """As many of its lines, from the first, as fit into so many bytes; empty where those are too few."""
        lines = tuple(clipped(line, _LINE) for line in self.lines[:size])
        most = bisect_right(range(len(lines) + 1), size, key=lambda count: self._first(lines[:count]).size) - 1
        cut = self._first(lines[:most]) if most >= _LEAST_LINES else None
        return cut.whole if cut and cut.size <= size else ""

    def _first(self, lines: tuple[str, ...]) -> Block:
        left = len(self.lines) - len(lines)
        rest = (f"… {left:,} more line{'s' if left != 1 else ''}",) if left else ()
        return replace(self, lines=(*lines, *rest))


def block(headline: str, lines: Iterable[str] = (), language: str = "diff", notes: tuple[str, ...] = ()) -> Block:
    """A block of text from elsewhere, made visible."""
    return Block(clipped(visible(headline), _HEADLINE), tuple(visible(line) for line in lines), language, notes)


def clipped(text: str, most: int) -> str:
    """The text, or its beginning and how much was left out."""
    return text if len(text) <= most else f"{text[:most]}… {len(text) - most:,} more characters"


def utf8_size(text: str) -> int:
    """Bytes of the text."""
    return len(text.encode())
