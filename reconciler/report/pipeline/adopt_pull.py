"""The pull request that takes into git what drifted in one tenant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from reconciler.model.adopted import Adopted
from reconciler.model.drift import Finding
from reconciler.model.imported import Needed, Remark
from reconciler.report.fences import span
from reconciler.report.numbers import number_of
from reconciler.report.pipeline.block import clipped
from reconciler.report.pipeline.budget import within
from reconciler.report.pipeline.findings import said
from reconciler.report.visible import visible

PULL_BYTES = 65_536 - 1_024
_CUT = "Not everything fits in here: the files of this pull request and the drift report have the rest."


def adopt_title(adopted: Adopted) -> str:
    """The title of the pull request."""
    tenant = clipped(visible(adopted.tenant), 120)
    return f"Adopt what drifted in tenant {tenant}: {number_of(len(adopted.findings), 'finding')}"


def adopt_message(adopted: Adopted) -> str:
    """The message of the commit: the tenant, and what is adopted, one line each."""
    listed = "\n".join(visible(finding) for finding in adopted.findings)
    return f"Adopt what drifted in tenant {visible(adopted.tenant)}\n\n{listed}"


def adopt_body(adopted: Adopted, findings: Iterable[Finding]) -> str:
    """What is adopted and what is not, and what comes of merging it. The same adoption always gives the same text."""
    told = {finding.id: finding for finding in findings}
    return within("\n".join(_lines(adopted, told)) + "\n", PULL_BYTES, _CUT)


def no_longer_needed(tenant: str) -> str:
    """Why the pull request is closed."""
    return f"There is nothing left in tenant {span(visible(tenant))} to take into git.\n"


def ended_body(tenant: str, body: str) -> str:
    """The text of a pull request that we closed: one that a person closed says what it said."""
    return within(f"{no_longer_needed(tenant)}\n{body}", PULL_BYTES, _CUT)


def _lines(adopted: Adopted, told: dict[str, Finding]) -> Iterator[str]:
    tenant = span(visible(adopted.tenant))
    yield (
        f"Writes into the files what tenant {tenant} has and git does not explain. Once it is merged, git says what "
        "runs, and a plan changes nothing of it. To put git's state back instead, apply it: this is closed when "
        "nothing is left to take. Closed by hand, it stays closed until something else drifts."
    )
    yield from _listed("Adopted", (_finding(each, told.get(each)) for each in adopted.findings))
    yield from _remarks("Not adopted", adopted.left)
    yield from _remarks("Adopted, but a plan still changes it", adopted.remaining)
    yield from _remarks(
        "Git had other changes there that no apply brought to the tenant; they are replaced", adopted.replaced
    )
    yield from _secrets(adopted.kept)
    if adopted.shared:
        others = ", ".join(span(visible(each)) for each in adopted.shared)
        yield f"\nThe files hold for {others} as well: their next plan shows it.\n"


def _finding(identity: str, finding: Finding | None) -> str:
    return f"{span(visible(identity))}" + (f" ({finding.severity}): {said(finding.what)}" if finding else "")


def _remarks(title: str, remarks: Sequence[Remark]) -> Iterator[str]:
    return _listed(title, (f"{each.kind} {span(visible(each.name))}: {said(each.why)}" for each in remarks))


def _secrets(kept: Sequence[Needed]) -> Iterator[str]:
    """Values that git does not have."""
    yield from _listed(
        "Secrets whose values git does not have, so that it leaves them to the tenant (`keep: true`)",
        (f"{each.kind} {span(visible(each.name))}: {span(visible(each.secret))}" for each in kept),
    )


def _listed(title: str, items: Iterable[str]) -> Iterator[str]:
    lines = [f"- {item}" for item in items]
    if lines:
        yield f"\n#### {title}\n"
        yield from lines
