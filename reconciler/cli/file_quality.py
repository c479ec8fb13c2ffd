"""What `reconciler validate` found, for GitLab: loaded by name, since few runs tell it."""

from __future__ import annotations

from typing import Any

from reconciler.report.pipeline.gitlab import code_quality
from reconciler.report.pipeline.places import annotated
from reconciler.run.validate import Validated


def quality_of(done: Validated, prefix: str) -> list[dict[str, Any]]:
    """Its code quality report: rule by rule, first what has none."""
    told = (*done.problems, *done.notices)
    return [entry for code in sorted({each.code for each in told}) for entry in _of_rule(code, done, prefix)]


def _of_rule(code: str, done: Validated, prefix: str) -> list[dict[str, Any]]:
    """The entries of one rule; code is empty for what has none."""
    problems, notices = ([each for each in told if each.code == code] for told in (done.problems, done.notices))
    remarks = (*annotated(problems, prefix, "failure"), *annotated(notices, prefix, "warning"))
    return code_quality(code or "reconciler-validate", remarks)
