"""Which plan people approved, as far as it can be told from what GitHub keeps."""

from reconciler.model.frozen import Frozen
from reconciler.model.github import CheckRun, CommitStatus
from reconciler.model.pipeline import PullRequest


class Approved(Frozen):
    """A plan that was approved: by the merge of the pull request that showed it, or by hand where `pull` is None.

    `by` is the login of who did it, empty where GitHub does not tell. `title` is the sentence that the plan was shown
    under and `url` the place, both empty for one that was approved by hand.
    """

    checksum: str
    pull: PullRequest | None = None
    by: str = ""
    title: str = ""
    url: str = ""


class NothingApproved(Frozen):
    """Why nothing counts as an approval; one sentence."""

    why: str
    pull: PullRequest | None = None


class Shown(Frozen):
    """What GitHub keeps of the plans that were shown for one pull request, on the commit of its merge and on its head,
    newest first each."""

    pull: PullRequest
    checks: tuple[tuple[CheckRun, ...], tuple[CheckRun, ...]] = ((), ())
    statuses: tuple[tuple[CommitStatus, ...], tuple[CommitStatus, ...]] = ((), ())
