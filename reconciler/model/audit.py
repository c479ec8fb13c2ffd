"""What is known against locked packages."""

from typing import Literal, get_args

from reconciler.model.frozen import Frozen

Severity = Literal["info", "low", "moderate", "high", "critical"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""From the mildest to the worst, as npm ranks them."""


class Advisory(Frozen):
    """What the registry knows against some versions of a package. `id` is GitHub's (GHSA-…), or else the registry's own
    number; `range` says which versions are affected; `versions` those of them that were asked about, as npm sees it."""

    id: str
    package: str
    title: str
    severity: Severity
    range: str
    url: str = ""
    versions: tuple[str, ...] = ()


class LockedAt(Frozen):
    """Where a package is locked: for which action, or `modules/NAME`, at which path of its tree
    (`node_modules/axios`), and the place in reconciler.lock."""

    owner: str
    path: str
    file: str = ""
    line: int = 0
    column: int = 0


class Vulnerability(Frozen):
    """One advisory against one locked version of a package. `fixed` is the version from which on it does not hold,
    empty where none is named; `ignored` the reason that reconciler.yaml gives for leaving it."""

    id: str
    package: str
    version: str
    severity: Severity
    title: str
    range: str
    url: str = ""
    fixed: str = ""
    ignored: str = ""
    places: tuple[LockedAt, ...] = ()


class Audit(Frozen):
    """What is known against everything that is locked, the worst first. `refused` counts those of `level` or worse that
    are not ignored; `idle` names what reconciler.yaml ignores though it is not there."""

    level: Severity
    refused: int = 0
    packages: int = 0
    vulnerabilities: tuple[Vulnerability, ...] = ()
    idle: tuple[str, ...] = ()
