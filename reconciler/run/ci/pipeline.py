"""One run of a pipeline, and how each of its stages and the whole of it end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace

from reconciler.errors import Exit, ReconcilerError
from reconciler.github.access import API, Access, open_github
from reconciler.github.event import load_run
from reconciler.github.gateway import GitHub
from reconciler.model.pipeline import PipelineRun, Stage, StageName
from reconciler.report.pipeline.failed import failed_stage
from reconciler.report.problem import lines
from reconciler.run.ci.channel import Channel
from reconciler.run.ci.outputs import joined, write_outputs
from reconciler.run.ci.publishing import Comments, Outlets, publish
from reconciler.run.settled import parting
from reconciler.run.several import worst
from reconciler.run.workplace import Workplace

NO_TOKEN = "No GITHUB_TOKEN in the environment: GitHub is neither asked nor told."

Work = Callable[[], Awaitable[Stage]]
Telling = Callable[[Stage], Awaitable[None]]

PARTING = 5.0
"""Seconds that telling may go on once somebody wants us to stop: a runner kills what is left after ten."""


@dataclass(frozen=True)
class Pipeline(Outlets):
    """What every stage needs: where it tells of itself, and where it works."""

    place: Workplace


@asynccontextmanager
async def open_pipeline(
    place: Workplace, channel: Channel, *, comment: Comments, dry_run: bool
) -> AsyncIterator[Pipeline]:
    """The run that the environment tells of. What `place` decrypts is hidden from then on.

    Raises InvalidInput for an event that cannot be used, and GitHubError for a token or an address that cannot: going
    on without GitHub would be another run than the one that was asked for.
    """
    run = load_run(place.settings.environ)
    async with AsyncExitStack() as open_things:
        access = None if dry_run else _access(place, run)
        if run.repository and not access and not dry_run:
            channel.warn(NO_TOKEN)
        github = await open_things.enter_async_context(_opened(place, channel, access)) if access else None
        yield Pipeline(
            run=run,
            github=github,
            channel=channel,
            comment=comment,
            dry_run=dry_run,
            folder=place.repository.location,
            place=replace(place, learn=channel.hidden.learn),
        )


async def concluded(
    pipeline: Pipeline, name: StageName, tenant: str, work: Work, further: Telling | None = None
) -> Stage:
    """Does the work of a stage and publishes what it came to, free of secrets; gives that. A problem of a user's is a
    stage that failed, whose `exit_code` is that of the problem. `further` tells others of it besides.

    Somebody who wants us to stop once the work is done stops the telling only if that takes long: what was deployed
    would not be known.
    """
    try:
        stage = await work()
    except ReconcilerError as problem:
        pipeline.channel.tell("\n".join(lines(problem)))
        stage = failed_stage(name, tenant, problem, pipeline.place.repository.prefix, run=pipeline.run)
    told = pipeline.channel.hidden.stage(stage)
    pipeline.channel.show(told)
    await parting(_published(pipeline, told, further), PARTING)
    return told


async def _published(pipeline: Pipeline, stage: Stage, further: Telling | None) -> None:
    await publish(pipeline, stage)
    if further:
        await further(stage)


def ended(pipeline: Pipeline, stages: Sequence[Stage]) -> Exit:
    """Writes the outputs of all stages together; gives the exit code, the worst of them."""
    code = worst([Exit(stage.exit_code) for stage in stages])
    write_outputs(pipeline.channel, joined([stage.outputs for stage in stages], code))
    return code


def _opened(place: Workplace, channel: Channel, access: Access) -> AbstractAsyncContextManager[GitHub]:
    """GitHub, whose every request is told where the runner asks for that, by re-running a job with debug logging."""
    debug = place.settings.environ.get("RUNNER_DEBUG") == "1"

    def heard(line: str) -> None:
        if debug:
            channel.tell(f"github: {line}")

    return open_github(access, clock=place.clock, edit=channel.hidden.mask_below_marker, heard=heard)


def _access(place: Workplace, run: PipelineRun) -> Access | None:
    environ = place.settings.environ
    token = environ.get("GITHUB_TOKEN") or environ.get("GH_TOKEN", "")
    return Access(run.repository, token, environ.get("GITHUB_API_URL") or API) if run.repository and token else None
