"""What a pipeline runs for, and what one of its stages came to."""

from typing import Literal

from pydantic import Field

from reconciler.model.frozen import Frozen

StageName = Literal["validate", "test", "plan", "apply", "drift", "rollback"]

BRANCH = "refs/heads/"


class PullRequest(Frozen):
    """A pull request as the event of a pipeline or GitHub's API tells it.

    `head` is the newest commit of its branch and `base` the branch that it is to be merged into. `fork` says that its
    branch lives in another repository: its pipeline gets no secrets and a token that only reads. `merged` is the
    commit that the merge made, `merged_at` its instant (RFC 3339) and `merged_by` the login of who did it; all are
    empty as long as there is none, and the last one wherever GitHub leaves it out (lists of pull requests). `url` is
    its page.
    """

    number: int
    head: str
    base: str
    fork: bool = False
    merged: str = ""
    merged_at: str = ""
    merged_by: str = ""
    url: str = ""


class PipelineRun(Frozen):
    """One run of a pipeline: what started it, for which commit, and where people can look at it.

    `event` is GitHub's name of what happened (push, pull_request, merge_group, schedule, workflow_dispatch), `sha` the
    commit that is checked out, `ref` its full ref, `before` what the ref named before a push. `repository` is
    owner/name. `url` is the page of the run, which holds the step summaries. `trusted` is false where secrets are kept
    from the run: pull requests of forks and of Dependabot. `workflow` is the name of its file in .github/workflows.
    `fork` is the repository of a fork (owner/name) whose own run started this one, which is given secrets all the same.
    Everything is empty away from GitHub.
    """

    event: str = ""
    repository: str = ""
    sha: str = ""
    ref: str = ""
    before: str = ""
    url: str = ""
    workflow: str = ""
    actor: str = ""
    default_branch: str = ""
    trusted: bool = True
    fork: str = ""
    pull: PullRequest | None = None

    @property
    def branch(self) -> str:
        """The branch that it runs on; empty for a tag or a pull request."""
        return self.ref.removeprefix(BRANCH) if self.ref.startswith(BRANCH) else ""

    @property
    def subject(self) -> str:
        """The commit that checks and statuses belong to: what people see is the head of the pull request, not the
        merge that GitHub makes to try it."""
        return self.pull.head if self.pull else self.sha


class Annotation(Frozen):
    """One remark on a place in a file. `path` is relative to the top of the git repository; line and column count from
    1, 0 means the file as a whole."""

    level: Literal["failure", "warning", "notice"]
    path: str
    line: int = 0
    column: int = 0
    title: str
    message: str


class DeployedVersion(Frozen):
    """One version that an apply or a rollback made; `kind` tells an action from a module."""

    tenant: str
    kind: Literal["action", "module"] = "action"
    name: str
    number: int
    commit: str


class Outputs(Frozen):
    """What a stage tells the steps after it, with dashes in place of the underscores. Of several tenants, counts are
    added up and paths stand on a line each; the checksum is empty."""

    changes: bool = Field(default=False, description="true when a plan changes something, or an apply did")
    to_create: int = Field(default=0, description="how many actions and modules are created")
    to_change: int = Field(default=0, description="how many actions, modules and flows are changed")
    to_delete: int = Field(default=0, description="how many actions and modules are deleted")
    drift: bool = Field(default=False, description="true when a tenant holds what git does not explain")
    checksum: str = Field(default="", description="the 64 hex digits that the plan is approved by; empty without one")
    plan_json: str = Field(default="", description="path of the plan for `apply`, one a line of several tenants")
    plan_markdown: str = Field(default="", description="path of the plan in Markdown, one a line of several tenants")
    deployed_versions: tuple[DeployedVersion, ...] = Field(
        default=(), description="JSON list of the versions that were made: tenant, kind, name, number, commit"
    )
    commit: str = Field(default="", description="the commit that was looked at, 40 hex digits")
    exit_code: int = Field(default=0, description="the exit code of the command, as documented")


def check_name(stage: StageName, tenant: str, folder: str = ".") -> str:
    """What the check of a stage is called; `tenant` is empty for a stage of all.

    `folder` is that of the repository within the git repository, `.` at its top: repositories that share one, and
    commits with it, may have tenants of the same name.
    """
    where = "reconciler" if folder == "." else f"reconciler in {folder}"
    return f"{where} / {stage}" + (f" ({tenant})" if tenant else "")


class Stage(Frozen):
    """What one stage came to, for one tenant or, where that is empty, for all.

    `title` is one sentence, `summary` the whole of it in Markdown, however long. `comment` is the part of the pull
    request's comment that tells of this, within its size; empty when there is nothing left to say. `checksum` is that
    of the plan that people see, empty where there is none to approve.
    """

    name: StageName
    tenant: str = ""
    conclusion: Literal["success", "failure", "neutral"]
    title: str
    summary: str = ""
    comment: str = ""
    checksum: str = ""
    annotations: tuple[Annotation, ...] = ()
    outputs: Outputs = Outputs()
    exit_code: int = 0

    @property
    def check(self) -> str:
        """What it is called, the same in every run: `reconciler / plan (prod)`."""
        return check_name(self.name, self.tenant)


class Stages(Frozen):
    """Every stage of one command, in the order in which they ended."""

    stages: tuple[Stage, ...]
