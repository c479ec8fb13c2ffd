"""The one issue of a tenant's drift: found, opened, changed, closed, and opened again when drift comes back.

It is opened again rather than made anew, so that a tenant has one issue for good: whoever follows it hears of it, and
what was said of earlier drift stays at hand. Whoever closes it by hand while something stands sees it open again; what
may stay is said in the tenant file, with a reason and a last day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from reconciler.github.gateway import GitHub
from reconciler.model.github import Issue
from reconciler.model.sighting import Sighting
from reconciler.report.pipeline.drift_issue import IssueText, duplicate_comment, orphaned
from reconciler.report.pipeline.drift_marker import DriftMarker, parse_drift_marker

LABEL = "reconciler-drift"

Done = Literal["opened", "opened again", "updated", "unchanged", "closed", "not needed"]


@dataclass(frozen=True)
class Whose:
    """The tenant that an issue is about, of which repository, in which folder of the git repository."""

    repo: str
    tenant: str
    folder: str = "."


@dataclass(frozen=True)
class Kept:
    """The issues of one tenant that are ours: those that are open, oldest first, one as a rule."""

    whose: Whose
    login: str
    open: tuple[Issue, ...]

    @property
    def marker(self) -> DriftMarker | None:
        """What the open one tells."""
        return parse_drift_marker(self.open[0].body) if self.open else None

    @property
    def told(self) -> tuple[Sighting, ...]:
        """What it tells of."""
        return self.marker.told if self.marker else ()


@dataclass(frozen=True)
class Comments:
    """What is said in the issue when it is closed or opened again; both are Markdown."""

    closing: str
    reopening: str


async def read_kept(github: GitHub, whose: Whose) -> Kept:
    """The open issues of a tenant. Where none has the label, which people take away and GitHub drops where the token
    may not set it, they are looked for among all that we wrote: an issue that is not found is made again."""
    login = await github.read_login()
    labelled = _ours(await github.read_issues(LABEL), whose, login)
    found = labelled or _ours(await github.read_issues(creator=login), whose, login)
    return Kept(whose, login, found)


async def settle(
    github: GitHub, kept: Kept, text: IssueText | None, comments: Comments, labels: Sequence[str]
) -> tuple[Issue | None, Done]:
    """Makes the issue tell the text, or closes it where there is none; gives it, and what was done.

    Nothing is written where it tells the same already. Of several, as two runs at the same moment make them, the oldest
    stays.
    """
    for doomed in kept.open[1:]:
        await _close(github, doomed, duplicate_comment(kept.open[0].number))
    if text is None:
        return await _closed(github, kept, comments)
    if kept.open:
        return await _updated(github, kept, text)
    return await _opened(github, kept, text, comments, labels)


async def close_orphans(github: GitHub, here: Whose, tenants: Collection[str]) -> tuple[Issue, ...]:
    """Closes the issues of tenants that the repository has no more, and gives them: no run looks there, so that nobody
    else would. They say so in their text rather than in a comment, as several runs at once may close them."""
    login = await github.read_login()
    gone = [
        (issue, marker)
        for issue, marker in _marked(await github.read_issues(LABEL), login)
        if (marker.repo, marker.folder) == (here.repo, here.folder) and marker.tenant not in tenants
    ]
    for issue, marker in gone:
        await github.update_issue(issue.number, issue.title, orphaned(marker))
        await github.close_issue(issue.number)
    return tuple(issue for issue, _ in gone)


async def _closed(github: GitHub, kept: Kept, comments: Comments) -> tuple[Issue | None, Done]:
    if not kept.open:
        return None, "not needed"
    await _close(github, kept.open[0], comments.closing)
    return kept.open[0], "closed"


async def _updated(github: GitHub, kept: Kept, text: IssueText) -> tuple[Issue, Done]:
    there = kept.open[0]
    if kept.marker and kept.marker.digest == text.marker.digest and there.title == text.title:
        return there, "unchanged"
    return await github.update_issue(there.number, text.title, text.body), "updated"


async def _opened(
    github: GitHub, kept: Kept, text: IssueText, comments: Comments, labels: Sequence[str]
) -> tuple[Issue, Done]:
    closed = await github.read_issues(LABEL, "closed", kept.login)
    before = _ours(closed, kept.whose, kept.login)
    if before:
        again = await github.reopen_issue(before[-1].number, text.title, text.body)
        await github.create_comment(again.number, comments.reopening)
        return again, "opened again"
    made = await github.create_issue(text.title, text.body, (LABEL, *labels))
    return await _first(github, kept, made), "opened"


async def _first(github: GitHub, kept: Kept, made: Issue) -> Issue:
    """The one that goes on where another run opened one at the same moment: both see both, and keep the older one."""
    now = await read_kept(github, kept.whose)
    first = min([made, *now.open], key=_number)
    if first.number != made.number:
        await _close(github, made, duplicate_comment(first.number))
    return first


async def _close(github: GitHub, issue: Issue, comment: str) -> None:
    await github.close_issue(issue.number)
    await github.create_comment(issue.number, comment)


def _ours(issues: Sequence[Issue], whose: Whose, login: str) -> tuple[Issue, ...]:
    """Those of that tenant that we wrote, oldest first."""
    ours = [issue for issue, marker in _marked(issues, login) if _whose(marker) == whose]
    return tuple(sorted(ours, key=_number))


def _marked(issues: Sequence[Issue], login: str) -> Iterator[tuple[Issue, DriftMarker]]:
    """What we wrote, each with its marker: what others wrote is never touched, whatever it begins with."""
    for issue in issues:
        marker = parse_drift_marker(issue.body) if issue.author == login else None
        if marker:
            yield issue, marker


def _whose(marker: DriftMarker) -> Whose:
    return Whose(marker.repo, marker.tenant, marker.folder)


def _number(issue: Issue) -> int:
    return issue.number
