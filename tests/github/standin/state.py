"""What the stand-in keeps: plain things to be read and changed by a test."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.github.standin.faults import Fault

TOKEN = "ghs_standinWorkflowToken0123456789abcdef"
REPOSITORY = "acme/identity"
NOW = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)
EVERYTHING = ("actions", "checks", "contents", "deployments", "issues", "pull_requests", "statuses")


@dataclass(frozen=True)
class Token:
    """Who a token speaks for and what it may: `permissions` maps names to read or write. `app` is the slug of the app
    it belongs to, empty for that of a person."""

    login: str = "github-actions[bot]"
    app: str = "github-actions"
    permissions: dict[str, str] = field(default_factory=lambda: dict.fromkeys(EVERYTHING, "write"))


READ_ONLY = Token(permissions=dict.fromkeys(EVERYTHING, "read"))
"""The token of a workflow that a fork's pull request started."""


@dataclass
class Seen:
    """A request as it came, and what it was answered with (status 0: nothing)."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: str
    status: int = 0
    answer: Any = None

    @property
    def json(self) -> Any:
        """The body's JSON."""
        return json.loads(self.body)


@dataclass
class Comment:
    id: int
    number: int
    body: str
    author: str
    created_at: str
    updated_at: str


@dataclass
class Check:
    id: int
    sha: str
    name: str
    status: str
    conclusion: str | None
    title: str | None
    summary: str | None
    external_id: str
    details_url: str
    app: str
    annotations: list[dict[str, Any]]
    started_at: str
    completed_at: str | None


@dataclass
class Status:
    id: int
    sha: str
    context: str
    state: str
    description: str | None
    target_url: str | None
    creator: str
    created_at: str


@dataclass
class Issue:
    number: int
    title: str
    body: str
    labels: list[str]
    author: str
    created_at: str
    updated_at: str
    state: str = "open"
    state_reason: str | None = None
    closed_at: str | None = None
    assignees: list[str] = field(default_factory=list)


@dataclass
class Pull:
    """A pull request of branch `branch`, whose newest commit is `sha`, into branch `base`. `repository` is that of its
    branch, another one for a fork's, None for a fork that is gone. `commits` are those it is known by, besides."""

    number: int
    branch: str
    sha: str
    base: str = "main"
    title: str = "Change an action"
    body: str = ""
    author: str = "ada"
    repository: str | None = REPOSITORY
    state: str = "open"
    created_at: str = ""
    merged_sha: str = ""
    merged_at: str = ""
    merged_by: str = ""
    commits: list[str] = field(default_factory=list)


@dataclass
class DeploymentStatus:
    id: int
    state: str
    description: str
    log_url: str
    environment: str
    creator: str
    created_at: str


@dataclass
class Deployment:
    id: int
    sha: str
    ref: str
    task: str
    environment: str
    description: str | None
    payload: Any
    creator: str
    created_at: str
    statuses: list[DeploymentStatus] = field(default_factory=list)


@dataclass
class State:
    """One repository on GitHub, and whoever may do what with it.

    Time stands at `now` and moves by a second with everything that is written. `branches` maps names to commits; where
    it is empty, every branch is taken to be there.
    """

    repository: str = REPOSITORY
    private: bool = True
    tokens: dict[str, Token] = field(default_factory=lambda: {TOKEN: Token()})
    now: datetime = NOW
    branches: dict[str, str] = field(default_factory=dict)
    remote: Path | None = None
    issues_enabled: bool = True
    people: tuple[str, ...] = ("ada", "grace")
    actions_may_open_pulls: bool = True
    limit: int = 1000
    remaining: int = 1000
    reset: datetime = NOW + timedelta(hours=1)

    comments: dict[int, Comment] = field(default_factory=dict)
    checks: dict[int, Check] = field(default_factory=dict)
    statuses: list[Status] = field(default_factory=list)
    issues: dict[int, Issue] = field(default_factory=dict)
    pulls: dict[int, Pull] = field(default_factory=dict)
    deployments: dict[int, Deployment] = field(default_factory=dict)
    requests: list[Seen] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(1001))

    @property
    def writes(self) -> list[Seen]:
        """The requests that were to write something, those that ask who we are left out."""
        return [each for each in self.requests if each.method != "GET" and not each.path.endswith("/graphql")]

    def tick(self) -> str:
        """The time of something that is written now, as GitHub tells it."""
        self.now += timedelta(seconds=1)
        return self.now.strftime("%Y-%m-%dT%H:%M:%SZ")

    def fail(self, do: str, route: str = "*", *, call: int = 1, times: int = 1, **told: Any) -> None:
        """From the `call`-th request on to a route (such as `POST comments`), so many times, something goes wrong; see
        the module faults."""
        self.faults.append(Fault(do, route, call, times, **told))

    def pull(self, branch: str, sha: str, **told: Any) -> Pull:
        """A pull request that somebody opens."""
        number = self.next_number()
        self.pulls[number] = Pull(
            number, branch, sha, created_at=self.tick(), **({"repository": self.repository} | told)
        )
        return self.pulls[number]

    def merge(self, number: int, sha: str, by: str = "ada") -> Pull:
        """Merges a pull request as commit `sha`."""
        pull = self.pulls[number]
        pull.state, pull.merged_sha, pull.merged_at, pull.merged_by = "closed", sha, self.tick(), by
        return pull

    def comments_on(self, number: int) -> list[Comment]:
        """The comments of a pull request or an issue, oldest first."""
        return [comment for comment in self.comments.values() if comment.number == number]

    def checks_of(self, sha: str) -> dict[str, Check]:
        """The newest check of each name on a commit."""
        return {check.name: check for check in self.checks.values() if check.sha == sha}

    def next_number(self) -> int:
        """Issues and pull requests are counted together."""
        return max([0, *self.issues, *self.pulls]) + 1
