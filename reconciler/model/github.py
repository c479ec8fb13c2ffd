"""What GitHub keeps for a repository, as far as pipelines read and write it. Ids are GitHub's own numbers."""

from typing import Literal

from reconciler.model.frozen import Frozen

Conclusion = Literal["success", "failure", "neutral"]


class Comment(Frozen):
    """A comment of an issue or a pull request; `author` is a login, such as github-actions[bot]."""

    id: int
    body: str
    author: str
    url: str = ""


class CheckRun(Frozen):
    """A check that ended, at `completed_at` (RFC 3339). `external_id` is ours to choose; `app` is the slug of the app
    that wrote it, which nobody else can write as. `title` is the sentence of its output."""

    id: int
    name: str
    sha: str
    conclusion: str
    external_id: str = ""
    app: str = ""
    title: str = ""
    completed_at: str = ""
    url: str = ""


class CommitStatus(Frozen):
    """A commit status, which tokens of people may write where checks are kept for apps; `created_at` is RFC 3339."""

    context: str
    state: Literal["error", "failure", "pending", "success"]
    description: str = ""
    creator: str = ""
    created_at: str = ""


class Issue(Frozen):
    """An issue; `open` says whether it still is."""

    number: int
    title: str
    body: str
    open: bool
    author: str
    url: str = ""


class Proposal(Frozen):
    """A pull request as people read it; `merged` says whether it is closed because it was merged."""

    number: int
    title: str
    body: str
    open: bool
    merged: bool
    url: str = ""


class Deployment(Frozen):
    """A deployment of a commit to an environment; `url` is its address in GitHub's API."""

    id: int
    sha: str
    environment: str
    url: str = ""
