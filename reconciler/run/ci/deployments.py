"""The entry of an apply in GitHub's list of deployments: one for each tenant, under the environment of its name.

A job with `environment:` has GitHub make one by itself (docs.github.com/actions, "Deployment environments"); that one
is used, so that there are never two. What GitHub refuses here is a warning: it changes nothing of what is deployed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager

from reconciler.errors import GitHubError, GitHubUnreachable
from reconciler.github.gateway import DeploymentState, GitHub
from reconciler.run.ci.publishing import Outlets
from reconciler.run.settled import in_spite_of_all

ENDED = ("success", "failure", "error", "inactive")
"""States after which a deployment is not under way any more."""
PATIENCE = 20.0
"""Seconds that GitHub is given to take an entry: the tenant is locked meanwhile."""
HURRY = 2.0
"""Seconds that telling GitHub may take once somebody wants us to stop: a runner kills what is left after ten."""


class Entry:
    """The deployment of one commit to one environment; made when it is first told of."""

    def __init__(self, to: Outlets, commit: str, environment: str) -> None:
        self._to = to
        self._commit = commit
        self._environment = environment
        self._id: int | None = None
        self._begun = False
        self._ended = False

    async def begin(self, description: str) -> None:
        """Says that it is under way."""
        self._begun = True
        await self._tell("in_progress", description)

    async def end(self, state: DeploymentState, description: str) -> None:
        """Says what came of it."""
        await self._tell(state, description)
        self._ended = True

    async def stopped(self) -> None:
        """Says that it was stopped, in a hurry, where it was said to be under way."""
        if self._begun and not self._ended:
            await hurried(self.end("error", "It was stopped before it ended."))

    async def _tell(self, state: DeploymentState, description: str) -> None:
        to, text = self._to, self._to.channel.hidden.mask(description)
        if to.dry_run and to.run.repository:
            to.channel.tell(f"would set the deployment of {self._environment} to {state}: {text}")
        if to.github is None:
            return
        try:
            await asyncio.wait_for(self._written(to.github, state, text), PATIENCE)
        except (GitHubError, TimeoutError) as problem:
            why = problem.message if isinstance(problem, GitHubError) else f"no answer within {PATIENCE:.0f} s."
            to.channel.warn(f"The deployment of {self._environment} was not set to {state}: {why}")

    async def _written(self, github: GitHub, state: DeploymentState, text: str) -> None:
        if self._id is None:
            there = await _under_way(github, self._commit, self._environment)
            self._id = await _created(github, self._commit, self._environment) if there is None else there
        try:
            await github.create_deployment_status(self._id, state, text, self._to.run.url)
        except GitHubUnreachable:
            states = await github.read_deployment_states(self._id)
            if states[:1] != (state,):  # the request was lost, not its answer
                await github.create_deployment_status(self._id, state, text, self._to.run.url)


@asynccontextmanager
async def deployment(to: Outlets, commit: str, environment: str) -> AsyncIterator[Entry]:
    """The entry; whatever ends the block, it is not left under way."""
    entry = Entry(to, commit, environment)
    try:
        yield entry
    except BaseException:
        await in_spite_of_all(entry.stopped())
        raise


async def hurried(telling: Awaitable[None]) -> None:
    """Tells, or gives up where that takes too long."""
    try:
        await asyncio.wait_for(telling, HURRY)
    except TimeoutError:
        return


async def _under_way(github: GitHub, commit: str, environment: str) -> int | None:
    """The newest one, if it did not end: that of this very job, or one that was killed."""
    newest = next(iter(await github.read_deployments(commit, environment)), None)
    if newest is None:
        return None
    states = await github.read_deployment_states(newest.id)
    return None if states and states[0] in ENDED else newest.id


async def _created(github: GitHub, commit: str, environment: str) -> int:
    try:
        return (await github.create_deployment(commit, environment, f"reconciler apply to {environment}")).id
    except GitHubUnreachable:
        made = await _under_way(github, commit, environment)  # the answer may have been lost, not the request
        if made is None:
            raise
        return made
