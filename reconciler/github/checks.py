"""The bodies that write a check run. Source: docs.github.com/rest/checks/runs: 50 annotations per request, and each
update adds its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reconciler.model.github import Conclusion
from reconciler.model.pipeline import Annotation

ANNOTATIONS = 50


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
    shown = {"title": title or name, "summary": summary or title or name}
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


def _annotation(annotation: Annotation) -> dict[str, Any]:
    """GitHub wants a line: what is meant for a whole file stands at its first."""
    line = max(annotation.line, 1)
    body: dict[str, Any] = {
        "path": annotation.path,
        "start_line": line,
        "end_line": line,
        "annotation_level": annotation.level,
        "message": annotation.message or annotation.title,
    }
    if annotation.line and annotation.column:
        body |= {"start_column": annotation.column, "end_column": annotation.column}
    if annotation.title:
        body["title"] = annotation.title
    return body
