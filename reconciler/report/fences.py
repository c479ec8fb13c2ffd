"""Text from elsewhere in GitHub-flavoured markdown, from which it cannot break out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape


def fenced(lines: Sequence[str], language: str = "diff") -> Iterator[str]:
    """The lines as a block of code."""
    # A fence longer than any run of backticks inside cannot be closed from inside.
    longest = max((len(run) for line in lines for run in re.findall(r"`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    yield f"{fence}{language}"
    yield from lines
    yield fence


def span(text: str) -> str:
    """The text as code within a line; it holds no line end. Nobody is mentioned from within code, and no issue."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    # One blank at each end is taken off again, so that the text may begin and end with a backtick.
    return f"{fence} {text} {fence}" if longest or text != text.strip() else f"{fence}{text}{fence}"


def quiet(text: str) -> str:
    """The text as prose that links nowhere: an empty comment breaks what GitHub would take for an address or for
    somebody's name."""
    return re.sub(r"(@|://|www\.)", lambda match: f"{match[0][0]}<!-- -->{match[0][1:]}", escaped(text))


def escaped(text: str) -> str:
    """The text as prose."""
    return re.sub(r"([\\`*_\[\]|#])", r"\\\1", escape(text, quote=False))
