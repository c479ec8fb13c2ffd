"""Which action runs an earlier version again, and what it was rolled back from.

Nothing is kept anywhere for it: a version that the platform makes of an earlier one is a copy of it (wire.md, section
2), so its provenance names a lower number than it has itself.
"""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.engine import normalize
from reconciler.model.action import Content
from reconciler.model.provenance import Provenance
from reconciler.model.tenant import Version


def intact(version: Version) -> bool:
    """Whether a version holds what its provenance says: a commit made it, and nobody edited it since."""
    provenance = version.provenance
    return provenance is not None and provenance.digest == normalize.digest(version.content)


def is_rolled_back(version: Version) -> bool:
    """Whether a version is an earlier one deployed once more. An edit by hand may leave the provenance in the code, so
    its digest has to be right too."""
    return version.provenance is not None and version.provenance.number < version.number and intact(version)


def rolled_back_from(live: Version, versions: Iterable[Version]) -> tuple[Version, ...]:
    """The versions that were made after the one that runs again, newest first: none where nothing was rolled back.

    Left out are those that hold the same, those that an apply took back itself, and those that were earlier ones
    again: whoever took such a rollback back went forward from it.
    """
    if live.provenance is None or not is_rolled_back(live):
        return ()
    since, undone = live.provenance.number, live.provenance.undone
    later = (each for each in versions if each.number > since and each.number not in undone)
    others = (each for each in later if not alike(each, live) and not _is_from_before(each, since))
    return tuple(sorted(others, key=lambda version: version.number, reverse=True))


def made_by_git(live: Version, versions: Iterable[Version]) -> Version | None:
    """The version that the live one's line speaks of: it has the number that was expected, and holds what was
    written. None where the tenant has dropped it."""
    told = live.provenance.model_copy(update={"undone": ()}) if live.provenance else None
    return next((each for each in versions if told and each.number == told.number and each.provenance == told), None)


def alike(one: Version, other: Version) -> bool:
    """Whether two versions hold the same content and, as far as their provenance tells, the same secrets."""
    return holds(other, one.content, one.provenance)


def holds(version: Version, content: Content | None, provenance: Provenance | None) -> bool:
    """Whether a version holds that very content; another value of a secret makes it another, where both provenances
    are known."""
    if version.content != content:
        return False
    if version.provenance is None or provenance is None:
        return True
    return version.provenance.secrets == provenance.secrets


def _is_from_before(version: Version, number: int) -> bool:
    """Whether a version is an earlier one again than the one of that number."""
    told = version.provenance
    return told is not None and told.number < number and is_rolled_back(version)
