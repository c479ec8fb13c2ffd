"""What happens to a module: made, written, published, rolled back, dropped. Every function takes the connection of a
transaction.

Statuses are the OpenAPI's, and so are the texts of 404, 409 and 412: no answer with one was seen, and its descriptions
are the nearest thing to them.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from reconciler.catalogue import limits
from reconciler.local.means import Means
from reconciler.local.refusal import bad_request, conflict, not_found, precondition_failed
from reconciler.local.state.checks import check_dependencies, check_secrets
from reconciler.local.state.material import new_secrets
from reconciler.local.state.module_rows import (
    ModuleMaterial,
    ModuleRow,
    ModuleVersionRow,
    delete_module,
    find_module_named,
    find_module_version,
    is_used,
    list_module_versions,
    list_modules,
    save_module,
    save_module_version,
)

_NAME = re.compile(limits.MODULE_NAME_PATTERN)


def create_module(
    connection: sqlite3.Connection, body: Mapping[str, Any], means: Means
) -> tuple[ModuleRow, ModuleVersionRow | None]:
    """A new module, and its first version where the body says `publish`. Its two stamps are one [recorded].

    `api_version` is accepted and, since no answer shows it, forgotten. Refusal for a name that is taken or malformed, a
    limit that is broken, or a tenant that is full.
    """
    _check_name(connection, body["name"], means)
    _check_fields(body)
    if len(list_modules(connection)) >= limits.MODULES_PER_TENANT:
        raise bad_request(f"A tenant must not have more than {limits.MODULES_PER_TENANT} modules.")
    made = means.stamps.next()
    material = ModuleMaterial(
        code=body["code"],
        dependencies=tuple(body.get("dependencies", ())),
        secrets=new_secrets(body.get("secrets", ()), (), made, means.keys),
    )
    row = ModuleRow(means.new_id(), body["name"], made, made, material)
    save_module(connection, row)
    return publish_module(connection, row, means) if body.get("publish") else (row, None)


def update_module(connection: sqlite3.Connection, row: ModuleRow, body: Mapping[str, Any], means: Means) -> ModuleRow:
    """The module with its draft written anew: what the body leaves out stays. Secrets that are given replace all that
    were there, each with a value of its own, also where that is the old one. Refusal where a limit is broken."""
    _check_fields(body)
    written, secrets = _draft_stamp(connection, row, means), row.material.secrets
    if "secrets" in body:
        secrets = new_secrets(body["secrets"], secrets, written, means.keys)
    material = ModuleMaterial(
        code=body.get("code", row.material.code),
        dependencies=tuple(body.get("dependencies", row.material.dependencies)),
        secrets=secrets,
    )
    after = replace(row, updated_at=written, material=material)
    save_module(connection, after)
    return after


def publish_module(connection: sqlite3.Connection, row: ModuleRow, means: Means) -> tuple[ModuleRow, ModuleVersionRow]:
    """The draft as a new version, numbered from 1. Neither the draft nor its stamp moves [recorded].

    A version with dependencies waits for its packages, which the answer does not show: publishing is answered at once
    [recorded], and a version has no status on the wire. Where its packages cannot be installed, the tenant log says so,
    and so does the build of every action that uses it, which fails. Refusal 409 where nothing was written since the
    latest version, 412 where 50 versions are kept: none is dropped to make room, since the way out that the OpenAPI
    names is to consolidate versions.

    A draft that was written since can be published, also where it says what the latest version says: auth0-deploy-cli
    updates and publishes every module on every import, which would fail at the second one otherwise.
    """
    latest = find_module_version(connection, row.latest_version)
    if latest is not None and row.updated_at < latest.created_at:
        raise conflict("No draft version is available to publish.")
    if len(list_module_versions(connection, row.id)) >= limits.VERSIONS_PER_MODULE:
        raise precondition_failed(
            "Maximum number of module versions reached. Consolidate versions used in actions before creating new ones."
        )
    number, made = row.last_number + 1, means.stamps.next()
    status = "pending" if row.material.dependencies else "built"
    version = ModuleVersionRow(means.new_id(), row.id, number, made, status, row.material)
    after = replace(row, latest_version=version.id, last_number=number)
    save_module(connection, after)
    save_module_version(connection, version)
    return after, version


def roll_back_module(connection: sqlite3.Connection, row: ModuleRow, version_id: str, means: Means) -> ModuleRow:
    """The module with that version copied into its draft: code, dependencies and secrets, these with the stamps they
    had. The draft counts as written. Refusal 404 for a version of another module, 409 where the draft is the same."""
    version = known_module_version(connection, row, version_id)
    if row.material.same_as(version.material):
        raise conflict("The specified version is already the current draft version.")
    after = replace(row, updated_at=_draft_stamp(connection, row, means), material=version.material)
    save_module(connection, after)
    return after


def remove_module(connection: sqlite3.Connection, row: ModuleRow) -> None:
    """Drops the module with its versions. Refusal 412 while the draft or the live version of an action uses it.

    A draft counts, though the wire counts deployed actions only: it could not be deployed any more.
    """
    if is_used(connection, row.id):
        raise precondition_failed("The Actions Module cannot be deleted because it is in use by one or more actions.")
    delete_module(connection, row.id)


def known_module_version(connection: sqlite3.Connection, row: ModuleRow, version_id: str) -> ModuleVersionRow:
    """That version of that module; Refusal 404 where there is none."""
    version = find_module_version(connection, version_id)
    if version is None or version.module_id != row.id:
        raise not_found("The module or version does not exist.")
    return version


def finish_module_build(connection: sqlite3.Connection, version_id: str, packages: str | None) -> bool:
    """Writes how the build of a version ended: its folder, or None where it failed. Whether it was waiting for it."""
    version = find_module_version(connection, version_id)
    if version is None or version.status != "pending":
        return False
    save_module_version(connection, replace(version, status="built" if packages else "failed", packages=packages))
    return True


def _draft_stamp(connection: sqlite3.Connection, row: ModuleRow, means: Means) -> int:
    """The instant of a write of the draft, after that of the latest version also where the clock was set back since:
    by the two, publishing tells that there is something to publish."""
    latest = find_module_version(connection, row.latest_version)
    return max(means.stamps.next(), latest.created_at + 1 if latest else 0)


def _check_name(connection: sqlite3.Connection, name: str, means: Means) -> None:
    """The pattern is the one that auth0-cli says the API enforces; its text was not seen. It is what makes
    `actions:NAME` one word. In February 2026 a name with blanks was accepted [recorded]."""
    if not name.strip():
        raise bad_request("invalid Module.Name: value length must be at least 1 runes")
    if means.modules != "early" and not _NAME.fullmatch(name):
        raise bad_request(f'invalid Module.Name: value does not match regex pattern "^{_NAME.pattern}$"')
    if find_module_named(connection, name) is not None:
        raise conflict("An action module with the same name already exists.")


def _check_fields(body: Mapping[str, Any]) -> None:
    check_secrets(body.get("secrets", ()), "A module", limits.MODULE_SECRET_NAME_CHARACTERS)
    check_dependencies(body.get("dependencies", ()), "A module")
