"""Whether an approval is spent: what it was for was applied already, or what was merged after it.

A plan that creates or binds something is the same plan again once somebody took that away. So a job that is run again,
or that waited for its reviewers while a newer one did not, would bring back what nobody wants any more.
"""

from __future__ import annotations

from reconciler.engine import approved
from reconciler.errors import GitError, GitHubForbidden
from reconciler.github.gateway import GitHub
from reconciler.model.pipeline import PullRequest, check_name
from reconciler.run.workplace import Workplace

MOST_COMMITS = 30
"""Newer commits of the branch that are looked at, the newest first."""


async def why_spent(place: Workplace, github: GitHub, pull: PullRequest, commit: str, tenant: str, writer: str) -> str:
    """Why what the merge approved does not hold any more, in one sentence; empty where it does.

    What was merged since is known from the branch as git has it here. Raises GitHubError.
    """
    name = check_name("apply", tenant, place.repository.location)
    for sha in (*_since(place, pull.base, commit), commit):
        if await _applied(github, sha, name, writer):
            if sha == commit:
                return f"What #{pull.number} approved was applied before: an approval is for one apply."
            return f"`{sha[:12]}` was applied already, which came after `{commit[:12]}`: its approval is out of date."
    return ""


def _since(place: Workplace, branch: str, commit: str) -> tuple[str, ...]:
    try:
        newest = place.repository.resolve(f"refs/remotes/origin/{branch}")
    except GitError:  # as in a clone of one commit
        return ()
    return place.repository.line(commit, newest, MOST_COMMITS) if newest != commit else ()


async def _applied(github: GitHub, sha: str, name: str, writer: str) -> bool:
    try:
        checks = await github.read_checks(sha, name)
        return approved.applied(tuple(each for each in checks if each.name == name), writer)
    except GitHubForbidden:  # the token of a person, which writes statuses
        statuses = await github.read_statuses(sha)
        return approved.applied_by_status(tuple(each for each in statuses if each.context == name), writer)
