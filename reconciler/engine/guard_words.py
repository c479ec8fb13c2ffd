"""What each guard is called, and what it keeps from happening; `guards` has what each refuses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Guard(NamedTuple):
    """One reason to refuse a plan. `name` allows it, `why` tells in one sentence what it keeps from happening.

    `late` marks what says nothing of the plan itself but of the moment it is applied in: `plan` tells it as a note, for
    otherwise every pull request would be refused. `hopeless` marks what the platform refuses all the same when it is
    allowed, so that nobody is told to allow it. `from_git` marks what can be told where an earlier commit stands in for
    the tenant: it asks nothing that only the tenant knows.
    """

    name: str
    why: str
    late: bool = False
    hopeless: bool = False
    from_git: bool = False


_GUARDS = (
    Guard("take-over", "An action or module that git did not make would be replaced."),
    Guard("other-repository", "A version or a draft belongs to another repository."),
    Guard("renamed", "An action that was renamed or copied by hand would be created again."),
    Guard("change-trigger", "An action would have to move to another trigger.", hopeless=True, from_git=True),
    Guard("missing-module", "An action would use a version of a module that is not there.", hopeless=True),
    Guard("module-in-use", "A module that an action goes on using would be deleted.", hopeless=True, from_git=True),
    Guard("rolled-back", "What was rolled back from would be deployed again as it was."),
    Guard("lose-secret", "A secret that git neither wrote nor names would be lost.", from_git=True),
    Guard("missing-secret", "A secret that git keeps is not in the tenant."),
    Guard("empty-flow", "A flow would become empty.", from_git=True),
    Guard("bound-delete", "An action that runs in a flow now would be deleted.", from_git=True),
    Guard("many-deletes", "Much of what the repository has in the tenant would be deleted.", from_git=True),
    Guard("token", "Code holds the value of a secret, or what looks like a token.", from_git=True),
    Guard("end-of-life", "The runtime's Node gets no security fixes, and a newer one is offered.", from_git=True),
    Guard("history", "The oldest versions of an action are about to be dropped."),
    Guard("branch", "The commit is not on the protected branch of the tenant.", late=True),
    Guard("promotion", "The tenant that comes before does not carry the commit.", late=True),
)

GUARDS: Mapping[str, Guard] = {guard.name: guard for guard in _GUARDS}
"""Every guard by the name that allows it, in the order in which they are heard."""
