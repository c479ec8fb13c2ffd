"""Problems as remarks on their places."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from typing import Literal

from reconciler.errors import Diagnostic, Span
from reconciler.model.pipeline import Annotation
from reconciler.report.pipeline.block import clipped
from reconciler.report.visible import visible

Level = Literal["failure", "warning", "notice"]

_TITLE = 200
_MESSAGE = 8_000
"""Characters. GitHub takes 255 of a title, and 64 kB of a message, which nobody reads."""


def annotated(
    diagnostics: Iterable[Diagnostic], prefix: str, level: Level = "failure", title: str = ""
) -> Iterator[Annotation]:
    """A remark for each problem that has its place in the git repository."""
    for each in diagnostics:
        named = ": ".join(filter(None, (title, each.code)))
        if made := annotation(each.span, prefix, level, named, f"{each.message} {each.remedy}".strip()):
            yield made


def annotation(place: Span, prefix: str, level: Level, title: str, message: str) -> Annotation | None:
    """The remark; None where the place lies outside the git repository, as a plan file may. `prefix` is the folder of
    the reconciler repository within it."""
    path = posixpath.normpath(posixpath.join(prefix, place.file))
    if path.startswith(("/", "../")) or path in (".", ".."):
        return None
    return Annotation(
        level=level,
        path=path,
        line=place.line,
        column=place.column,
        title=clipped(visible(title), _TITLE),
        message="\n".join(visible(line) for line in clipped(message, _MESSAGE).split("\n")),
    )
