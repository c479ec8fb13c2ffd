"""What advisories mean for a lock: which locked versions they affect, where, and what would help.

Ranges are those of advisories: comparators with blanks between them, alternatives with `||` (GitHub's advisory database
writes no others). As npm does when it audits, a version before a release (1.0.0-beta.1) counts by its order alone. A
range in another form is not judged here: then npm's word holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reconciler.model.audit import SEVERITIES, Advisory, Audit, LockedAt, Severity, Vulnerability
from reconciler.model.lock import Lock

_VERSION = r"v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?"
_COMPARATOR = re.compile(rf"(<=|>=|<|>|=|)\s*({_VERSION})")
_RELEASE: tuple[tuple[int, int, str], ...] = ((2, 0, ""),)
"""Sorts a release after whatever came before it."""

Rank = tuple[tuple[int, ...], tuple[tuple[int, int, str], ...]]


@dataclass(frozen=True)
class Comparator:
    """One bound of a range, and the version as it is written there."""

    sign: str
    text: str

    def holds(self, version: Rank) -> bool:
        """Whether a version is on the right side."""
        bound = rank(self.text)
        return {
            "<": version < bound,
            "<=": version <= bound,
            ">": version > bound,
            ">=": version >= bound,
        }.get(self.sign, version == bound)


def audit(
    lock: Lock, advisories: Iterable[Advisory], level: Severity, ignored: Mapping[str, str], file: str = ""
) -> Audit:
    """What those advisories say of a lock. `ignored` maps their ids to reasons."""
    locked = _locked(lock, file)
    found = [
        _vulnerability(advisory, version, locked[advisory.package, version], ignored)
        for advisory in advisories
        for package, version in sorted(locked)
        if package == advisory.package and _is_affected(advisory, version)
    ]
    found.sort(key=lambda each: (-SEVERITIES.index(each.severity), each.package, each.version, each.id))
    worst = [each for each in found if SEVERITIES.index(each.severity) >= SEVERITIES.index(level) and not each.ignored]
    return Audit(
        level=level,
        refused=len(worst),
        packages=len(locked),
        vulnerabilities=tuple(found),
        idle=tuple(sorted(set(ignored) - {each.id for each in found})),
    )


def packages(lock: Lock) -> tuple[tuple[str, str], ...]:
    """Name and version of every package that is locked, each once."""
    return tuple(sorted(_locked(lock, "")))


def affects(range_: str, version: str) -> bool | None:
    """Whether a range holds a version; None where the range is in no form that can be judged."""
    alternatives = _alternatives(range_)
    if alternatives is None:
        return None
    ranked = rank(version)
    return any(all(each.holds(ranked) for each in alternative) for alternative in alternatives)


def fixed(range_: str, version: str) -> str:
    """The version from which on that one is out of the range: `1.2.3`, `later than 1.2.3`, or empty where the range has
    no end."""
    ranked = rank(version)
    for alternative in _alternatives(range_) or ():
        if all(each.holds(ranked) for each in alternative):
            ends = [each for each in alternative if each.sign.startswith("<")]
            end = min(ends, key=lambda each: rank(each.text), default=None)
            if end:
                return end.text if end.sign == "<" else f"later than {end.text}"
    return ""


def rank(version: str) -> Rank:
    """What versions are ordered by (semver.org, 11)."""
    found = re.fullmatch(_VERSION, version)
    if not found:
        return (0,), ()
    numbers = tuple(int(part or 0) for part in found.groups()[:3])
    before = found[4]
    identifiers = tuple((0, int(each), "") if each.isdigit() else (1, 0, each) for each in (before or "").split("."))
    return numbers, identifiers if before else _RELEASE


def _alternatives(range_: str) -> list[list[Comparator]] | None:
    found: list[list[Comparator]] = []
    for alternative in range_.split("||"):
        text = alternative.strip()
        comparators = [Comparator(each[1], each[2]) for each in _COMPARATOR.finditer(text)]
        if text != "*" and (not comparators or _COMPARATOR.sub("", text).strip(" ,")):
            return None
        found.append(comparators)
    return found


def _is_affected(advisory: Advisory, version: str) -> bool:
    judged = affects(advisory.range, version)
    return version in advisory.versions if judged is None else judged


def _vulnerability(
    advisory: Advisory, version: str, places: tuple[LockedAt, ...], ignored: Mapping[str, str]
) -> Vulnerability:
    return Vulnerability(
        id=advisory.id,
        package=advisory.package,
        version=version,
        severity=advisory.severity,
        title=advisory.title,
        range=advisory.range,
        url=advisory.url,
        fixed=fixed(advisory.range, version),
        ignored=ignored.get(advisory.id, ""),
        places=places,
    )


def _locked(lock: Lock, file: str) -> dict[tuple[str, str], tuple[LockedAt, ...]]:
    """(package, version) -> where it is locked."""
    found: dict[tuple[str, str], tuple[LockedAt, ...]] = {}
    for owner, locked in sorted(lock.sets.items()):
        for one in locked.packages:
            key = (one.registered, one.version)
            found[key] = (*found.get(key, ()), LockedAt(owner=owner, path=one.path, file=file))
    return found
