"""Everything that drift is found in, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from reconciler.engine import planner
from reconciler.engine.drift.ways import ways
from reconciler.model.action import ModuleUse
from reconciler.model.deed import Author, Deed
from reconciler.model.drift import Finding, Kind, Part, Severity
from reconciler.model.module import LiveModule, ModuleVersion
from reconciler.model.provenance import Provenance
from reconciler.model.tenant import Desired, Live, LiveAction, Version

SILENCE = "the log does not reach back"
MARKETPLACE = "marketplace"
"""The detail of a finding about what comes from the marketplace, whose name may be that of an action."""
NO_CODE = "A marketplace action has no code of its own to keep in git."


@dataclass(frozen=True)
class World:
    """One tenant, and what git says of it at every commit that matters.

    `desired` is git now. `bases` maps each commit that a live version names to git at that commit; a commit that git
    does not have, or whose files cannot be read any more, is missing. `newest` is the newest of them, `between` git at
    later commits up to `desired`, oldest first. `history` maps the name of an action to its versions, for those that
    `history_wanted` names. `silence` says why the log tells nothing where it does not. `today` is for the entries
    that are offered for ignoring.
    """

    desired: Desired
    live: Live
    bases: Mapping[str, Desired] = field(default_factory=dict)
    newest: str = ""
    between: tuple[Desired, ...] = ()
    history: Mapping[str, tuple[Version, ...]] = field(default_factory=dict)
    deeds: tuple[Deed, ...] = ()
    silence: str = SILENCE
    today: date = date.max

    @property
    def repo(self) -> str:
        """The name of our repository."""
        return self.desired.repo

    @property
    def base(self) -> Desired | None:
        """Git at the newest commit that was applied, as far as a version tells."""
        return self.bases.get(self.newest)

    @property
    def certain(self) -> bool:
        """Whether git has every commit that a version names: else a later one than `newest` may have been applied."""
        return all(commit in self.bases for commit in named_commits(self.live, self.repo))

    def flows_of(self, name: str) -> tuple[str, ...]:
        """The triggers in whose flow an action of the tenant is bound; what comes from the marketplace may have its
        name."""
        flows = self.live.flows
        bound = {each.trigger for each in flows for at in each.bindings if at.action == name and not at.foreign}
        return tuple(sorted(bound))

    def severity(self, action: LiveAction) -> Severity:
        """How bad it is when what is deployed of an action is not git's."""
        return "high" if self.flows_of(action.name) else "medium" if action.version else "low"


def named_commits(live: Live, repo: str) -> tuple[str, ...]:
    """Every commit that a live version of that repository names, sorted. A module's version that no action uses says
    nothing: an apply that failed cannot take it back."""
    told = [action.version.provenance for action in live.actions if action.version]
    told += [version.provenance for module in live.modules or () for version in used_versions(live, module)]
    return tuple(sorted({each.commit for each in told if each and each.repo == repo}))


def used_versions(live: Live, module: LiveModule) -> tuple[ModuleVersion, ...]:
    """The versions of a module that deployed actions use, newest first."""
    uses = {use for action in live.actions if action.version for use in action.version.content.modules}
    return tuple(each for each in module.versions if ModuleUse(name=module.name, number=each.number) in uses)


def is_ours(action: LiveAction, repo: str) -> bool:
    """Whether an action says of itself that this repository made it."""
    return planner.owner(action) == repo


def found(
    world: World,
    kind: Kind,
    name: str,
    what: str,
    *,
    severity: Severity,
    detail: str = "",
    parts: tuple[Part, ...] = (),
    diff: tuple[str, ...] = (),
    since: str = "",
    by: tuple[Author | None, ...] = (),
    base: str = "",
    flows: tuple[str, ...] | None = None,
    allow: str = "",
    stuck: str = "",
    alien: str = "",
) -> Finding:
    """A finding with its id and the ways out; `flows` are those that the named action runs in unless others are given.

    For `allow`, `stuck` and `alien` see `ways`.
    """
    known = tuple(each for each in by if each is not None)
    identity = f"{kind}:{name}" + (f":{detail}" if detail else "")
    return Finding(
        id=identity,
        kind=kind,
        name=name,
        detail=detail,
        severity=severity,
        what=what,
        parts=parts,
        diff=diff,
        flows=world.flows_of(name) if flows is None else flows,
        since=since,
        by=known,
        by_unknown="" if known else world.silence,
        base=base,
        ways=ways(identity, kind, world.desired.tenant, world.today, allow=allow, stuck=stuck, alien=alien),
    )


def told(provenance: Provenance | None) -> str:
    """Where a version comes from, in brackets, for a sentence."""
    return f"commit {provenance.commit[:12]}" if provenance else "not from git"
