"""What in a tenant git does not explain: live held against base."""

from typing import Literal

from reconciler.model.deed import Author
from reconciler.model.frozen import Frozen

Kind = Literal[
    "edited",
    "draft-edited",
    "redeployed",
    "rolled-back",
    "secret-added",
    "secret-removed",
    "secret-rotated",
    "flow-reordered",
    "binding-added",
    "binding-removed",
    "binding-renamed",
    "unmanaged-action",
    "missing-action",
    "failed-build",
    "undeployed-draft",
    "module-edited",
    "module-draft-edited",
    "module-secret-added",
    "module-secret-removed",
    "module-secret-rotated",
    "module-version-added",
    "unmanaged-module",
    "missing-module",
]

Severity = Literal["high", "medium", "low"]
"""high: it runs in a flow now; medium: it is deployed, or about a secret; low: a draft, or something nothing runs."""

SEVERITIES: tuple[Severity, ...] = ("high", "medium", "low")
"""Worst first."""

State = Literal["open", "ignored", "settled"]
"""`settled`: somebody did something outside git, and what came of it is what git has now, so nothing is left to do."""

Part = Literal["code", "dependencies", "runtime", "trigger", "modules"]
"""What of an action or a module differs."""


class WayOut(Frozen):
    """One thing to do about a finding. `text` is what to type or to paste, empty where nothing does it; `note` says
    what comes of it, or what to do instead."""

    way: Literal["revert", "adopt", "ignore"]
    text: str = ""
    note: str = ""


class Finding(Frozen):
    """One thing in the tenant that git does not explain.

    `id` is `kind:name` or `kind:name:detail` and stays the same as long as the finding does; `name` is that of the
    action, the module or the trigger, `detail` the secret or the binding within it. `diff` is unified, without line
    ends, from base to live. `flows` are the triggers in whose flow the named thing runs now. `since` is RFC 3339, empty
    where the tenant does not tell. `by` tells who did it, earliest first; where it is empty, `by_unknown` says why.
    `base` is the commit that it is held against, empty where git does not know one.
    """

    id: str
    kind: Kind
    name: str
    detail: str = ""
    severity: Severity
    state: State = "open"
    what: str
    parts: tuple[Part, ...] = ()
    diff: tuple[str, ...] = ()
    flows: tuple[str, ...] = ()
    since: str = ""
    by: tuple[Author, ...] = ()
    by_unknown: str = ""
    base: str = ""
    ways: tuple[WayOut, ...] = ()
    ignored_because: str = ""
    ignored_until: str = ""


class Drift(Frozen):
    """Everything found in one tenant, the worst first.

    `commit` is the revision that was read, empty for files that are not committed. `unknown` says what could not be
    told, one sentence each, and `untold` names what those are about: that no finding names it does not say that there
    is none. `ended` names the entries of `drift.ignore` that no longer count, or match nothing.
    """

    format: int = 1
    tool: str
    repo: str
    tenant: str
    commit: str = ""
    findings: tuple[Finding, ...] = ()
    unknown: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()

    @property
    def open(self) -> tuple[Finding, ...]:
        """The findings that count."""
        return tuple(finding for finding in self.findings if finding.state == "open")
