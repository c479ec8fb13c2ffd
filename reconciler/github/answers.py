"""What GitHub's answers say, refusals first.

Sources: docs.github.com/rest, "Troubleshooting the REST API" (404 instead of 403, x-accepted-github-permissions),
"Rate limits for the REST API", and the error schemas of GitHub's OpenAPI description.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import httpx

from reconciler.errors import GitHubError, GitHubForbidden, GitHubNotFound, GitHubRejected

SHOWN = 300
HIDDEN = "<secret>"

N = TypeVar("N")


def parse_answer(answer: httpx.Response) -> Any:
    """The JSON of an answer, None where it has none to give; raises GitHubRejected for anything else, such as a
    proxy's page."""
    if answer.status_code == httpx.codes.NO_CONTENT:
        return None
    try:
        return answer.json()
    except ValueError:
        raise GitHubRejected(
            f"{answer.request.url.host} does not answer as GitHub does (to {asked(answer)}).",
            "Check GITHUB_API_URL, and what stands between here and GitHub.",
            status=answer.status_code,
        ) from None


def noun(parse: Callable[[Any], N], raw: Any) -> N:
    """What an answer means; raises GitHubRejected for one that is not shaped as GitHub shapes it."""
    try:
        return parse(raw)
    except (KeyError, TypeError, AttributeError, ValueError) as odd:
        raise GitHubRejected(
            f"GitHub answered in an unknown shape ({type(odd).__name__}).", "Check what GITHUB_API_URL leads to."
        ) from odd


def refusal(answer: httpx.Response, token: str) -> GitHubError:
    """The error that a refusal is, rate limits excepted; GitHub's words are in it, the token never is."""
    status = answer.status_code
    words = spoken(answer, token)
    said = f"{asked(answer)} was refused with {status}: {words}"
    if status == httpx.codes.UNAUTHORIZED:
        return GitHubForbidden(f"GitHub refuses the token: {words}.", "Check GITHUB_TOKEN.", status=status)
    if status == httpx.codes.FORBIDDEN:
        return GitHubForbidden(said, _permission(answer, words), status=status)
    if status == httpx.codes.NOT_FOUND:
        return GitHubNotFound(said, _permission(answer, words), status=status)
    if answer.is_server_error:
        return GitHubRejected(
            said, f"See GitHub's status page, then run it again.{unsure(answer.request)}", status=status
        )
    return GitHubRejected(said, "See what GitHub says.", status=status)


def unsure(request: httpx.Request) -> str:
    """What to add where nobody knows whether a request took effect: nothing for one that only reads, as all queries of
    GraphQL do."""
    return (
        ""
        if request.method == "GET" or request.url.path.endswith("/graphql")
        else " What it was to write may have been written."
    )


def asked(answer: httpx.Response) -> str:
    """What was asked, without the query."""
    return f"{answer.request.method} {answer.request.url.path}"


def spoken(answer: httpx.Response, token: str) -> str:
    """The reason an answer gives, in GitHub's words and on one line of a sane length."""
    words = " ".join("; ".join(_words(answer)).split()) or answer.reason_phrase
    return (words.replace(token, HIDDEN) if token else words)[:SHOWN]


def _words(answer: httpx.Response) -> Iterator[str]:
    """The message, then each error of a 422; the values that were sent are left out."""
    try:
        body = answer.json()
    except ValueError:
        return
    if not isinstance(body, dict):
        return
    yield str(body.get("message") or "")
    errors = body.get("errors")
    for each in errors if isinstance(errors, list) else ():
        if isinstance(each, dict):
            yield str(
                each.get("message") or " ".join(str(each.get(key) or "") for key in ("resource", "field", "code"))
            )
        else:
            yield str(each)


def _permission(answer: httpx.Response, words: str) -> str:
    """How a token gets what it lacks."""
    if "create or approve pull requests" in words:
        return "Allow it in the repository's settings (Actions, General), or use the token of an app."
    if "x-github-sso" in answer.headers:
        return "Authorize the token for the organization's single sign-on."
    permissions = answer.headers.get("x-accepted-github-permissions", "")
    if permissions:
        return f"Give the job's token the permission {_as_in_workflows(permissions)}; a fork's only ever reads."
    scopes = answer.headers.get("x-accepted-oauth-scopes", "")
    if scopes:
        return f"Give the token the scope {scopes}, and check the name of the repository."
    return "Check the name of the repository and what the token may do."


def _as_in_workflows(permissions: str) -> str:
    """`a=write,b=read; c=read` as a workflow's `permissions` has it: commas join what is needed together, semicolons
    are choices."""
    ways = [
        " and ".join(f"`{each.strip().replace('=', ': ').replace('_', '-')}`" for each in way.split(","))
        for way in permissions.split(";")
    ]
    return " or ".join(ways)
