"""What a pipeline does not do with the content of strangers."""

from __future__ import annotations

from reconciler.errors import Refused
from reconciler.github.event import WITH_SECRETS
from reconciler.model.pipeline import PipelineRun


def refuse_strangers(run: PipelineRun, doing: str) -> None:
    """Raises Refused for what comes of a fork in a workflow that GitHub gives secrets and a token that writes.

    `pull_request_target`, and `workflow_run` after a run of the fork's pull request, are for workflows that look at the
    base branch only. One that checks out the fork's content runs it beside the secrets: its tenant file says where
    credentials are sent to, and its actions are code that runs. Which of the two is checked out is not asked: files may
    come from anywhere.
    """
    came = ""
    if run.event == WITH_SECRETS and run.pull and run.pull.fork:
        came = f"pull request #{run.pull.number} comes from a fork"
    elif run.fork:
        came = f"a run of the fork {run.fork} started this one"
    if came:
        raise Refused(
            f"A {run.event} workflow is given secrets, and {came}: to {doing} would hand them to whoever wrote it.",
            "Start the workflow with `pull_request` instead: a fork is then planned against its base branch, without "
            "any secret.",
        )
