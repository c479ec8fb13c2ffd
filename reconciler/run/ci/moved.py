"""Why a plan is not the one that was approved, as far as git alone can tell."""

from __future__ import annotations

from reconciler.errors import GitError
from reconciler.model.approved import Approved, NothingApproved
from reconciler.model.pipeline import PullRequest
from reconciler.run.workplace import Workplace

NAMED = 5
"""Commits that are named; the rest is counted."""


def why_moved(place: Workplace, found: Approved | NothingApproved | None, commit: str) -> tuple[str, ...]:
    """What came between the plan that was shown and the commit that it is to be applied at, one sentence each; nothing
    where no plan was approved."""
    if not isinstance(found, Approved):
        return ()
    if found.pull is None:
        return ("The checksum was given by hand: the tenant or the branch moved since it was shown.",)
    try:
        between = _between(place, found.pull, commit)
    except GitError:
        between = None
    if between is None:
        return ("Since it was shown, something else was merged, or the tenant moved.",)
    if not between:
        return ("Nothing else was merged since it was shown: the tenant moved.",)
    named = "; ".join(f"`{each[:12]}` {_subject(place, each)}".strip() for each in between[:NAMED])
    more = f" and {len(between) - NAMED} more" if len(between) > NAMED else ""
    return (
        f"Since its branch was made, this was merged, too: {named}{more}. The tenant may have moved as well.",
        "A plan that is made anew right before the merge, when nothing else is being deployed, holds.",
    )


def _subject(place: Workplace, commit: str) -> str:
    return place.repository.subject(commit).replace("`", "'")


def _between(place: Workplace, pull: PullRequest, commit: str) -> tuple[str, ...] | None:
    """What the branch got besides the pull request, newest first; None where git does not tell, as after a squash,
    which leaves no line between the two."""
    repository = place.repository
    parents = repository.parents(commit)
    if len(parents) < 2 or pull.head not in parents[1:]:
        return None
    since = repository.merge_base(parents[0], pull.head)
    if not since:
        return None
    return repository.line(since, parents[0], NAMED * 20) if since != parents[0] else ()
