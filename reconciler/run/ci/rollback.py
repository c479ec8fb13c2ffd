"""Rolls a tenant back because somebody asked for it, and says so where the rolled back change came from."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from reconciler.errors import GitHubError, ReconcilerError
from reconciler.github.gateway import GitHub
from reconciler.model.pipeline import Stage, check_name
from reconciler.report.pipeline.markers import Marker
from reconciler.report.pipeline.rolled_back import rollback_stage
from reconciler.run.ci.deployments import Entry, deployment, hurried
from reconciler.run.ci.foreign import refuse_strangers
from reconciler.run.ci.pipeline import Pipeline, concluded
from reconciler.run.ci.sticky import stick
from reconciler.run.deploy import Ways
from reconciler.run.rollback import ReadyBack, carry_out, prepare
from reconciler.run.rollback_wish import Wish
from reconciler.run.settled import cancel_on_signals
from reconciler.run.tenant_lock import TenantLock


async def rollback(
    pipeline: Pipeline, tenant: str, wish: Wish, ways: Ways, lock: Callable[[], TenantLock]
) -> tuple[Stage, ...]:
    """One stage; whoever asks for it approves it. From here on a signal undoes what was begun."""
    refuse_strangers(pipeline.run, "roll it back")
    cancel_on_signals()
    bad: list[str] = []

    async def work() -> Stage:
        with lock() as held:
            ready = await prepare(pipeline.place, tenant, wish, allow=ways.allow, lock=held)
            stage = await _done(pipeline, ready, ways)
        bad.extend(_left_behind(ready, stage))
        return stage

    async def further(stage: Stage) -> None:
        await _tell(pipeline, stage, bad)

    return (await concluded(pipeline, "rollback", tenant, work, further),)


async def _done(pipeline: Pipeline, ready: ReadyBack, ways: Ways) -> Stage:
    plan = ready.planned.plan
    if pipeline.dry_run:
        return rollback_stage(plan, None, ready.notes, pipeline.run)
    async with deployment(pipeline, plan.commit, plan.tenant) as entry:
        if not plan.empty:
            await entry.begin(f"Rolling back to {plan.commit[:12]}.")
        try:
            outcome = await carry_out(pipeline.place, ready, ways)
        except ReconcilerError as problem:
            await _failed(entry, problem)
            raise
        stage = rollback_stage(plan, outcome, ready.notes, pipeline.run)
        await entry.end("success", stage.title)
    return stage


async def _failed(entry: Entry, problem: ReconcilerError) -> None:
    if isinstance(problem.__cause__, asyncio.CancelledError):
        await hurried(entry.end("error", problem.message))
    else:
        await entry.end("failure", problem.message)


def _left_behind(ready: ReadyBack, stage: Stage) -> Iterable[str]:
    """The commits whose versions ran before and do not any more."""
    names = {each.name for each in stage.outputs.deployed_versions}
    versions = (action.version for action in ready.before.actions if action.name in names)
    return dict.fromkeys(each.provenance.commit for each in versions if each and each.provenance)


async def _tell(pipeline: Pipeline, stage: Stage, commits: Iterable[str]) -> None:
    """A comment of its own on each pull request that brought what was rolled back: people hear of a new one."""
    if pipeline.github is None or pipeline.comment == "never" or not stage.comment:
        return
    mine = Marker(pipeline.folder, check_name("rollback", stage.tenant))
    for commit in commits:
        try:
            for number in await _pulls(pipeline.github, commit):
                done = await stick(pipeline.github, number, mine, stage.comment)
                pipeline.channel.tell(f"the comment of the rollback on #{number}: {done}")
        except GitHubError as refused:
            pipeline.channel.warn(f"The pull request of {commit[:12]} was not told: {refused.message}")


async def _pulls(github: GitHub, commit: str) -> tuple[int, ...]:
    """Those that were merged as the commit; one that merely holds it did not deploy it."""
    return tuple(pull.number for pull in await github.read_pulls_of(commit) if pull.merged == commit)
