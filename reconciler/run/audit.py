"""Asks what is known against the packages of reconciler.lock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.desired.documents import AuditDocument
from reconciler.desired.load import Documents, load_repository
from reconciler.desired.located_yaml import Source, parse
from reconciler.desired.lock import FILE
from reconciler.desired.tree import ROOT_FILE
from reconciler.engine import audit as engine
from reconciler.errors import InvalidInput
from reconciler.model.audit import Audit, LockedAt, Severity, Vulnerability
from reconciler.model.lock import MODULES
from reconciler.run.workplace import Workplace

DEFAULT: Severity = "high"


@dataclass(frozen=True)
class AuditWish:
    """From which severity on something is refused, and which advisories (id -> reason) are left."""

    level: Severity
    ignore: Mapping[str, str]


async def audit(place: Workplace, level: Severity | None = None) -> Audit:
    """What the registry knows against everything that is locked, each with its places in the lock. `level` is what is
    asked on the command line; else reconciler.yaml's, else high.

    Raises InvalidInput where the lock or reconciler.yaml cannot be read, PackageError where the registry does not say.
    """
    documents = _documents(place)
    wish = audit_wish(documents) or AuditWish(DEFAULT, {})
    advisories = await place.npm.read_advisories(engine.packages(documents.lock))
    found = engine.audit(documents.lock, advisories, level or wish.level, wish.ignore, FILE)
    if not found.vulnerabilities:
        return found
    source = parse(documents.lock_text, FILE)
    placed = tuple(_placed(documents, each, source) for each in found.vulnerabilities)
    return found.model_copy(update={"vulnerabilities": placed})


def audit_wish(documents: Documents) -> AuditWish | None:
    """What reconciler.yaml asks; None where it asks for no audit."""
    spec = documents.repository.document.audit if documents.repository else None
    if isinstance(spec, AuditDocument):
        return AuditWish(spec.level, spec.ignore)
    return AuditWish(spec, {}) if spec else None


def _placed(documents: Documents, each: Vulnerability, source: Source) -> Vulnerability:
    places = tuple(_place(documents, at, source) for at in each.places)
    return each.model_copy(update={"places": places})


def _place(documents: Documents, at: LockedAt, source: Source) -> LockedAt:
    kind, name = ("modules", at.owner.removeprefix(MODULES)) if at.owner.startswith(MODULES) else ("actions", at.owner)
    paths = [one.path for one in documents.lock.sets[at.owner].packages]
    span = source.span(kind, name, "packages", paths.index(at.path), "version")
    return at.model_copy(update={"line": span.line, "column": span.column})


def audits(place: Workplace) -> bool:
    """Whether reconciler.yaml wants the lock to be audited wherever it is checked; InvalidInput where it cannot be
    read."""
    return audit_wish(_documents(place)) is not None


def _documents(place: Workplace) -> Documents:
    """The repository; a setting that cannot be read must not pass for one that is not there."""
    documents = load_repository(place.repository.worktree())
    broken = [each for each in documents.diagnostics if each.span.file in (FILE, ROOT_FILE)]
    if broken:
        raise InvalidInput(broken)
    return documents
