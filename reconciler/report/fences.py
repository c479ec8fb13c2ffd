"""Text from elsewhere in GitHub-flavoured markdown, from which it cannot break out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

from reconciler.report.visible import visible

_LONGEST_FENCE = 250
_LONGEST_SPAN = 80
"""Backticks. cmark-gfm counts those of a fence up to 255, so that a shorter one closes a longer one, and takes no more
than 80 for a span of code (measured with its release 0.29)."""

_BROKEN = "<!-- -->"
"""GitHub takes an empty comment out, and makes no address, name or number of the two halves."""
_LINKS = re.compile(
    r"(?<=@)|(?<=:)(?=//)|(?<=www)(?=\.)"  # people, addresses
    r"|(?<=#)(?=\d)|(?<=\bGH)(?=-\d)"  # issues
    r"|(?<=:)(?=[\w+-]+:)",  # :emoji:
    re.IGNORECASE,
)
_COMMIT = re.compile(r"\b[0-9a-f]{7,}\b", re.IGNORECASE)
_SHORT = 6
"""Digits of a commit that GitHub does not take for one."""
_OPENING = re.compile(r"^( *\d*)([-+=.)])")
"""What would begin a list, a rule or a heading."""


def fenced(lines: Sequence[str], language: str = "diff") -> Iterator[str]:
    """The lines as a block of code; none of them holds a line end."""
    # A fence longer than any run of backticks inside cannot be closed from inside.
    longest = _longest_run(lines)
    if longest >= _LONGEST_FENCE:
        yield f'<pre lang="{language}"><code>' + "\n".join(escape(line) for line in lines) + "</code></pre>"
        return
    fence = "`" * max(3, longest + 1)
    yield f"{fence}{language}"
    yield from lines
    yield fence


def span(text: str) -> str:
    """The text as code within a line; it holds no line end. Nobody is mentioned from within code, and no issue."""
    longest = _longest_run([text])
    if longest >= _LONGEST_SPAN or not text:
        return f"<code>{quiet(text)}</code>"
    fence = "`" * (longest + 1)
    # One blank at each end is taken off again, so that the text may begin and end with a backtick.
    return f"{fence} {text} {fence}" if longest or text != text.strip() else f"{fence}{text}{fence}"


def quiet(text: str) -> str:
    """The text as prose that links nowhere and calls nobody."""
    return _OPENING.sub(r"\1\\\2", _parted(text), count=1)


def prose(text: str) -> str:
    """A sentence that names things of other people: what stands between backticks as code, a line end as a blank."""
    parts = visible(" ".join(text.split())).split("`")
    paired = len(parts) - 1 - (len(parts) - 1) % 2
    told = [quiet(parts[0])]
    for at, part in enumerate(parts[1:], 1):
        if at > paired:
            told.append(escaped("`") + _parted(part))
        elif at % 2:
            told.append(span(part))
        else:
            told.append(_parted(part) or _BROKEN)  # the backticks of two spans side by side would make one
    return "".join(told)


def escaped(text: str) -> str:
    """The text as prose."""
    # Between two dollars there would be mathematics; GitHub's own way out is to put one in a span.
    return re.sub(r"([\\`*_\[\]|#~])", r"\\\1", escape(text, quote=False)).replace("$", "<span>$</span>")


def _parted(text: str) -> str:
    """The text with a break wherever GitHub would find something."""
    parts = [part for run in _LINKS.split(_COMMIT.sub(_halved, text)) for part in run.split("\0")]
    return _BROKEN.join(escaped(part) for part in parts)


def _halved(commit: re.Match[str]) -> str:
    """Its digits, marked where they have to be parted: a NUL stands in no text that people see."""
    return "\0".join(commit[0][at : at + _SHORT] for at in range(0, len(commit[0]), _SHORT))


def _longest_run(lines: Sequence[str]) -> int:
    """How many backticks follow each other at most."""
    return max((len(run) for line in lines if "`" in line for run in re.findall(r"`+", line)), default=0)
