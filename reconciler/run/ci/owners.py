"""Whom CODEOWNERS names for what drifted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from codeowners import CodeOwners

from reconciler.desired.load import Documents
from reconciler.desired.repository import Repository
from reconciler.model.drift import Finding

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""Where GitHub looks for it; the first one counts."""

MOST = 10
"""GitHub takes no more assignees."""


def owners(repository: Repository, documents: Documents, findings: Iterable[Finding]) -> tuple[str, ...]:
    """The logins of the people who own the files of the findings, the worst finding's first; of teams and addresses
    nobody can be assigned. Nobody where there is no such file, or none that can be read."""
    text = _text(repository)
    try:
        rules = CodeOwners(text)
    except (ValueError, re.error):
        return ()
    paths = (f"{repository.prefix}{path}" for finding in findings for path in _paths(finding, documents))
    named = (name for path in paths for kind, name in rules.of(path) if kind == "USERNAME")
    return tuple(dict.fromkeys(name.removeprefix("@") for name in named))[:MOST]


def _text(repository: Repository) -> str:
    found = (repository.root / place for place in PLACES)
    path = next((each for each in found if each.is_file()), None)
    return path.read_text(encoding="utf-8", errors="replace") if path else ""


def _paths(finding: Finding, documents: Documents) -> Iterator[str]:
    """The files that the finding is about, in git or where git would have them."""
    if finding.kind.startswith(("flow-", "binding-")):
        yield f"flows/{finding.name}.yaml"
        return
    module = "module" in finding.kind
    known = documents.modules if module else documents.actions
    folder = next((each.folder for each in known if each.document.name == finding.name), "")
    yield f"{folder or ('modules/' if module else 'actions/') + finding.name}/code.js"
