"""What is known against locked packages, in lines."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.audit import SEVERITIES, Audit, Vulnerability
from reconciler.report.lock import owners_text
from reconciler.report.numbers import number_of


def vulnerability_text(each: Vulnerability) -> str:
    """`FILE:LINE:COLUMN: severity: package version, who has it, what it is, what helps`, in one line."""
    first = each.places[0]
    owners = owners_text(tuple(dict.fromkeys(at.owner for at in each.places)))
    remedy = f"Fixed in {each.fixed}." if each.fixed else "No version without it is known."
    kept = f" Ignored: {each.ignored}" if each.ignored else ""
    place = f"{first.file}:{first.line}:{first.column}"
    return (
        f"{place}: {each.severity}: {each.package} {each.version} ({owners}): {each.title} ({each.id}). {remedy}{kept}"
    )


def refuses(audit: Audit, each: Vulnerability) -> bool:
    """Whether that one is among those that are refused."""
    return not each.ignored and SEVERITIES.index(each.severity) >= SEVERITIES.index(audit.level)


def audit_summary(audit: Audit) -> Iterator[str]:
    """The last lines: how many packages were asked about, and what came of it."""
    for known in audit.idle:
        yield f"reconciler.yaml ignores {known}, which nothing that is locked has: take it out."
    count, packages = len(audit.vulnerabilities), number_of(audit.packages, "package")
    if not count:
        yield f"Nothing is known against {packages}."
    else:
        found = f"{count} known vulnerabilit{'ies' if count != 1 else 'y'} in {packages}"
        yield f"{found}, {audit.refused or 'none'} of them {audit.level} or worse and not ignored."
