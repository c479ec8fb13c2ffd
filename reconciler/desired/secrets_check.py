"""`secrets check`: everything about a repository's secrets that can be known without decrypting them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from pathlib import Path

from reconciler.desired.checks.overrides import override_problems
from reconciler.desired.checks.secrets import secret_problems, unset_secrets
from reconciler.desired.load import Documents
from reconciler.desired.repository import Repository
from reconciler.desired.secret_files import CONFIG
from reconciler.desired.secrets import FINGERPRINT_KEY
from reconciler.desired.sops import Sops
from reconciler.desired.sops_file import SopsFile, parse_sops_file
from reconciler.desired.state import KEY_FILE, age_key_file
from reconciler.desired.tenant_view import tenant_view
from reconciler.errors import Diagnostic, SecretsError, Span

DEMO_MARK = "# DEMO KEY, NOT A SECRET"


def check_secrets(documents: Documents, repository: Repository, sops: Sops) -> tuple[Diagnostic, ...]:
    """Every reference resolvable, nothing in clear in any file below secrets/ or named by a tenant, recipients as
    .sops.yaml says, a fingerprint key in each file, no age key in git. Looks at the worktree; needs no key.

    Problems of form are told too, as they can hide references."""
    found = list(documents.diagnostics)
    for name in sorted(documents.tenants):
        view = tenant_view(documents, name)
        found += [
            *secret_problems(view),
            *unset_secrets(view),
            *override_problems(documents, view),
            *_key_in_git(documents, name, repository, sops),
        ]
    files = {**_others(documents), **documents.sops_files}
    for file in files.values():
        found += file.diagnostics
        if file.keys and not file.has_fingerprint_key and file.file in documents.sops_files:
            message = f"there is no {FINGERPRINT_KEY}, by which a changed secret is seen."
            found.append(Diagnostic(Span(file.file, 1, 1), message, "Run `reconciler secrets init`."))
        if file.recipients:
            found += _recipients(file, documents.tree.folder, sops)
    return tuple(sorted(set(found)))


def _others(documents: Documents) -> dict[str, SopsFile]:
    """The files below secrets/ that no tenant names: they must not be in clear either."""
    return {
        path: parse_sops_file(documents.tree.load(path), path)
        for path in documents.tree.paths
        if path.startswith("secrets/") and path.endswith((".yaml", ".yml", ".json"))
    }


def _recipients(file: SopsFile, folder: Path, sops: Sops) -> Iterable[Diagnostic]:
    config = folder / CONFIG
    if not config.is_file():
        yield Diagnostic(Span(CONFIG), "the file is missing.", "Run `reconciler secrets init`.")
        return
    try:
        if not sops.in_step(folder / file.file, file.file, config):
            message = f"the file is not encrypted for exactly those whom {CONFIG} names."
            yield Diagnostic(Span(file.file, 1, 1), message, f"Run `sops updatekeys {file.file}`.")
    except SecretsError as problem:
        yield Diagnostic(Span(CONFIG), problem.message, problem.remedy)


def _key_in_git(documents: Documents, name: str, repository: Repository, sops: Sops) -> Iterable[Diagnostic]:
    tenant = documents.tenants[name]
    key_file = age_key_file(tenant.document, documents.tree.folder, sops.environ)
    if repository.tracked(key_file) and not _is_a_demo(key_file):
        shown = posixpath.normpath(tenant.document.age_key_file or KEY_FILE)
        message = f"the age key {shown} is in git: who has the repository can read every secret."
        yield Diagnostic(tenant.span("age_key_file"), message, "Make a new key, change every secret, ignore the file.")


def _is_a_demo(key_file: Path) -> bool:
    """Whether the file itself says that everybody may have it; nothing real is encrypted for such a key."""
    return key_file.is_file() and key_file.read_text(encoding="utf-8", errors="replace").startswith(DEMO_MARK)
