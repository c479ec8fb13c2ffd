"""Finds out which plan was approved for the commit that is deployed. Nothing here is guessed: what GitHub does not tell
is an error, never a missing approval."""

from __future__ import annotations

from reconciler.engine import approved
from reconciler.errors import GitHubForbidden, GitHubNotFound
from reconciler.github.gateway import GitHub
from reconciler.model.approved import Approved, NothingApproved, Shown
from reconciler.model.pipeline import PipelineRun, PullRequest, check_name
from reconciler.run.ci.spent import why_spent
from reconciler.run.workplace import Workplace

MOST_COMMITS = 30
"""Commits of one push that are looked at for pull requests; a push of more tells only those of the newest."""


async def read_approval(
    place: Workplace, run: PipelineRun, github: GitHub, commit: str, tenant: str
) -> Approved | NothingApproved:
    """The plan that was approved for a tenant by the merge that made the commit, and not applied yet. Raises
    GitHubError."""
    pull = await read_merge(place, run, github, commit)
    if pull is None:
        return NothingApproved(why=_no_merge(run, commit))
    writer = await github.read_login()
    found = await _read_shown(github, pull, check_name("plan", tenant, place.repository.location), writer)
    spent = await why_spent(place, github, pull, commit, tenant, writer) if isinstance(found, Approved) else ""
    return NothingApproved(why=spent, pull=pull) if spent else found


async def _read_shown(github: GitHub, pull: PullRequest, name: str, writer: str) -> Approved | NothingApproved:
    """The plan that the pull request showed last before it was merged."""
    shown, unread = await _with_checks(github, Shown(pull=pull), name)
    found = approved.approved(shown, writer)
    if isinstance(found, Approved):
        return found
    # A status stands in for a check wherever the token that planned could write none, and for nothing else.
    try:
        shown = await _with_statuses(github, shown, name)
    except GitHubForbidden:
        if unread:
            raise unread from None
        return found.model_copy(update={"why": f"{found.why} Whether commit statuses tell of one is not known."})
    found = approved.approved(shown, writer)
    if unread and not isinstance(found, Approved):
        raise unread
    return found


async def _with_checks(github: GitHub, shown: Shown, name: str) -> tuple[Shown, GitHubForbidden | None]:
    """The checks of the plan, or why the token may not read them, as that of a person may not."""
    try:
        of_merge = await github.read_checks(shown.pull.merged, name)
        of_head = await github.read_checks(shown.pull.head, name)
    except GitHubForbidden as refused:
        return shown, refused
    both = (tuple(each for each in some if each.name == name) for some in (of_merge, of_head))
    return shown.model_copy(update={"checks": tuple(both)}), None


async def _with_statuses(github: GitHub, shown: Shown, name: str) -> Shown:
    both = [await github.read_statuses(sha) for sha in (shown.pull.merged, shown.pull.head)]
    of_merge, of_head = (tuple(each for each in some if each.context == name) for some in both)
    return shown.model_copy(update={"statuses": (of_merge, of_head)})


async def read_merge(place: Workplace, run: PipelineRun, github: GitHub, commit: str) -> PullRequest | None:
    """The pull request whose merge made the commit in the branch that is deployed, with who merged it."""
    branch = run.branch  # a tag has none: nothing is merged into it
    found = approved.merged_as(await github.read_pulls_of(commit), commit, branch)
    if found:
        whole = await github.read_pull(found.number)  # which alone tells who merged it
        return approved.merged_as([whole], commit, branch)
    # GitHub may be late with what belongs to a commit that was pushed a moment ago; its messages name it.
    hinted = [await _pull(github, number) for number in approved.named_in([place.repository.subject(commit)])]
    return approved.merged_as([pull for pull in hinted if pull], commit, branch)


async def read_pulls(place: Workplace, run: PipelineRun, github: GitHub, commit: str) -> tuple[PullRequest, ...]:
    """Every pull request that the push brought into the branch, newest first: what becomes of the commit becomes of
    each of them."""
    newest = await read_merge(place, run, github, commit)
    found = {newest.number: newest} if newest else {}
    commits = place.repository.line(run.before, commit, MOST_COMMITS)
    for sha in commits:
        pull = approved.merged_as(await github.read_pulls_of(sha), sha, run.branch) if sha != commit else None
        if pull:
            found.setdefault(pull.number, pull)
    return tuple(found.values())


async def _pull(github: GitHub, number: int) -> PullRequest | None:
    try:
        return await github.read_pull(number)
    except GitHubNotFound:  # a message may name anything, an issue for one
        return None


def _no_merge(run: PipelineRun, commit: str) -> str:
    where = run.branch or "a branch"
    return f"No pull request was merged into {where} as `{commit[:12]}`, so nobody approved a plan of it."
