"""One comment on a pull request that is written anew in its place, never a second one."""

from __future__ import annotations

from collections.abc import Collection

from reconciler.errors import GitHubNotFound
from reconciler.github.gateway import GitHub
from reconciler.model.github import Comment
from reconciler.report.pipeline.markers import Marker, marker, parse_marker


async def stick(github: GitHub, number: int, mine: Marker, text: str) -> str:
    """Makes the comment say the text, or takes it away where there is none; gives what was done, in one word.

    Ours is what begins with the marker and was written by the login of our token: what others wrote is never touched,
    whatever it begins with. Of several, as two runs at the same moment make them, the first stays. Nothing is sent
    where the comment says just that already.
    """
    ours = await own_comments(github, number, mine)
    for doomed in ours[1:] if text else ours:
        await _delete(github, doomed)
    if not text:
        return "deleted" if ours else "not needed"
    body = f"{marker(mine.repo, mine.tenant, mine.checksum, mine.head)}\n{text}"
    if ours and _plain(ours[0].body) == _plain(body):
        return "unchanged"
    return await _written(github, number, ours[0] if ours else None, body)


async def own_comments(github: GitHub, number: int, mine: Marker) -> list[Comment]:
    """What we wrote there with that marker, oldest first: one, as a rule."""
    return [
        each for each, found in await _ours(github, number) if (found.repo, found.tenant) == (mine.repo, mine.tenant)
    ]


async def take_away(github: GitHub, number: int, repo: str, besides: Collection[str]) -> list[str]:
    """Takes away what we wrote there for one repository, but for the comments of these tenants; gives whose it was."""
    doomed = [
        (each, found.tenant)
        for each, found in await _ours(github, number)
        if found.repo == repo and found.tenant not in besides
    ]
    for each, _ in doomed:
        await _delete(github, each)
    return [tenant for _, tenant in doomed]


async def _ours(github: GitHub, number: int) -> list[tuple[Comment, Marker]]:
    login = await github.read_login()
    marked = ((each, parse_marker(each.body)) for each in await github.read_comments(number) if each.author == login)
    return [(each, found) for each, found in marked if found]


async def _written(github: GitHub, number: int, there: Comment | None, body: str) -> str:
    if there:
        try:
            await github.update_comment(there.id, body)
            return "updated"
        except GitHubNotFound:
            pass  # somebody deleted it in this very moment
    await github.create_comment(number, body)
    return "created"


async def _delete(github: GitHub, comment: Comment) -> None:
    try:
        await github.delete_comment(comment.id)
    except GitHubNotFound:
        return  # another run was faster


def _plain(body: str) -> str:
    """The text without what GitHub may change about it: line ends and what surrounds it."""
    return body.replace("\r\n", "\n").strip()
