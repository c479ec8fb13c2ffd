"""Applies to tenants, one after the other, what was approved for this very commit, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reconciler.errors import GitError, GitHubError, Usage
from reconciler.model.pipeline import PullRequest, Stage
from reconciler.run.ci.approval import read_pulls
from reconciler.run.ci.delivering import Order, Turn
from reconciler.run.ci.foreign import refuse_strangers
from reconciler.run.ci.pipeline import Pipeline, concluded
from reconciler.run.ci.write_back import write_back
from reconciler.run.settled import cancel_on_signals


async def apply(pipeline: Pipeline, tenants: Sequence[str], order: Order) -> tuple[Stage, ...]:
    """One stage for each tenant, in that order; after a failure the rest is not tried, unless it is to keep going.

    What is applied is the commit that is checked out. From here on a signal undoes what was begun. Raises GitError for
    files that are not committed, Usage for a pull request that is not merged and where there is nobody to ask what was
    approved, and Refused for a run that the
    pull request of a stranger started with secrets.
    """
    refuse_strangers(pipeline.run, "apply it")
    if pipeline.run.pull and not pipeline.run.pull.merged:
        raise Usage(
            f"Pull request #{pipeline.run.pull.number} is not merged: what it changes is planned, not applied.",
            "Apply in a workflow that starts with a push to the branch that is deployed.",
        )
    if pipeline.github is None and not order.checksum and not pipeline.dry_run:
        raise Usage(
            "There is no GitHub to ask what was approved.",
            "Give GITHUB_REPOSITORY and GITHUB_TOKEN, or the --checksum of the plan.",
        )
    commit = pipeline.place.committed_tree(None).commit
    here = replace(pipeline, run=pipeline.run.model_copy(update={"sha": commit, "pull": None}))
    cancel_on_signals()
    stages: list[Stage] = []
    told = _PullRequests(here, commit)
    blocker = ""
    for tenant in tenants:
        turn = Turn(here, order, commit, tenant, blocker)
        stage = await concluded(here, "apply", tenant, turn.stage, told.tell)
        stages.append(stage)
        if turn.stopped:
            break  # there is no time to tell what was not tried
        if stage.exit_code and not order.ways.keep_going:
            blocker = blocker or tenant
    return tuple(stages)


class _PullRequests:
    """Those that brought the commit, asked for once they are to be told."""

    def __init__(self, pipeline: Pipeline, commit: str) -> None:
        self._pipeline = pipeline
        self._commit = commit
        self._found: tuple[PullRequest, ...] | None = None

    async def tell(self, stage: Stage) -> None:
        """Writes a stage into their comments; that one cannot be told changes nothing of what was done."""
        if self._found is None:
            self._found = await self._pulls()
        await write_back(self._pipeline, stage, self._found)

    async def _pulls(self) -> tuple[PullRequest, ...]:
        pipeline = self._pipeline
        if pipeline.github is None:
            return ()
        try:
            return await read_pulls(pipeline.place, pipeline.run, pipeline.github, self._commit)
        except (GitError, GitHubError) as refused:
            pipeline.channel.warn(f"No pull request is told of this: {refused.message}")
            return ()
