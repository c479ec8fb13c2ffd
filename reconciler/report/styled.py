"""Lines with styles, as values: whoever prints them knows whether a style is seen."""

from __future__ import annotations

Span = str | tuple[str, str]
"""Text, or text with its style in rich's words, such as `("passed", "green")`."""

Line = tuple[Span, ...]
"""One line, without its end."""


def plain(line: Line) -> str:
    """The line without its styles."""
    return "".join(span if isinstance(span, str) else span[0] for span in line)
