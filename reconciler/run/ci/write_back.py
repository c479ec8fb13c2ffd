"""Writes what came of an apply into the comments of the pull requests that brought it, above the plan they showed."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.errors import GitHubError
from reconciler.github.gateway import GitHub
from reconciler.model.pipeline import PullRequest, Stage
from reconciler.report.pipeline.laid_over import tells_of_success, written_back
from reconciler.report.pipeline.markers import Marker
from reconciler.run.ci.publishing import Outlets
from reconciler.run.ci.sticky import own_comments, stick


async def write_back(to: Outlets, stage: Stage, pulls: Iterable[PullRequest]) -> None:
    """Lays a stage over the plan's comment of each pull request; a comment that cannot be written is a warning."""
    if to.comment == "never" or not stage.comment:
        return
    for pull in pulls:
        named = f"the comment of {stage.tenant} on #{pull.number}"
        if to.github is None:
            to.channel.tell(f"would lay this over {named}:\n{stage.comment}")
            continue
        try:
            to.channel.tell(f"{named}: {await _laid_over(to, to.github, stage, pull.number)}")
        except GitHubError as refused:
            to.channel.warn(f"It was not possible to write {named}: {refused.message}")


async def _laid_over(to: Outlets, github: GitHub, stage: Stage, number: int) -> str:
    mine = Marker(to.folder, stage.tenant, stage.checksum)
    there = await own_comments(github, number, mine)
    earlier = there[0].body if there else ""
    if _says_nothing_new(to, stage, earlier):
        return "not needed"
    return await stick(github, number, mine, written_back(stage, earlier))


def _says_nothing_new(to: Outlets, stage: Stage, earlier: str) -> bool:
    """A job that runs once more and finds nothing to do takes nobody's table of versions away."""
    if stage.conclusion != "success" or stage.outputs.changes:
        return False
    return tells_of_success(earlier) if earlier else to.comment == "changes"
