"""What a version is signed with: where it comes from, and what it holds."""

from __future__ import annotations

from reconciler.engine import normalize
from reconciler.model.action import Action
from reconciler.model.module import Module
from reconciler.model.provenance import Provenance
from reconciler.model.tenant import Desired

NO_COMMIT = "0" * 40
"""Stands in a plan made from files that are not committed; such a plan is never applied."""


def provenance(desired: Desired, one: Action | Module, number: int) -> Provenance:
    """The provenance of an action or a module as git wants it, for the version of that number."""
    return Provenance(
        commit=desired.commit or NO_COMMIT,
        repo=desired.repo,
        path=one.path,
        number=number,
        digest=normalize.digest(one.content),
        secrets=normalize.fingerprints(one.secrets),
    )
