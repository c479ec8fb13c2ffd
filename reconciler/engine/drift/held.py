"""What git deployed of an action, and what is left of it."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.engine import naming, normalize
from reconciler.engine.drift import texts
from reconciler.engine.drift.world import World, is_ours
from reconciler.engine.rolled_back import intact
from reconciler.model.action import Action, Content
from reconciler.model.provenance import Provenance
from reconciler.model.tenant import Live, LiveAction, Version


@dataclass(frozen=True)
class Held:
    """A deployed action of ours held against its base.

    `provenance` is git's last word on it; `lost` where the live version does not carry it any more. `base` is the
    content that git deployed, None where neither git nor the tenant's versions tell; `action` is how git had the
    action at that commit. `reference` is the version that the apply made: its secrets have the values of git.
    """

    live: LiveAction
    version: Version
    provenance: Provenance
    lost: bool
    base: Content | None
    action: Action | None
    reference: Version | None

    @property
    def name(self) -> str:
        """The action's name."""
        return self.live.name

    @property
    def edited(self) -> bool:
        """Whether the version that runs holds something else than git deployed.

        The digest tells it without git. A line that was forged to fit other code is found where git has the commit.
        """
        if self.lost or not intact(self.version):
            return True
        return self.base is not None and (self.base.code, self.base.dependencies) != (
            self.version.content.code,
            self.version.content.dependencies,
        )


def held(world: World, action: LiveAction) -> Held | None:
    """What git deployed of an action; None for one that is not ours, or of which nothing is deployed."""
    version = action.version
    provenance = _word(world, action)
    if version is None or provenance is None:
        return None
    versions = (version, *world.history.get(action.name, ()))
    reference = next((each for each in versions if _made_by(each, provenance)), None)
    there = world.bases.get(provenance.commit)
    known = there.action(action.name) if there else None
    return Held(
        live=action,
        version=version,
        provenance=provenance,
        lost=version.provenance != provenance,
        base=_base(provenance, known, reference, version),
        action=known,
        reference=reference,
    )


def history_wanted(live: Live, desired_names: frozenset[str], repo: str) -> tuple[LiveAction, ...]:
    """The actions of which the earlier versions are needed: those whose version is not the one that git made, and those
    that git names though they say nothing of git (somebody may have pasted other code over the line that did)."""
    return tuple(action for action in live.actions if _unclear(action, desired_names, repo))


def _unclear(action: LiveAction, names: frozenset[str], repo: str) -> bool:
    version = action.version
    if version is None:
        return False
    if is_ours(action, repo):
        return not _made_by(version, version.provenance)
    return version.provenance is None and action.name in names and version.number > 1


def _word(world: World, action: LiveAction) -> Provenance | None:
    if action.version is None:
        return None
    if is_ours(action, world.repo):
        return action.version.provenance
    if action.version.provenance is not None or world.desired.action(action.name) is None:
        return None
    earlier = (each for each in world.history.get(action.name, ()) if _ours(each, action.name, world.repo))
    newest = max(earlier, key=lambda version: version.number, default=None)
    return newest.provenance if newest else None


def _ours(version: Version, name: str, repo: str) -> bool:
    provenance = version.provenance
    return provenance is not None and provenance.repo == repo and naming.is_of(provenance.path, name)


def _made_by(version: Version, provenance: Provenance | None) -> bool:
    """Whether an apply made that version: it holds what its line says, under the number that was expected."""
    return (
        provenance is not None
        and version.provenance == provenance
        and version.number == provenance.number
        and intact(version)
    )


def _base(provenance: Provenance, known: Action | None, reference: Version | None, version: Version) -> Content | None:
    git = texts.numbered(known.content, reference.content if reference else version.content) if known else None
    if git and normalize.digest(git) == provenance.digest:
        return git
    # A later program may read the same files differently (a runtime's default); the tenant's own version does not.
    return reference.content if reference and not git else git
