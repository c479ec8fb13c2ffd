"""Exact npm versions for every dependency of every action."""

from __future__ import annotations

from pydantic import Field

from reconciler.model.frozen import Frozen


class LockedPackage(Frozen):
    """One package of a resolved tree: where npm puts it (`node_modules/axios`), its version and its SRI hash."""

    path: str
    version: str
    integrity: str


class LockedSet(Frozen):
    """What one action's dependencies resolved to: what was asked (name -> range), the exact version of each of those
    (name -> version), and the whole tree npm made of it, in path order."""

    ranges: dict[str, str] = Field(default_factory=dict)
    versions: dict[str, str] = Field(default_factory=dict)
    packages: tuple[LockedPackage, ...] = ()


class Lock(Frozen):
    """The content of reconciler.lock: action or module name -> what its dependencies resolved to.

    Those without dependencies are not in it. `uses` holds, for each action that uses modules as `latest`, module name
    -> digest of what that module holds: what `latest` means, so that a changed module shows there for each action.
    """

    version: int = 1
    actions: dict[str, LockedSet] = Field(default_factory=dict)
    modules: dict[str, LockedSet] = Field(default_factory=dict)
    uses: dict[str, dict[str, str]] = Field(default_factory=dict)
