"""Makes, sets, edits and checks encrypted secrets."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from reconciler.desired import atomic, secret_files
from reconciler.desired.load import load_repository
from reconciler.desired.secret_files import Prepared
from reconciler.desired.secrets import SecretValue
from reconciler.desired.secrets_check import check_secrets
from reconciler.desired.state import KEY_FILE, age_key_file
from reconciler.errors import Diagnostic, SecretsError
from reconciler.run.look import tenant_document
from reconciler.run.workplace import Workplace


def init(place: Workplace, tenant: str, *, randbytes: Callable[[int], bytes] = os.urandom) -> Prepared:
    """Makes what is missing of age key, .sops.yaml and the tenant's SOPS file; overwrites nothing. A key file of the
    default name is put on .gitignore first."""
    file, key_file = _files(place, tenant)
    if key_file == place.repository.folder / KEY_FILE and not place.repository.ignored(key_file):
        ignore = place.repository.folder / ".gitignore"
        text = ignore.read_text(encoding="utf-8") if ignore.exists() else ""
        ended = text if text.endswith("\n") or not text else f"{text}\n"
        atomic.write(ignore, f"{ended}{KEY_FILE}\n".encode())
    return secret_files.init(
        place.repository, place.sops, file=file, key_file=key_file, randbytes=randbytes, clock=place.clock
    )


def set_secret(place: Workplace, tenant: str, name: str, value: str) -> bool:
    """Puts one value into the tenant's SOPS file; False where it was there already."""
    file, key_file = _files(place, tenant)
    return secret_files.set_value(place.repository.folder, file, name, SecretValue(value), place.sops, key_file)


def edit(place: Workplace, tenant: str, *, terminal: bool) -> bool:
    """Opens the tenant's SOPS file in the editor; True where something changed."""
    file, key_file = _files(place, tenant)
    return secret_files.edit(place.repository.folder, file, place.sops, key_file, terminal=terminal)


def check(place: Workplace) -> tuple[Diagnostic, ...]:
    """Everything wrong with the secrets of every tenant."""
    return check_secrets(load_repository(place.repository.worktree()), place.repository, place.sops)


def _files(place: Workplace, tenant: str) -> tuple[str, Path]:
    document = tenant_document(place, tenant)
    if not document.secrets:
        raise SecretsError(
            f"tenants/{tenant}.yaml names no secrets file.", f"Add `secrets: secrets/{tenant}.sops.yaml` to it."
        )
    return document.secrets, age_key_file(document, place.repository.folder, place.settings.environ)
