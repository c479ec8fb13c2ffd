"""Actions that git did not make and that are as git wants them all the same: adopting them writes nothing."""

from __future__ import annotations

from reconciler.model.action import Action
from reconciler.model.tenant import LiveAction


def as_git_has_it(action: Action, live: LiveAction) -> bool:
    """Whether what runs of an action without any provenance is exactly what git wants of it.

    A secret can be the same only where git keeps the tenant's own. The draft does not count: as long as git did not
    make the action, an edit that waits in it is somebody else's.
    """
    version = live.version
    return (
        version is not None
        and version.provenance is None
        and action.content == version.content
        and all(secret.kind == "keep" for secret in action.secrets)
        and {secret.name for secret in action.secrets} == {stamp.name for stamp in version.secrets}
    )


def can_be_stamped(live: LiveAction) -> bool:
    """Whether a version made of the draft has the secrets that run now: a value that waits in the draft is not deployed
    just to record a commit."""
    return live.version is not None and live.draft.secrets == live.version.secrets
