"""The bodies that write a check run, within GitHub's limits.

Sources: docs.github.com/rest/checks/runs (50 annotations per request, each update adds its own; 65,535 characters of
summary, which GitHub counts as bytes: github/docs issue 35252; 255 characters of an annotation's title, 64 KB of its
message).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reconciler.model.github import Conclusion
from reconciler.model.pipeline import Annotation

ANNOTATIONS = 50
SUMMARY_BYTES = 65_535
MESSAGE_BYTES = 64_000
TITLE_CHARACTERS = 255
CUT = "…"


def render_checks(
    sha: str,
    name: str,
    conclusion: Conclusion,
    title: str,
    summary: str,
    annotations: Sequence[Annotation],
    external_id: str,
    details_url: str,
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The body that creates the check, concluded, and the bodies of the updates that add the annotations which one
    request does not take."""
    shown = {
        "title": cut(title, TITLE_CHARACTERS) or name,
        "summary": cut_bytes(summary, SUMMARY_BYTES) or title or name,
    }
    notes = [_annotation(each) for each in annotations]
    first, *others = [notes[at : at + ANNOTATIONS] for at in range(0, len(notes), ANNOTATIONS)] or [[]]
    body = {
        "name": name,
        "head_sha": sha,
        "status": "completed",
        "conclusion": conclusion,
        "output": shown | {"annotations": first},
        "external_id": external_id,
        "details_url": details_url,
    }
    updates = [{"output": shown | {"annotations": some}} for some in others]
    return {key: value for key, value in body.items() if value}, updates


def cut(text: str, characters: int) -> str:
    """The text, at most so many characters long; a mark at its end says that it was longer."""
    return text if len(text) <= characters else text[: characters - len(CUT)] + CUT


def cut_bytes(text: str, size: int) -> str:
    """The text, at most so many bytes of UTF-8 long and cut between characters, marked as `cut` does."""
    encoded = text.encode()
    if len(encoded) <= size:
        return text
    return encoded[: size - len(CUT.encode())].decode(errors="ignore") + CUT


def _annotation(annotation: Annotation) -> dict[str, Any]:
    """GitHub wants a line: what is meant for a whole file stands at its first."""
    line = max(annotation.line, 1)
    body: dict[str, Any] = {
        "path": annotation.path,
        "start_line": line,
        "end_line": line,
        "annotation_level": annotation.level,
        "message": cut_bytes(annotation.message, MESSAGE_BYTES) or annotation.title,
    }
    if annotation.line and annotation.column:
        body |= {"start_column": annotation.column, "end_column": annotation.column}
    if annotation.title:
        body["title"] = cut(annotation.title, TITLE_CHARACTERS)
    return body
