"""Renders problems as GitLab's code quality report, which a merge request shows at their lines.

Source: GitLab's documents, "Code Quality report format": description, check_name, fingerprint, location.path,
location.lines.begin and severity are what it reads. A path is relative to the top of the git repository and does not
begin with `./`.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from reconciler.model.pipeline import Annotation

_SEVERITIES: dict[str, Literal["major", "minor", "info"]] = {"failure": "major", "warning": "minor", "notice": "info"}


def code_quality(check: str, annotations: Iterable[Annotation]) -> list[dict[str, Any]]:
    """An entry for each remark, as JSON knows values; `check` names what found it.

    A fingerprint stays the same when the lines above change, so that GitLab tells what is new from what was there.
    """
    return list(_entries(check, annotations))


def _entries(check: str, annotations: Iterable[Annotation]) -> Iterator[dict[str, Any]]:
    seen: Counter[tuple[str, ...]] = Counter()
    for each in annotations:
        what = (check, each.path, each.level, each.title, each.message)
        seen[what] += 1
        yield {
            "description": _description(each),
            "check_name": check,
            "fingerprint": hashlib.sha256("\0".join((*what, str(seen[what]))).encode()).hexdigest(),
            "severity": _SEVERITIES[each.level],
            "location": {"path": each.path, "lines": {"begin": max(1, each.line)}},
        }


def _description(remark: Annotation) -> str:
    return ": ".join(filter(None, (remark.title, " ".join(remark.message.split()))))
