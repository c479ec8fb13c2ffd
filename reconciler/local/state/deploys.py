"""Versions: deployed from the draft, rolled back to. Every function takes the connection of a transaction."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

from reconciler.local.means import Means
from reconciler.local.refusal import bad_request
from reconciler.local.state.material import Material
from reconciler.local.state.module_pins import check_modules
from reconciler.local.state.rows import ActionRow, VersionRow, save_action, save_version

BUILD_NS = 80_000_000
"""How long after its deploy a version goes live: 35 to 274 ms were recorded, 80 is the median (wire.md, section 2). No
read was recorded in between; here the former version is shown and runs till then, or none."""

UPDATED_NS = 786_073
"""How long after its build the row of a version was last written [recorded: go__TestActionManager_Versions]."""


def deploy_draft(connection: sqlite3.Connection, row: ActionRow, means: Means) -> tuple[ActionRow, VersionRow]:
    """The draft as a new version, live in a moment; the number is the last one's plus 1, even where nothing changed.

    Refusal while the draft is not built; for a failed draft the platform's answer was not seen, this is the same one.
    """
    if row.status != "built":
        raise bad_request("A draft must be in the 'built' state before it can be deployed.")
    return _new_version(connection, row, row.material, row.packages, means)


def deploy_version(
    connection: sqlite3.Connection, row: ActionRow, version: VersionRow, *, update_draft: bool, means: Means
) -> tuple[ActionRow, VersionRow]:
    """A new version, live in a moment, that copies an older one [recorded: a roll-back makes version 2 of version 1].

    `update_draft` copies it into the draft too; that was not seen, and here leaves the draft built, since what it
    copies was built. Refusal for a version that was never built, or that uses a module which is gone.
    """
    if version.status != "built":
        raise bad_request("A version must be in the 'built' state before it can be deployed.")
    check_modules(connection, version.material)
    if update_draft:
        row = replace(
            row,
            material=version.material,
            packages=version.packages,
            status="built",
            revision=row.revision + 1,
            updated_at=means.stamps.next(),
            draft_updated_at=means.stamps.next(),
        )
    return _new_version(connection, row, version.material, version.packages, means)


def _new_version(
    connection: sqlite3.Connection, row: ActionRow, material: Material, packages: str | None, means: Means
) -> tuple[ActionRow, VersionRow]:
    number, made = row.last_number + 1, means.stamps.next()
    ended, written = made + BUILD_NS, made + BUILD_NS + UPDATED_NS
    version = VersionRow(
        means.new_id(), row.id, number, "built", made, written, ended, row.revision, material, packages
    )
    after = replace(row, last_number=number)
    save_action(connection, after)
    save_version(connection, version)
    return after, version
