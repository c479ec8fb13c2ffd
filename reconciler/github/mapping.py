"""GitHub's JSON to nouns. What GitHub may leave null is empty; what it always gives must be there (KeyError)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconciler.model.github import CheckRun, Comment, CommitStatus, Deployment, Issue, Proposal
from reconciler.model.pipeline import PullRequest

Json = Mapping[str, Any]

GHOST = "ghost"
"""Whom GitHub shows as the author of what a deleted account wrote; its API says null."""


def parse_comment(raw: Json) -> Comment:
    """A comment of an issue or a pull request."""
    return Comment(id=raw["id"], body=raw["body"] or "", author=_login(raw["user"]), url=raw["html_url"])


def parse_check(raw: Json) -> CheckRun:
    """A check run; one that did not end yet has no conclusion."""
    app = raw["app"]
    return CheckRun(
        id=raw["id"],
        name=raw["name"],
        sha=raw["head_sha"],
        conclusion=raw["conclusion"] or "",
        external_id=raw["external_id"] or "",
        app=(app["slug"] if app else "") or "",
        title=raw["output"]["title"] or "",
        completed_at=raw["completed_at"] or "",
        url=raw["html_url"] or "",
    )


def parse_status(raw: Json) -> CommitStatus:
    """A commit status."""
    return CommitStatus(
        context=raw["context"],
        state=raw["state"],
        description=raw["description"] or "",
        creator=_login(raw["creator"]),
        created_at=raw["created_at"],
    )


def parse_pull(raw: Json) -> PullRequest:
    """A pull request, of a list or alone. `merge_commit_sha` names a trial merge until it is merged, so `merged_at`
    tells. The repository of a head is null once the fork is deleted."""
    head, target = raw["head"], raw["base"]
    return PullRequest(
        number=raw["number"],
        head=head["sha"],
        base=target["ref"],
        fork=head["repo"] is None or head["repo"]["full_name"] != target["repo"]["full_name"],
        merged=(raw["merge_commit_sha"] or "") if raw["merged_at"] else "",
        merged_at=raw["merged_at"] or "",
        merged_by=_login(raw["merged_by"]) if raw["merged_at"] and "merged_by" in raw else "",
        url=raw["html_url"],
    )


def parse_pull_into(repository: str, raw: Json) -> PullRequest | None:
    """The same of a list, None for one into another repository than that (owner/name, of which GitHub ignores case)."""
    there = _text(raw["base"]["repo"]["full_name"])
    return parse_pull(raw) if there.casefold() == repository.casefold() else None


def parse_issue(raw: Json) -> Issue:
    """An issue."""
    return Issue(
        number=raw["number"],
        title=raw["title"],
        body=raw["body"] or "",
        open=_open(raw["state"]),
        author=_login(raw["user"]),
        url=raw["html_url"],
    )


def parse_proposal(raw: Json) -> Proposal:
    """A pull request as people read it, of a list."""
    return Proposal(
        number=raw["number"],
        title=raw["title"],
        body=raw["body"] or "",
        open=_open(raw["state"]),
        merged=raw["merged_at"] is not None,
        url=raw["html_url"],
    )


def parse_listed_issue(raw: Json) -> Issue | None:
    """An issue of a list; None for a pull request, which GitHub lists as well."""
    return None if "pull_request" in raw else parse_issue(raw)


def parse_deployment(raw: Json) -> Deployment:
    """A deployment."""
    return Deployment(id=raw["id"], sha=raw["sha"], environment=raw["environment"], url=raw["url"])


def parse_deployment_state(raw: Json) -> str:
    """The state that one status of a deployment tells."""
    return _text(raw["state"])


def parse_login(raw: Json) -> str:
    """Whom a token speaks for, as GraphQL's `viewer` tells."""
    return _text(raw["data"]["viewer"]["login"])


def _login(user: Json | None) -> str:
    return _text(user["login"]) if user else GHOST


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(type(value).__name__)
    return value


def _open(state: str) -> bool:
    if state not in ("open", "closed"):
        raise ValueError(state)
    return state == "open"
