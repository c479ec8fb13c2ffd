"""Findings that the tenant file says to leave alone, for a reason and for a time."""

from collections.abc import Iterable, Sequence
from datetime import date
from fnmatch import fnmatchcase

from reconciler.model.drift import Finding
from reconciler.model.frozen import Frozen


class Ignored(Frozen):
    """One entry of `drift.ignore`: the id of a finding, or a pattern with `*` and `?`; the last day it counts."""

    finding: str
    reason: str
    until: date


def marked(findings: Iterable[Finding], entries: Sequence[Ignored], today: date) -> tuple[Finding, ...]:
    """The findings, those that an entry names marked as ignored. Whoever ignores an action ignores its bindings too."""
    counting = [entry for entry in entries if today <= entry.until]
    return tuple(_marked(finding, counting) for finding in findings)


def ended(entries: Iterable[Ignored], today: date) -> tuple[str, ...]:
    """One sentence for each entry that counts no more."""
    return tuple(
        f"The entry {entry.finding} of drift.ignore ended on {entry.until.isoformat()} ({entry.reason})."
        for entry in entries
        if today > entry.until
    )


def unused(entries: Iterable[Ignored], findings: Sequence[Finding], today: date) -> tuple[str, ...]:
    """One sentence for each entry that still counts and names nothing that is there."""
    ids = {each for finding in findings for each in _ids(finding)}
    counting = (entry for entry in entries if today <= entry.until)
    return tuple(
        f"The entry {entry.finding} of drift.ignore matches nothing any more: remove it."
        for entry in counting
        if not any(_names(entry, each) for each in ids)
    )


def _marked(finding: Finding, entries: Sequence[Ignored]) -> Finding:
    if finding.state != "open":
        return finding
    entry = next((entry for entry in entries if any(_names(entry, each) for each in _ids(finding))), None)
    if entry is None:
        return finding
    update = {"state": "ignored", "ignored_because": entry.reason, "ignored_until": entry.until.isoformat()}
    return finding.model_copy(update=update)


def _ids(finding: Finding) -> tuple[str, ...]:
    bound = finding.kind == "binding-added"
    return (finding.id, f"unmanaged-action:{finding.detail}") if bound else (finding.id,)


def _names(entry: Ignored, finding: str) -> bool:
    # Only `*` and `?` stand for other signs: the id of `legacy[1]` is no pattern that takes `legacy1` too.
    return fnmatchcase(finding, entry.finding.replace("[", "[[]"))
