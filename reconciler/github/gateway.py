"""GitHub as the rest of the program sees it: nouns in, nouns out. Source: docs.github.com/rest, version 2022-11-28."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypeVar

import httpx

from reconciler.errors import GitHubError, GitHubForbidden, GitHubIncomplete, GitHubNotFound, GitHubRejected
from reconciler.github import mapping
from reconciler.github.answers import noun
from reconciler.github.checks import render_checks
from reconciler.github.client import Client
from reconciler.model.github import CheckRun, Comment, CommitStatus, Conclusion, Deployment, Issue, Proposal
from reconciler.model.pipeline import Annotation, PullRequest

WORKFLOW = "github-actions[bot]"
"""Who the token of a workflow speaks for."""

LATE_SECONDS = (2.0, 4.0, 8.0)
"""Seconds between asking again for what GitHub tells late."""

DeploymentState = Literal["error", "failure", "inactive", "in_progress", "queued", "pending", "success"]

N = TypeVar("N")


class GitHub:
    """One repository on GitHub. Every method raises a GitHubError when GitHub does not do as asked."""

    def __init__(self, client: Client, repository: str) -> None:
        self._client = client
        self._repository = repository
        self._here = f"repos/{repository}"
        self._login = ""

    async def read_login(self) -> str:
        """The login whose comments are ours; asked for once.

        GraphQL tells it to every kind of token, `GET /user` only to those of people. A token that may not even ask
        that is taken for a workflow's.
        """
        if not self._login:
            try:
                self._login = noun(mapping.parse_login, await self._client.read_graphql("query{viewer{login}}"))
            except GitHubForbidden as refused:
                if refused.status == httpx.codes.UNAUTHORIZED:
                    raise
                self._login = WORKFLOW
        return self._login

    async def read_comments(self, number: int) -> tuple[Comment, ...]:
        """Every comment of a pull request or an issue, oldest first."""
        return await self._every(f"issues/{number}/comments", mapping.parse_comment)

    async def create_comment(self, number: int, body: str) -> Comment:
        """A new comment of a pull request or an issue."""
        return await self._write("POST", f"issues/{number}/comments", mapping.parse_comment, {"body": body})

    async def update_comment(self, comment: int, body: str) -> Comment:
        """The comment of that id, with another text."""
        return await self._write("PATCH", f"issues/comments/{comment}", mapping.parse_comment, {"body": body})

    async def delete_comment(self, comment: int) -> None:
        """Deletes the comment of that id."""
        await self._client.write("DELETE", f"{self._here}/issues/comments/{comment}")

    async def create_check(
        self,
        sha: str,
        name: str,
        conclusion: Conclusion,
        title: str,
        summary: str,
        annotations: Sequence[Annotation] = (),
        external_id: str = "",
        details_url: str = "",
    ) -> CheckRun:
        """A check of a commit, concluded from the start; texts are cut to what GitHub takes. More than 50 annotations
        take further requests: where one of those fails, the check is there with those before, and GitHubIncomplete is
        raised."""
        body, updates = render_checks(sha, name, conclusion, title, summary, annotations, external_id, details_url)
        check = await self._write("POST", "check-runs", mapping.parse_check, body)
        try:
            for update in updates:
                await self._write("PATCH", f"check-runs/{check.id}", mapping.parse_check, update)
        except GitHubError as refused:
            raise GitHubIncomplete(refused.message, refused.remedy, status=refused.status) from refused
        return check

    async def read_checks(self, sha: str, name: str) -> tuple[CheckRun, ...]:
        """Every check of that name on a commit, of whichever app and run, newest first."""
        found = await self._every(
            f"commits/{sha}/check-runs", mapping.parse_check, "check_runs", check_name=name, filter="all"
        )
        return tuple(sorted(found, key=lambda check: check.id, reverse=True))

    async def create_status(self, sha: str, status: CommitStatus, url: str = "") -> CommitStatus:
        """A status of a commit; its description is cut to DESCRIPTION characters. `url` is where it leads."""
        body = {"context": status.context, "state": status.state, "description": status.description}
        if url:
            body["target_url"] = url
        return await self._write("POST", f"statuses/{sha}", mapping.parse_status, body)

    async def read_statuses(self, sha: str) -> tuple[CommitStatus, ...]:
        """Every status of a commit, newest first, one context many times."""
        return await self._every(f"commits/{sha}/statuses", mapping.parse_status)

    async def read_pull(self, number: int) -> PullRequest:
        """One pull request; raises GitHubNotFound."""
        return noun(mapping.parse_pull, await self._client.read(f"{self._here}/pulls/{number}"))

    async def read_pulls_of(self, sha: str) -> tuple[PullRequest, ...]:
        """The pull requests that a commit belongs to: for one of the default branch that which brought it there,
        otherwise those, open or merged, that hold it. Those of other repositories are left out: a fork shares commits
        with where it came from, and there a number names another pull request.

        GitHub finds that out some seconds after a push: until then it knows none, or not even the commit (404, 422),
        which is asked for again.
        """
        for wait in LATE_SECONDS:
            try:
                return await self._pulls_of(sha)
            except (GitHubNotFound, GitHubRejected) as late:
                if late.status not in (httpx.codes.NOT_FOUND, httpx.codes.UNPROCESSABLE_ENTITY):
                    raise
                await self._client.pause(wait)
        return await self._pulls_of(sha)

    async def ensure_pull(self, head: str, base: str, title: str, body: str) -> PullRequest:
        """The open pull request of branch `head` into branch `base`, with this title and text: updated, or opened."""
        text = {"title": title, "body": body}
        found = await self._open_pulls(head, base)
        if not found:
            try:
                return await self._write("POST", "pulls", mapping.parse_pull, text | {"head": head, "base": base})
            except GitHubRejected:
                found = await self._open_pulls(head, base)  # another run may have opened it in this very moment
                if not found:
                    raise
        return await self._write("PATCH", f"pulls/{found[0].number}", mapping.parse_pull, text)

    async def read_proposals(self, branch: str, base: str) -> tuple[Proposal, ...]:
        """Every pull request, open or not, that was made of a branch of this repository, newest first."""
        owner = self._repository.partition("/")[0]
        return await self._every("pulls", mapping.parse_proposal, head=f"{owner}:{branch}", base=base, state="all")

    async def close_pull(self, number: int, body: str = "") -> None:
        """Closes a pull request without merging it; `body` is its text from then on, where there is to be another."""
        told = {"body": body} if body else {}
        await self._client.write("PATCH", f"{self._here}/pulls/{number}", {"state": "closed", **told})

    async def read_issues(
        self, label: str = "", state: Literal["open", "closed", "all"] = "open", creator: str = ""
    ) -> tuple[Issue, ...]:
        """Every issue, newest first; with that label, and of that login, where they are given. Pull requests, which
        GitHub lists as well, are left out."""
        query = {name: value for name, value in (("labels", label), ("creator", creator)) if value}
        listed = await self._every("issues", mapping.parse_listed_issue, state=state, **query)
        return tuple(issue for issue in listed if issue is not None)

    async def create_issue(self, title: str, body: str, labels: Sequence[str] = ()) -> Issue:
        """A new issue. A label that is not there is made; GitHub drops them where the token may not push."""
        text = {"title": title, "body": body, "labels": list(labels)}
        return await self._write("POST", "issues", mapping.parse_issue, text)

    async def update_issue(self, number: int, title: str, body: str) -> Issue:
        """The issue, with another title and text."""
        return await self._write("PATCH", f"issues/{number}", mapping.parse_issue, {"title": title, "body": body})

    async def close_issue(self, number: int) -> Issue:
        """The issue, closed as completed."""
        closed = {"state": "closed", "state_reason": "completed"}
        return await self._write("PATCH", f"issues/{number}", mapping.parse_issue, closed)

    async def reopen_issue(self, number: int, title: str, body: str) -> Issue:
        """The issue, open again, with another title and text."""
        text = {"title": title, "body": body, "state": "open", "state_reason": "reopened"}
        return await self._write("PATCH", f"issues/{number}", mapping.parse_issue, text)

    async def assign(self, number: int, logins: Sequence[str]) -> None:
        """Adds people to an issue; GitHub leaves out whoever cannot be assigned."""
        await self._client.write("POST", f"{self._here}/issues/{number}/assignees", {"assignees": list(logins)})

    async def create_deployment(
        self, sha: str, environment: str, description: str = "", payload: Mapping[str, Any] | None = None
    ) -> Deployment:
        """A deployment of a commit that was already decided on: GitHub neither merges anything into it nor waits for
        its checks, of which the one that deploys is one."""
        body = {
            "ref": sha,
            "environment": environment,
            "description": description,
            "payload": dict(payload or {}),
            "auto_merge": False,
            "required_contexts": [],
        }
        return await self._write("POST", "deployments", mapping.parse_deployment, body)

    async def read_deployments(self, sha: str, environment: str) -> tuple[Deployment, ...]:
        """Every deployment of a commit to an environment, newest first."""
        return await self._every("deployments", mapping.parse_deployment, sha=sha, environment=environment)

    async def read_deployment_states(self, deployment: int) -> tuple[str, ...]:
        """The states that the deployment of that id went through, newest first; none before one was told."""
        return await self._every(f"deployments/{deployment}/statuses", mapping.parse_deployment_state)

    async def create_deployment_status(
        self, deployment: int, state: DeploymentState, description: str = "", log_url: str = ""
    ) -> None:
        """Says how the deployment of that id goes; `log_url` is where people can read more."""
        body = {"state": state, "description": description}
        if log_url:
            body["log_url"] = log_url
        await self._client.write("POST", f"{self._here}/deployments/{deployment}/statuses", body)

    async def _pulls_of(self, sha: str) -> tuple[PullRequest, ...]:
        def here(raw: Any) -> PullRequest | None:
            return mapping.parse_pull_into(self._repository, raw)

        return tuple(filter(None, await self._every(f"commits/{sha}/pulls", here)))

    async def _open_pulls(self, head: str, base: str) -> tuple[PullRequest, ...]:
        owner = self._repository.partition("/")[0]
        return await self._every("pulls", mapping.parse_pull, head=f"{owner}:{head}", base=base, state="open")

    async def _every(self, path: str, parse: Callable[[Any], N], key: str = "", **query: Any) -> tuple[N, ...]:
        pages = self._client.read_pages(f"{self._here}/{path}", key, **query)
        return tuple([noun(parse, raw) async for raw in pages])

    async def _write(self, method: str, path: str, parse: Callable[[Any], N], body: Mapping[str, Any]) -> N:
        return noun(parse, await self._client.write(method, f"{self._here}/{path}", body))
