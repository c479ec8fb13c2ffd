"""One comment on a pull request that is written anew in its place, never a second one."""

from __future__ import annotations

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
    login = await github.read_login()
    return [each for each in await github.read_comments(number) if each.author == login and _same(each, mine)]


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


def _same(comment: Comment, mine: Marker) -> bool:
    found = parse_marker(comment.body)
    return found is not None and (found.repo, found.tenant) == (mine.repo, mine.tenant)


def _plain(body: str) -> str:
    """The text without what GitHub may change about it: line ends and what surrounds it."""
    return body.replace("\r\n", "\n").strip()
