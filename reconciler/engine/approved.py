"""Which plan was approved by a merge: the one that the pull request showed last before it.

What may be held for an approval, and by whom it can be forged:
- A comment never: whoever may write to the repository may edit it.
- A check counts only of the app that our own token writes as. A workflow on any branch with `checks: write` writes as
  github-actions, too: where people who may push are not those who may deploy, an app with a key of its own is needed.
- A commit status counts only of the login that our own token writes as, for the same reason.
- An approval is for one apply: once that went well, or that of a newer commit, it is spent (run/ci/spent.py).
- What was written after the merge was seen by nobody who merged, so it counts for nothing.
- A pull request counts only if this very commit is what its merge made, in the branch that is deployed: one that was
  merged into a branch of somebody's own was reviewed by nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from reconciler.model.approved import Approved, NothingApproved, Shown
from reconciler.model.github import CheckRun, CommitStatus
from reconciler.model.pipeline import PullRequest

BOT = "[bot]"
"""Ends the login of every app; what stands before it is the app's slug."""

_CHECKSUM = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


def merged_as(pulls: Iterable[PullRequest], commit: str, branch: str) -> PullRequest | None:
    """The pull request whose merge made the commit in the branch, the newest where there are several."""
    found = [pull for pull in pulls if commit and pull.merged == commit and pull.base == branch]
    return max(found, key=lambda pull: (pull.merged_at, pull.number), default=None)


def approved(shown: Shown, writer: str) -> Approved | NothingApproved:
    """The plan that was approved by the merge; `writer` is the login that our own token writes as.

    A merge queue plans the commit that it makes, so what was shown there comes before what was shown on the head.
    """
    pull, late = shown.pull, False
    for checks in shown.checks:
        ours = [check for check in checks if _app(writer) and check.app == _app(writer)]
        in_time = [check for check in ours if _before(check.completed_at, pull.merged_at)]
        if in_time:
            return _by_check(pull, in_time[0])
        late = late or bool(ours)
    for statuses in shown.statuses:
        written = [status for status in statuses if status.creator == writer]
        in_time_too = [status for status in written if _before(status.created_at, pull.merged_at)]
        if in_time_too:
            return _by_status(pull, in_time_too[0])
        late = late or bool(written)
    return NothingApproved(why=_why_none(shown, writer, late), pull=pull)


def applied(checks: Iterable[CheckRun], writer: str) -> bool:
    """Whether one of the checks of an apply, as our own token wrote it, says that it went well."""
    return any(_app(writer) and check.app == _app(writer) and check.conclusion == "success" for check in checks)


def applied_by_status(statuses: Iterable[CommitStatus], writer: str) -> bool:
    """The same of commit statuses: one of an apply that was not even tried is no failure, but tells no checksum."""
    ours = (status for status in statuses if status.creator == writer and status.state == "success")
    return any(_CHECKSUM.search(status.description) for status in ours)


def named_in(messages: Iterable[str]) -> tuple[int, ...]:
    """The pull requests that messages of commits name in the ways that GitHub writes by itself, each once: a hint where
    to look, never more."""
    found = (int(number) for text in messages for number in re.findall(r"(?:pull request |\()#([0-9]{1,9})\b", text))
    return tuple(dict.fromkeys(found))


def _by_check(pull: PullRequest, check: CheckRun) -> Approved | NothingApproved:
    if check.conclusion not in ("success", "neutral"):
        ended = check.conclusion or "it did not end"
        return NothingApproved(why=f"The plan of #{pull.number} failed ({ended}).", pull=pull)
    return _read(pull, check.external_id, check.title, check.url)


def _by_status(pull: PullRequest, status: CommitStatus) -> Approved | NothingApproved:
    if status.state != "success":
        return NothingApproved(why=f"The plan of #{pull.number} failed ({status.state}).", pull=pull)
    return _read(pull, status.description, status.description)


def _read(pull: PullRequest, text: str, title: str, url: str = "") -> Approved | NothingApproved:
    found: Sequence[str] = _CHECKSUM.findall(text)
    if len(found) != 1:
        told = f" ({title})" if title else ""
        why = (
            f"#{pull.number} showed no plan that could be approved{told}: nothing to change, or not made of the tenant."
        )
        return NothingApproved(why=why, pull=pull)
    return Approved(checksum=found[0], pull=pull, by=pull.merged_by, title=title, url=url)


def _why_none(shown: Shown, writer: str, late: bool) -> str:
    number = shown.pull.number
    if late:
        return f"The plan of #{number} was made after the merge, so nobody who merged it can have seen it."
    others = sorted({check.app for checks in shown.checks for check in checks})
    others += sorted({status.creator for statuses in shown.statuses for status in statuses})
    if others:
        return f"The plan of #{number} was not written by {writer}, but by {', '.join(others)}."
    return f"No plan was made for #{number}."


def _app(writer: str) -> str:
    """The slug of the app that a login stands for; empty for a person, who writes no checks."""
    return writer.removesuffix(BOT) if writer.endswith(BOT) else ""


def _before(instant: str, other: str) -> bool:
    """Whether an instant is not after the other one; what is not known to be before is not."""
    try:
        return _parsed(instant) <= _parsed(other)
    except ValueError:
        return False


def _parsed(instant: str) -> datetime:
    parsed = datetime.fromisoformat(instant)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
