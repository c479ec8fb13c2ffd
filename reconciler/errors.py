"""What can go wrong, and where.

    ReconcilerError            1   any problem a user can cause or meet
    ├── InvalidInput           1   files that say something wrong, every problem with its place
    ├── GitError               1   the repository cannot answer
    ├── BrokenBase             1   the commit that a plan is made against says something wrong
    ├── SecretsError           1   sops refused, or a key is missing
    ├── PackageError           1   npm cannot give the packages asked for
    ├── RuntimeProblem         1   the Node host of the embedded tenant cannot work
    ├── TenantError            1   the tenant did not do what it was asked
    │   ├── Unreachable            no answer came: the effect of a write is unknown
    │   ├── Unauthorized           the credentials are refused
    │   ├── MissingScope           the credentials lack a permission
    │   ├── FeatureOff             the tenant does not have the feature that was asked for
    │   ├── NotFound               a successful "there is no such thing"
    │   ├── RateLimited            the limit holds on after waiting
    │   └── Rejected               any other refusal, with the tenant's own words
    ├── GitHubError            1   GitHub did not do what it was asked
    │   ├── GitHubUnreachable      no answer came: the effect of a write is unknown
    │   ├── GitHubForbidden        the token is refused, or lacks a permission
    │   ├── GitHubNotFound         a well-formed "there is no such thing", or none that the token may see
    │   ├── GitHubRateLimited      the limit holds on after waiting
    │   ├── GitHubIncomplete       what was to be written is there, but for a part of it
    │   └── GitHubRejected         any other refusal, with GitHub's own words
    ├── TenantBusy             1   another process on this machine works on the tenant
    ├── ReadOnly               1   something that only reads was about to write
    ├── NoWayBack              1   an action has no version to go back to
    ├── ApplyFailed            1   an apply stopped: what was undone, what was not
    ├── Refused                3   a guard said no
    ├── CasesFailed            4   tests of an action failed
    ├── StalePlan              5   the tenant moved since the plan was made
    ├── NotApproved            5   the plan is not the one that was approved
    └── Usage                 64   the command line makes no sense

Every error says in one sentence what is wrong (`message`) and in one what to do (`remedy`), and never holds a secret.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import Literal, NamedTuple


class Exit(IntEnum):
    """The documented exit codes; pinned by a test."""

    DONE = 0
    ERROR = 1
    CHANGES = 2
    REFUSED = 3
    CASES_FAILED = 4
    STALE = 5
    USAGE = 64


class Span(NamedTuple):
    """A place in a file of the repository; line and column count from 1, 0 means the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        if not self.line:
            return self.file
        return f"{self.file}:{self.line}:{self.column}"


class Diagnostic(NamedTuple):
    """One problem: its place, what is wrong, what would be right. `code` names the rule that found it (`R012`), where
    it is one of those that have a page; a `warning` refuses nothing."""

    span: Span
    message: str
    remedy: str = ""
    code: str = ""
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        code = f"{self.code} " if self.code else ""
        return f"{self.span}: {code}{self.message}" + (f" {self.remedy}" if self.remedy else "")


class ReconcilerError(Exception):
    """A problem with a way out. `exit_code` is what the process ends with."""

    exit_code: Exit = Exit.ERROR

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class InvalidInput(ReconcilerError):
    """Files that say something wrong; holds every problem found, in order of place."""

    def __init__(self, diagnostics: Iterable[Diagnostic], where: str = "the repository") -> None:
        self.diagnostics = tuple(sorted(set(diagnostics)))
        count = len(self.diagnostics)
        super().__init__(f"{count} problem{'s' if count != 1 else ''} in {where}.", "Mend the places named above.")


class GitError(ReconcilerError):
    """The repository cannot answer: not a repository, unknown revision, uncommitted changes."""


class BrokenBase(ReconcilerError):
    """The commit that a plan is made against says something wrong. `reasons` has every problem: their places are in
    that commit, not in the files at hand."""

    def __init__(self, base: str, diagnostics: Iterable[Diagnostic]) -> None:
        self.reasons = tuple(str(each) for each in sorted(set(diagnostics)))
        super().__init__(
            f"Nothing can be planned against {base}: its own files have mistakes.",
            "Mend them there first, or plan against an earlier commit with `reconciler plan --against REV`.",
        )


class SecretsError(ReconcilerError):
    """sops refused, or a key is missing or wrong."""


class PackageError(ReconcilerError):
    """npm cannot give the packages asked for."""


class RuntimeProblem(ReconcilerError):
    """The Node host of the embedded tenant cannot work."""


class TenantError(ReconcilerError):
    """The tenant did not do what it was asked. `status` is the HTTP status, 0 where none came."""

    def __init__(self, message: str, remedy: str = "", *, status: int = 0) -> None:
        super().__init__(message, remedy)
        self.status = status


class Unreachable(TenantError):
    """No answer came; whether a write took effect is unknown."""


class Unauthorized(TenantError):
    """The credentials are refused."""


class MissingScope(TenantError):
    """The credentials lack a permission."""


class FeatureOff(TenantError):
    """The tenant said, in a well-formed answer, that a feature is not enabled for it."""


class NotFound(TenantError):
    """The tenant said, in a well-formed answer, that the thing is not there."""


class RateLimited(TenantError):
    """The rate limit held on after waiting."""


class Rejected(TenantError):
    """Any other refusal, with the tenant's own words."""


class GitHubError(ReconcilerError):
    """GitHub did not do what it was asked. `status` is the HTTP status, 0 where none came."""

    def __init__(self, message: str, remedy: str = "", *, status: int = 0) -> None:
        super().__init__(message, remedy)
        self.status = status


class GitHubUnreachable(GitHubError):
    """No answer came; whether a write took effect is unknown."""


class GitHubForbidden(GitHubError):
    """The token is refused, or lacks a permission."""


class GitHubNotFound(GitHubError):
    """GitHub said that there is no such thing, or none that the token may see."""


class GitHubRateLimited(GitHubError):
    """GitHub's rate limit held on after waiting."""


class GitHubIncomplete(GitHubError):
    """What was to be written is there, but for a part of it."""


class GitHubRejected(GitHubError):
    """Any other refusal, with GitHub's own words."""


class TenantBusy(ReconcilerError):
    """Another process on this machine works on the tenant."""

    def __init__(self, tenant: str, holder: str) -> None:
        super().__init__(
            f"The tenant {tenant} is being worked on by {holder}.", "Wait for it to end, or wait longer with --wait."
        )


class ReadOnly(ReconcilerError):
    """Something that only reads was about to write to a tenant; nothing was sent."""

    def __init__(self, method: str, path: str) -> None:
        super().__init__(
            f"{method} {path} was not sent: this command only reads.", "Report this as a bug of reconciler."
        )


class NoWayBack(ReconcilerError):
    """Actions cannot go back to where they are asked to. `reasons` has a sentence for each."""

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("There is no such way back; nothing was written.", "`reconciler versions ACTION` shows them.")


class ApplyFailed(ReconcilerError):
    """An apply stopped after its first write; says what was undone and what could not be."""

    def __init__(self, message: str, remedy: str, *, undone: Iterable[str], left: Iterable[str], cause: Exit) -> None:
        super().__init__(message, remedy)
        self.undone = tuple(undone)
        self.left = tuple(left)
        self.exit_code = cause


class Refused(ReconcilerError):
    """A guard said no. `guards` names those that did; none where it was the plan itself that is not right."""

    exit_code = Exit.REFUSED

    def __init__(self, message: str, remedy: str = "", *, guards: Iterable[str] = ()) -> None:
        super().__init__(message, remedy)
        self.guards = tuple(guards)


class CasesFailed(ReconcilerError):
    """Cases failed, of so many that ran. `reasons` has a line for each: its place, its name, the first failure."""

    exit_code = Exit.CASES_FAILED

    def __init__(self, reasons: Iterable[str], ran: int) -> None:
        self.reasons = tuple(reasons)
        super().__init__(f"{len(self.reasons)} of {ran} cases failed.", "Run `reconciler test` to see more.")


class StalePlan(ReconcilerError):
    """The tenant moved since the plan was made. `moved` names what, one sentence each."""

    exit_code = Exit.STALE

    def __init__(self, moved: Iterable[str]) -> None:
        self.moved = tuple(moved)
        super().__init__(
            "The tenant moved since this plan was made.", "Run `reconciler plan` again and look at what it shows now."
        )


class NotApproved(ReconcilerError):
    """The plan is another one than the one that was approved."""

    exit_code = Exit.STALE

    def __init__(self, approved: str, now: str) -> None:
        super().__init__(
            f"The plan is not the one that was approved: its checksum is {now}, not {approved}.",
            "Look at what it does now; if that is right, approve its checksum.",
        )


class Usage(ReconcilerError):
    """The command line makes no sense."""

    exit_code = Exit.USAGE
