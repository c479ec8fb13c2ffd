"""Comments, issues and pull requests."""

from __future__ import annotations

import subprocess
from typing import Any

from starlette.responses import JSONResponse, Response

from tests.github.standin.door import Visit, paged
from tests.github.standin.refusals import Refused, invalid, no, not_found, refused
from tests.github.standin.state import Comment, Issue, Pull

BODY = 65_536
TITLE = 256


async def list_comments(visit: Visit) -> Response:
    number = _conversation(visit, "read")
    return paged(visit, [visit.shapes.comment(each) for each in visit.state.comments_on(number)])


async def create_comment(visit: Visit) -> Response:
    number = _conversation(visit, "write")
    body = _comment_body(await visit.body())
    now = visit.state.tick()
    made = Comment(next(visit.state.ids), number, body, visit.token.login, now, now)
    visit.state.comments[made.id] = made
    return _created(visit.shapes.comment(made))


async def update_comment(visit: Visit) -> Response:
    comment = _comment(visit)
    comment.body = _comment_body(await visit.body())
    comment.updated_at = visit.state.tick()
    return JSONResponse(visit.shapes.comment(comment))


async def delete_comment(visit: Visit) -> Response:
    del visit.state.comments[_comment(visit).id]
    return Response(status_code=204)


async def list_issues(visit: Visit) -> Response:
    """Pull requests are issues, too. Newest first."""
    visit.needs("read", "issues")
    asked = visit.request.query_params
    state, labels = asked.get("state", "open"), [each for each in asked.get("labels", "").split(",") if each]
    creator = asked.get("creator", "")
    shown = {issue.number: visit.shapes.issue(issue) for issue in visit.state.issues.values()}
    shown |= {pull.number: visit.shapes.issue_of(pull) for pull in visit.state.pulls.values()}
    listed = [
        each
        for _, each in sorted(shown.items(), reverse=True)
        if state in ("all", each["state"])
        and set(labels) <= {label["name"] for label in each["labels"]}
        and creator in ("", each["user"]["login"])
    ]
    return paged(visit, listed)


async def create_issue(visit: Visit) -> Response:
    visit.needs("write", "issues")
    if not visit.state.issues_enabled:
        raise no(410, "Issues has been disabled in this repository.")
    sent = await visit.body()
    now = visit.state.tick()
    title, body = _titled("Issue", sent)
    made = Issue(visit.state.next_number(), title, body, list(sent.get("labels", ())), visit.token.login, now, now)
    visit.state.issues[made.number] = made
    return _created(visit.shapes.issue(made))


async def update_issue(visit: Visit) -> Response:
    visit.needs("write", "issues")
    issue = visit.state.issues.get(visit.number("number"))
    if issue is None:
        raise not_found()
    sent = await visit.body()
    if sent.get("state", "open") not in ("open", "closed"):
        raise invalid("Issue", "state", "invalid")
    issue.title, issue.body = _titled("Issue", {"title": issue.title, "body": issue.body} | sent)
    issue.labels = sent.get("labels", issue.labels)
    issue.updated_at = visit.state.tick()
    if "state" in sent:
        issue.state, issue.state_reason = sent["state"], sent.get("state_reason")
        issue.closed_at = issue.updated_at if issue.state == "closed" else None
    return JSONResponse(visit.shapes.issue(issue))


async def assign(visit: Visit) -> Response:
    """Whoever cannot be assigned is left out without a word."""
    visit.needs("write", "issues")
    issue = visit.state.issues.get(visit.number("number"))
    if issue is None:
        raise not_found()
    asked = (await visit.body()).get("assignees", [])
    issue.assignees += [each for each in asked if each in visit.state.people and each not in issue.assignees]
    return _created(visit.shapes.issue(issue))


async def read_pull(visit: Visit) -> Response:
    visit.needs("read", "pull_requests")
    return JSONResponse(visit.shapes.pull(_pull(visit)))


async def list_pulls(visit: Visit) -> Response:
    """Newest first; `head` is owner:branch."""
    visit.needs("read", "pull_requests")
    asked = visit.request.query_params
    listed = [
        visit.shapes.pull_of_a_list(pull)
        for _, pull in sorted(visit.state.pulls.items(), reverse=True)
        if asked.get("state", "open") in ("all", pull.state)
        and asked.get("base", pull.base) == pull.base
        and asked.get("head", _head(pull)) == _head(pull)
    ]
    return paged(visit, listed)


async def list_pulls_of(visit: Visit) -> Response:
    """Of a commit: that which brought it to the default branch, otherwise those that hold it."""
    visit.needs("read", "pull_requests")
    sha = visit.text("sha")
    pulls = [visit.state.pulls[number] for number in sorted(visit.state.pulls, reverse=True)]
    found = [pull for pull in pulls if sha == pull.merged_sha]
    found = found or [pull for pull in pulls if sha in (pull.sha, *pull.commits)]
    return paged(visit, [visit.shapes.pull_of_a_list(pull) for pull in found])


async def create_pull(visit: Visit) -> Response:
    visit.needs("write", "pull_requests")
    state = visit.state
    if visit.token.app == "github-actions" and not state.actions_may_open_pulls:
        raise no(403, "GitHub Actions is not permitted to create or approve pull requests.")
    sent = await visit.body()
    title, body = _titled("PullRequest", sent)
    branch, base = sent.get("head", ""), sent.get("base", "")
    sha = {name: _tip(visit, name, side) for name, side in ((branch, "head"), (base, "base"))}
    if any(pull.state == "open" and (pull.branch, pull.base) == (branch, base) for pull in state.pulls.values()):
        raise _odd_pull(f"A pull request already exists for {state.repository.partition('/')[0]}:{branch}.")
    if sha[branch] == sha[base]:
        raise _odd_pull(f"No commits between {base} and {branch}")
    made = state.pull(branch, sha[branch], base=base, title=title, body=body, author=visit.token.login)
    return _created(visit.shapes.pull(made))


async def update_pull(visit: Visit) -> Response:
    visit.needs("write", "pull_requests")
    pull, sent = _pull(visit), await visit.body()
    pull.title, pull.body = _titled("PullRequest", {"title": pull.title, "body": pull.body} | sent)
    pull.state = sent.get("state", pull.state)
    visit.state.tick()
    return JSONResponse(visit.shapes.pull(pull))


def _created(shown: dict[str, Any]) -> Response:
    return JSONResponse(shown, 201, {"location": shown["url"]})


def _conversation(visit: Visit, level: str) -> int:
    """The number of an issue or a pull request, which a token may see that may see issues, or the pull request."""
    number = visit.number("number")
    pull = number in visit.state.pulls
    visit.needs(level, "issues", *(["pull_requests"] if pull else []))
    if not pull and number not in visit.state.issues:
        raise not_found()
    return number


def _comment(visit: Visit) -> Comment:
    comment = visit.state.comments.get(visit.number("comment"))
    if comment is None:
        visit.needs("write", "issues", "pull_requests")
        raise not_found()
    visit.needs("write", "issues", *(["pull_requests"] if comment.number in visit.state.pulls else []))
    return comment


def _comment_body(sent: dict[str, Any]) -> str:
    body = sent.get("body")
    if not isinstance(body, str):
        raise invalid("IssueComment", "body", "missing_field")
    if not body.strip():
        raise invalid("IssueComment", "data", "unprocessable", "Body cannot be blank")
    if len(body) > BODY:
        raise invalid("IssueComment", "data", "unprocessable", f"Body is too long (maximum is {BODY} characters)")
    return body


def _titled(resource: str, sent: dict[str, Any]) -> tuple[str, str]:
    title, body = sent.get("title"), sent.get("body") or ""
    if not isinstance(title, str) or not title.strip():
        raise invalid(resource, "title", "missing_field")
    for name, text, most in (("title", title, TITLE), ("body", body, BODY)):
        if len(text) > most:
            raise invalid(resource, name, "custom", f"{name} is too long (maximum is {most} characters)")
    return title, body


def _pull(visit: Visit) -> Pull:
    pull = visit.state.pulls.get(visit.number("number"))
    if pull is None:
        raise not_found()
    return pull


def _head(pull: Pull) -> str:
    return f"{(pull.repository or 'ghost/ghost').partition('/')[0]}:{pull.branch}"


def _tip(visit: Visit, branch: str, side: str) -> str:
    """The newest commit of a branch: as git says it, where there is a remote, or as the state does."""
    if visit.state.remote is not None:
        command = ["git", "-C", str(visit.state.remote), "rev-parse", "--verify", "--quiet", f"refs/heads/{branch}"]
        found = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    else:
        found = visit.state.branches.get(branch, "" if visit.state.branches else f"{len(branch):040x}")
    if not found:
        raise invalid("PullRequest", side, "invalid")
    return found


def _odd_pull(message: str) -> Refused:
    error = {"resource": "PullRequest", "code": "custom", "message": message}
    return Refused(refused(422, "Validation Failed", errors=[error]))
