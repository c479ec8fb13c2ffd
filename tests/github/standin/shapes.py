"""What the stand-in keeps, as GitHub shows it: GitHub's own examples with our values laid over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.github.description import example
from tests.github.standin.state import Check, Comment, Deployment, DeploymentStatus, Issue, Pull, State, Status

Json = dict[str, Any]

PULL_ONLY = (
    "merged",
    "mergeable",
    "rebaseable",
    "mergeable_state",
    "merged_by",
    "comments",
    "review_comments",
    "maintainer_can_modify",
    "commits",
    "additions",
    "deletions",
    "changed_files",
)
"""What a pull request has alone, and not in a list."""


@dataclass(frozen=True)
class Shapes:
    """`api` is the address of the API as the caller reached it."""

    state: State
    api: str

    @property
    def here(self) -> str:
        return f"{self.api}/repos/{self.state.repository}"

    @property
    def page(self) -> str:
        return f"https://github.com/{self.state.repository}"

    def user(self, login: str) -> Json:
        kind = "Bot" if login.endswith("[bot]") else "User"
        return example("simple-user") | {"login": login, "type": kind, "html_url": f"https://github.com/{login}"}

    def comment(self, comment: Comment) -> Json:
        place = "pull" if comment.number in self.state.pulls else "issues"
        return example("issue-comment") | {
            "id": comment.id,
            "url": f"{self.here}/issues/comments/{comment.id}",
            "html_url": f"{self.page}/{place}/{comment.number}#issuecomment-{comment.id}",
            "issue_url": f"{self.here}/issues/{comment.number}",
            "body": comment.body,
            "user": self.user(comment.author),
            "created_at": comment.created_at,
            "updated_at": comment.updated_at,
        }

    def check(self, check: Check) -> Json:
        shown = example("check-run")
        app = shown["app"] | {"slug": check.app, "html_url": f"https://github.com/apps/{check.app}"}
        output = {
            "title": check.title,
            "summary": check.summary,
            "text": None,
            "annotations_count": len(check.annotations),
            "annotations_url": f"{self.here}/check-runs/{check.id}/annotations",
        }
        return shown | {
            "id": check.id,
            "head_sha": check.sha,
            "external_id": check.external_id,
            "url": f"{self.here}/check-runs/{check.id}",
            "html_url": f"{self.page}/runs/{check.id}",
            "details_url": check.details_url,
            "status": check.status,
            "conclusion": check.conclusion,
            "started_at": check.started_at,
            "completed_at": check.completed_at,
            "output": output,
            "name": check.name,
            "app": app,
            "pull_requests": [],
        }

    def status(self, status: Status) -> Json:
        return example("status") | {
            "id": status.id,
            "url": f"{self.here}/statuses/{status.sha}",
            "state": status.state,
            "description": status.description,
            "target_url": status.target_url,
            "context": status.context,
            "creator": self.user(status.creator),
            "created_at": status.created_at,
            "updated_at": status.created_at,
        }

    def issue(self, issue: Issue) -> Json:
        shown = example("issue")
        del shown["pull_request"]
        return shown | {
            "id": 100_000 + issue.number,
            "url": f"{self.here}/issues/{issue.number}",
            "html_url": f"{self.page}/issues/{issue.number}",
            "number": issue.number,
            "title": issue.title,
            "body": issue.body,
            "state": issue.state,
            "state_reason": issue.state_reason,
            "labels": [shown["labels"][0] | {"name": label} for label in issue.labels],
            "user": self.user(issue.author),
            "comments": len(self.state.comments_on(issue.number)),
            "created_at": issue.created_at,
            "updated_at": issue.updated_at,
            "closed_at": issue.closed_at,
        }

    def issue_of(self, pull: Pull) -> Json:
        """A pull request among the issues."""
        written = Issue(
            pull.number, pull.title, pull.body, [], pull.author, pull.created_at, pull.created_at, pull.state
        )
        return self.issue(written) | {"pull_request": example("issue")["pull_request"]}

    def pull(self, pull: Pull) -> Json:
        """A pull request alone, with all that there is."""
        shown = example("pull-request")
        return shown | {
            "url": f"{self.here}/pulls/{pull.number}",
            "html_url": f"{self.page}/pull/{pull.number}",
            "number": pull.number,
            "state": pull.state,
            "title": pull.title,
            "body": pull.body,
            "user": self.user(pull.author),
            "head": self._side(shown["head"], pull.branch, pull.sha, pull.repository),
            "base": self._side(
                shown["base"], pull.base, self.state.branches.get(pull.base, "b" * 40), self.state.repository
            ),
            "merged": bool(pull.merged_sha),
            "merged_at": pull.merged_at or None,
            "merged_by": self.user(pull.merged_by) if pull.merged_by else None,
            "merge_commit_sha": pull.merged_sha or "7" * 40,
            "created_at": pull.created_at,
            "closed_at": pull.merged_at or None,
            "requested_reviewers": [],
            "requested_teams": [],  # the example's own has less than its schema asks for
            "labels": [],
            "milestone": None,
        }

    def pull_of_a_list(self, pull: Pull) -> Json:
        """A pull request as lists show it."""
        return {key: value for key, value in self.pull(pull).items() if key not in PULL_ONLY}

    def deployment(self, deployment: Deployment) -> Json:
        return example("deployment") | {
            "id": deployment.id,
            "url": f"{self.here}/deployments/{deployment.id}",
            "statuses_url": f"{self.here}/deployments/{deployment.id}/statuses",
            "sha": deployment.sha,
            "ref": deployment.ref,
            "task": deployment.task,
            "payload": deployment.payload,
            "environment": deployment.environment,
            "original_environment": deployment.environment,
            "description": deployment.description,
            "creator": self.user(deployment.creator),
            "created_at": deployment.created_at,
            "updated_at": deployment.created_at,
        }

    def deployment_status(self, deployment: Deployment, status: DeploymentStatus) -> Json:
        return example("deployment-status") | {
            "id": status.id,
            "url": f"{self.here}/deployments/{deployment.id}/statuses/{status.id}",
            "deployment_url": f"{self.here}/deployments/{deployment.id}",
            "state": status.state,
            "description": status.description,
            "environment": status.environment,
            "creator": self.user(status.creator),
            "target_url": status.log_url,
            "log_url": status.log_url,
            "environment_url": "",
            "created_at": status.created_at,
            "updated_at": status.created_at,
        }

    def _side(self, shown: Json, branch: str, sha: str, repository: str | None) -> Json:
        owner = (repository or "ghost/ghost").partition("/")[0]
        repo = None
        if repository:
            repo = shown["repo"] | {
                "full_name": repository,
                "name": repository.partition("/")[2],
                "fork": repository != self.state.repository,
                "owner": self.user(owner),
            }
        return shown | {"ref": branch, "sha": sha, "label": f"{owner}:{branch}", "user": self.user(owner), "repo": repo}
