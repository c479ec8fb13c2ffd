"""Where people find the rest."""

from __future__ import annotations

from reconciler.model.pipeline import PipelineRun
from reconciler.report.fences import span


def commit(sha: str) -> str:
    """A commit as people name it."""
    return span(sha[:12]) if sha else "files that are not committed"


def summary_of(run: PipelineRun) -> str:
    """The summary of the run, which holds everything."""
    return f"[the summary of this run]({run.url})" if run.url else "the output of the command"
