"""Tells what a stage came to: the step summary, a check or what stands in for it, the sticky comment.

Each delivery goes its own way: where one fails, that is told as a warning and the others go on. None of them changes
what a stage did, nor its exit code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reconciler.errors import GitHubError, GitHubIncomplete
from reconciler.github.files import command
from reconciler.github.gateway import GitHub
from reconciler.github.sizes import DESCRIPTION
from reconciler.model.github import CommitStatus
from reconciler.model.pipeline import Annotation, PipelineRun, PullRequest, Stage, check_name
from reconciler.report.fences import quiet
from reconciler.report.pipeline.budget import CHECK_BYTES, SUMMARY_BYTES, within
from reconciler.report.pipeline.links import summary_of
from reconciler.report.pipeline.markers import Marker
from reconciler.run.ci.channel import Channel
from reconciler.run.ci.sticky import stick

Comments = Literal["always", "changes", "never"]

OF_A_TENANT = ("plan", "apply", "rollback")
"""The stages that share the comment of their tenant; any other has one of its own."""

MOST_ANNOTATIONS = 500
"""Remarks of a check: each request takes 50, and GitHub slows down whoever writes for long. All are in the summary."""

LEAST_ROOM = 512
"""Bytes of a step summary below which nothing is added to it."""

_LEVELS = {"failure": "error", "warning": "warning", "notice": "notice"}
_REST = "The rest did not fit in here."


@dataclass(frozen=True)
class Outlets:
    """Where a pipeline tells what its stages came to.

    `github` is None away from GitHub, without a token and in a dry run. `folder` is that of the repository within the
    git repository, `.` at its top: several may share one pull request.
    """

    run: PipelineRun
    github: GitHub | None
    channel: Channel
    comment: Comments
    dry_run: bool
    folder: str


async def publish(to: Outlets, stage: Stage) -> None:
    """Delivers a stage to wherever it can be delivered; it holds no secret any more."""
    _append_summary(to, stage)
    await _tell_check(to, stage)
    await _tell_comment(to, stage)


def _append_summary(to: Outlets, stage: Stage) -> None:
    if not to.channel.files.summary or not stage.summary:
        return
    room = min(SUMMARY_BYTES, to.channel.files.summary_room) - 1
    if room < LEAST_ROOM:
        to.channel.warn(f"The step summary is full: {stage.check} is not told in it.")
        return
    try:
        to.channel.files.append_summary(within(stage.summary, room, _REST).rstrip("\n") + "\n\n")
    except OSError as problem:
        to.channel.warn(f"The step summary cannot be written: {problem.strerror}.")


async def _tell_check(to: Outlets, stage: Stage) -> None:
    """A check where the token may write one, else a commit status, and the annotations for the runner."""
    if not to.run.subject:
        _annotate(to, stage)
    elif to.dry_run:
        to.channel.tell(
            f"would write the check {_check(to, stage)} on {to.run.subject[:12]}: {stage.conclusion}, {stage.title}"
        )
        to.channel.tell(f"would annotate {len(stage.annotations)} places")
        _annotate(to, stage)
    elif to.github is None or not await _created_check(to, to.github, stage):
        _annotate(to, stage)


async def _created_check(to: Outlets, github: GitHub, stage: Stage) -> bool:
    try:
        await github.create_check(
            to.run.subject,
            _check(to, stage),
            stage.conclusion,
            stage.title,
            within(stage.summary, CHECK_BYTES, f"The rest is in {summary_of(to.run)}."),
            stage.annotations[:MOST_ANNOTATIONS],
            stage.checksum,
            to.run.url,
        )
        return True
    except GitHubIncomplete as partly:
        to.channel.warn(f"The check {_check(to, stage)} does not mark all that it tells of: {partly.message}")
        return True
    except GitHubError as refused:
        why = refused.message
    try:
        await github.create_status(to.run.subject, _status(to, stage), to.run.url)
        to.channel.warn(f"The check {_check(to, stage)} was not written, a commit status stands in for it: {why}")
    except GitHubError as refused:
        to.channel.warn(f"Neither a check nor a commit status {_check(to, stage)} was written: {why} {refused.message}")
    return False


def _check(to: Outlets, stage: Stage) -> str:
    return check_name(stage.name, stage.tenant, to.folder)


def _status(to: Outlets, stage: Stage) -> CommitStatus:
    """The checksum stands at the end, whole: what has to give way to it is the sentence."""
    room = DESCRIPTION - len(stage.checksum) - 1 if stage.checksum else DESCRIPTION
    title = stage.title if len(stage.title) <= room else stage.title[: room - 1] + "…"
    return CommitStatus(
        context=_check(to, stage),
        state="failure" if stage.conclusion == "failure" else "success",
        description=f"{title} {stage.checksum}".rstrip(),
    )


def _annotate(to: Outlets, stage: Stage) -> None:
    if to.channel.command:
        for each in stage.annotations:
            to.channel.command(_annotation(each))


def _annotation(each: Annotation) -> str:
    return command(
        _LEVELS[each.level],
        each.message,
        file=each.path,
        line=str(each.line or ""),
        col=str(each.column or ""),
        title=each.title,
    )


async def _tell_comment(to: Outlets, stage: Stage) -> None:
    pull = to.run.pull
    if pull is None or to.comment == "never" or not (stage.tenant or stage.comment):
        return
    text, named = _text(to, stage), f"the comment of {_whose(stage)} on #{pull.number}"
    if to.dry_run:
        to.channel.tell(f"would make {named} say this:\n{text}" if text else f"would leave {named} out")
    elif to.github:
        try:
            gone_by = await late(to.github, pull)
            to.channel.tell(f"{named}: {gone_by or await stick(to.github, pull.number, _mine(to, stage), text)}")
        except GitHubError as refused:
            to.channel.warn(f"It was not possible to write {named}: {refused.message}")


async def late(github: GitHub, pull: PullRequest) -> str:
    """Why this run has nothing to say any more, empty where it has: what it shows is not what a merge would apply, as
    when an older run is run again."""
    now = await github.read_pull(pull.number)
    if now.merged:
        return "left alone, as it is merged"
    return "" if now.head == pull.head else f"left alone, as it is at {now.head[:12]} by now"


def _text(to: Outlets, stage: Stage) -> str:
    """What the comment is to say; where there is nothing to say, and it is to stand all the same, the stage's title."""
    always = to.comment == "always" and stage.name in OF_A_TENANT
    return stage.comment or (f"**{stage.check}**: {quiet(stage.title)}\n" if always else "")


def _mine(to: Outlets, stage: Stage) -> Marker:
    head = to.run.pull.head if to.run.pull and stage.checksum else ""
    return Marker(to.folder, _whose(stage), stage.checksum, head)


def _whose(stage: Stage) -> str:
    """What a comment tells of: a tenant, or a stage that is not about one tenant's change."""
    return stage.tenant if stage.name in OF_A_TENANT and stage.tenant else stage.check
