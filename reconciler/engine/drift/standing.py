"""Which findings stand: seen in several runs, so that what comes and goes by itself never calls anybody.

Only coming takes several runs. A finding that a run did not make is gone at once: it read the whole tenant, for a run
that could not read one ends in an error and counts nothing, and what it could not tell it names. Whoever mended
something sees its issue closed by the next run, and what comes back has to stand anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from reconciler.model.deed import Author
from reconciler.model.drift import SEVERITIES, Drift, Finding, Severity
from reconciler.model.sighting import Sighting, Standing


def standing(drift: Drift, seen: Sequence[Sighting], *, told: Sequence[Sighting] = (), runs: int) -> Standing:
    """What stands after this run. `seen` is what the run before kept, `told` what an open issue tells of: that stays
    reported, whatever was lost of `seen`. `runs` is how many have to see a finding."""
    before = {each.finding: each for each in seen} | {each.finding: _told(each, seen) for each in told}
    now = {finding.id: _seen_again(finding, before.get(finding.id), runs) for finding in drift.open}
    found = [_with_author(finding, now[finding.id]) for finding in drift.open]
    missing = [each for each in before.values() if each.finding not in now]
    kept = [each for each in missing if _is_about(each.finding, drift.untold)]
    return Standing(
        reported=tuple(finding for finding in found if now[finding.id].reported),
        waiting=tuple(finding for finding in found if not now[finding.id].reported),
        doubtful=tuple(each for each in _sorted(kept) if each.reported),
        gone=tuple(each.finding for each in _sorted(missing) if each.reported and each not in kept),
        sightings=tuple(_sorted([*now.values(), *kept])),
    )


def worst(severities: Iterable[Severity]) -> Severity | None:
    """The worst of them."""
    return min(severities, key=SEVERITIES.index, default=None)


def _told(told: Sighting, seen: Sequence[Sighting]) -> Sighting:
    """What an issue tells of, with as many runs as were kept of it."""
    kept = next((each for each in seen if each.finding == told.finding), told)
    return told.model_copy(update={"runs": max(kept.runs, told.runs), "reported": True, "by": told.by or kept.by})


def _seen_again(finding: Finding, before: Sighting | None, runs: int) -> Sighting:
    count = before.runs + 1 if before else 1
    return Sighting(
        finding=finding.id,
        severity=finding.severity,
        runs=count,
        reported=count >= runs or (before is not None and before.reported),
        by=_known(finding.by, before.by if before else ()),
    )


def _known(now: tuple[Author, ...], before: tuple[Author, ...]) -> tuple[Author, ...]:
    """Who did it: as it was known before, where the log tells nothing of it that was not."""
    return before if set(now) <= set(before) else now


def _with_author(finding: Finding, sighting: Sighting) -> Finding:
    return finding.model_copy(update={"by": sighting.by})


def _is_about(identity: str, names: Collection[str]) -> bool:
    """Whether the id, `kind:name` or `kind:name:detail`, names one of those."""
    about = identity.partition(":")[2]
    return any(about == name or about.startswith(f"{name}:") for name in names)


def _sorted(sightings: Iterable[Sighting]) -> list[Sighting]:
    return sorted(sightings, key=lambda each: each.finding)
