"""What drift says, piece by piece; the renderers lay the same pieces out."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.engine import attribution
from reconciler.model.deed import Author
from reconciler.model.drift import SEVERITIES, Drift, Finding
from reconciler.report.numbers import number_of

VERBS = {
    "created": "created",
    "edited": "edited",
    "deployed": "deployed",
    "redeployed": "deployed an earlier version",
    "deleted": "deleted",
    "bound": "bound",
    "published": "published",
    "restored": "restored",
}


def title(drift: Drift) -> str:
    """Which tenant is held against which repository."""
    commit = drift.commit[:12] if drift.commit else "uncommitted files"
    return f"tenant {drift.tenant} <- {drift.repo} at {commit}"


def summary(drift: Drift) -> str:
    """One sentence that counts what was found."""
    ignored = _counted(drift, "ignored")
    settled = _counted(drift, "settled")
    rest = "".join(f", {count} {state}" for state, count in (("ignored", ignored), ("settled", settled)) if count)
    if not drift.open:
        return f"No drift{rest}."
    counts = ((severity, sum(each.severity == severity for each in drift.open)) for severity in SEVERITIES)
    told = ", ".join(f"{count} {severity}" for severity, count in counts if count)
    return f"Drift: {number_of(len(drift.open), 'finding')} ({told}){rest}."


def heading(finding: Finding) -> str:
    """The finding's severity, or why it does not count, and its id."""
    return f"{finding.severity if finding.state == 'open' else finding.state} {finding.id}"


def facts(finding: Finding) -> Iterator[tuple[str, str]]:
    """(what it is about, what is said of it): where it runs, since when, who, against what, why it is left alone."""
    if finding.flows:
        yield "runs in", ", ".join(finding.flows)
    yield "since", moment(finding.since) if finding.since else "unknown"
    yield from _who(finding)
    if finding.base:
        yield "base", f"commit {finding.base[:12]}"
    if finding.state == "ignored":
        yield "ignored", f"until {finding.ignored_until}: {finding.ignored_because}"
    if finding.state == "settled":
        yield "settled", "git has what runs: nothing is left to do"


def author(by: Author) -> str:
    """`edited by client C (user U) from IP with AGENT at TIME`."""
    return f"{VERBS[by.did]} {attribution.phrase(by.model_copy(update={'at': moment(by.at)}))}"


def moment(text: str) -> str:
    """An instant as people read it: UTC, to the second."""
    at = attribution.instant(text)
    return f"{at:%Y-%m-%d %H:%M:%S} UTC" if at else text


def _who(finding: Finding) -> Iterator[tuple[str, str]]:
    if not finding.by:
        yield "who", f"unknown: {finding.by_unknown}"
    for by in finding.by:
        yield "who", author(by)


def _counted(drift: Drift, state: str) -> int:
    return sum(finding.state == state for finding in drift.findings)
