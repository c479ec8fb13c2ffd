"""The tables of actions, versions and bindings: rows in, rows out. Every function takes the connection of a
transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from reconciler.catalogue import limits
from reconciler.local.state.material import Material, material_from_json, material_to_json

T = TypeVar("T")


@dataclass(frozen=True)
class ActionRow:
    """An action with its draft. `revision` counts the writes of the draft, so that a build knows whether it is still
    wanted; `last_number` is the number of the newest version, also of one that was dropped. `live_version` is worked
    out as the row is read: the newest version that is through its own build, which takes a moment after a deploy."""

    id: str
    name: str
    created_at: int
    updated_at: int
    draft_updated_at: int
    status: str
    revision: int
    material: Material
    packages: str | None = None
    live_version: str | None = None
    last_number: int = 0


@dataclass(frozen=True)
class VersionRow:
    """A deployed state of an action. `revision` is that of the draft it copied; `packages` the folder built for it."""

    id: str
    action_id: str
    number: int
    status: str
    created_at: int
    updated_at: int
    built_at: int | None
    revision: int
    material: Material
    packages: str | None = None


@dataclass(frozen=True)
class BindingRow:
    """One place in the flow of a trigger."""

    id: str
    trigger_id: str
    action_id: str
    display_name: str
    created_at: int


def find_action(connection: sqlite3.Connection, action_id: str) -> ActionRow | None:
    return first(_actions(connection, "WHERE id = ?", action_id))


def find_action_named(connection: sqlite3.Connection, name: str) -> ActionRow | None:
    return first(_actions(connection, "WHERE name = ?", name))


def list_actions(connection: sqlite3.Connection) -> list[ActionRow]:
    """Every action, the oldest first."""
    return _actions(connection, "ORDER BY created_at, seq")


def unbuilt_actions(connection: sqlite3.Connection) -> list[ActionRow]:
    """The actions whose draft or version is waiting for its build."""
    where = "WHERE status IN ('pending', 'building') OR id IN (SELECT action_id FROM versions WHERE status = 'pending')"
    return _actions(connection, where)


def save_action(connection: sqlite3.Connection, row: ActionRow) -> None:
    """Writes the action, new or known."""
    connection.execute(
        """INSERT INTO actions (id, name, created_at, updated_at, draft_updated_at, status, revision, material,
             packages, last_number) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (id) DO UPDATE SET name = excluded.name, updated_at = excluded.updated_at,
             draft_updated_at = excluded.draft_updated_at, status = excluded.status, revision = excluded.revision,
             material = excluded.material, packages = excluded.packages, last_number = excluded.last_number""",
        (
            row.id,
            row.name,
            row.created_at,
            row.updated_at,
            row.draft_updated_at,
            row.status,
            row.revision,
            material_to_json(row.material),
            row.packages,
            row.last_number,
        ),
    )


def delete_action(connection: sqlite3.Connection, action_id: str) -> None:
    """Drops the action with its versions and bindings."""
    connection.execute("DELETE FROM actions WHERE id = ?", (action_id,))


def find_version(connection: sqlite3.Connection, version_id: str | None) -> VersionRow | None:
    return first(_versions(connection, "WHERE id = ?", version_id))


def live_versions(connection: sqlite3.Connection, actions: Iterable[ActionRow]) -> dict[str, VersionRow]:
    """The live version of each of those actions that has one, by the action's id."""
    found = (find_version(connection, action.live_version) for action in actions if action.live_version)
    return {version.action_id: version for version in found if version is not None}


def list_versions(connection: sqlite3.Connection, action_id: str) -> list[VersionRow]:
    """The versions of an action, the newest first."""
    return _versions(connection, "WHERE action_id = ? ORDER BY number DESC", action_id)


def waiting_versions(connection: sqlite3.Connection, action_id: str) -> list[VersionRow]:
    """The versions of an action that wait for their build."""
    return _versions(connection, "WHERE action_id = ? AND status = 'pending'", action_id)


def save_version(connection: sqlite3.Connection, row: VersionRow) -> None:
    """Writes the version, new or known; the oldest one beyond the limit is dropped (ENT: 50 per action; the
    oldest unused one, but a version that is used, or will be in a moment, is always among the newest two)."""
    connection.execute(
        """INSERT INTO versions (id, action_id, number, status, created_at, updated_at, built_at, revision, material,
             packages) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (id) DO UPDATE SET status = excluded.status, updated_at = excluded.updated_at,
             built_at = excluded.built_at, material = excluded.material, packages = excluded.packages""",
        (
            row.id,
            row.action_id,
            row.number,
            row.status,
            row.created_at,
            row.updated_at,
            row.built_at,
            row.revision,
            material_to_json(row.material),
            row.packages,
        ),
    )
    connection.execute(
        """DELETE FROM versions WHERE action_id = ?
           AND number <= (SELECT MAX(number) FROM versions WHERE action_id = ?) - ?""",
        (row.action_id, row.action_id, limits.VERSIONS_PER_ACTION),
    )


def list_bindings(connection: sqlite3.Connection, trigger_id: str) -> list[BindingRow]:
    """The flow of a trigger, in running order."""
    found = connection.execute(
        "SELECT id, trigger_id, action_id, display_name, created_at FROM bindings "
        "WHERE trigger_id = ? ORDER BY position",
        (trigger_id,),
    )
    return [BindingRow(*row) for row in found]


def is_bound(connection: sqlite3.Connection, action_id: str) -> bool:
    return connection.execute("SELECT 1 FROM bindings WHERE action_id = ?", (action_id,)).fetchone() is not None


def replace_bindings(connection: sqlite3.Connection, trigger_id: str, rows: Sequence[BindingRow]) -> None:
    """Makes those the whole flow of the trigger."""
    connection.execute("DELETE FROM bindings WHERE trigger_id = ?", (trigger_id,))
    connection.executemany(
        "INSERT INTO bindings (id, trigger_id, position, action_id, display_name, created_at) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        [
            (row.id, trigger_id, place, row.action_id, row.display_name, row.created_at)
            for place, row in enumerate(rows)
        ],
    )


_IN_ITS_MOMENT = "versions.status = 'built' AND COALESCE(versions.built_at, 0) - now_ns() BETWEEN 1 AND 1000000000"
"""A version that waits for packages is live at once, as an action that is created with `deploy` shows [recorded]; so is
one from far ahead, which a clock that was set back leaves behind."""

_LIVE = f"""(SELECT versions.id FROM versions WHERE versions.action_id = actions.id AND NOT ({_IN_ITS_MOMENT})
  ORDER BY versions.number DESC LIMIT 1)"""
"""The column `live_version` of the table is not used any more."""


def _actions(connection: sqlite3.Connection, rest: str, *values: object) -> list[ActionRow]:
    found = connection.execute(
        "SELECT id, name, created_at, updated_at, draft_updated_at, status, revision, material, packages, "
        f"{_LIVE} AS live_version, last_number FROM actions {rest}",
        values,
    )
    return [ActionRow(**{**dict(row), "material": material_from_json(row["material"])}) for row in found]


def _versions(connection: sqlite3.Connection, rest: str, *values: object) -> list[VersionRow]:
    found = connection.execute(
        f"SELECT id, action_id, number, status, created_at, IIF({_IN_ITS_MOMENT}, created_at, updated_at) AS "
        f"updated_at, IIF({_IN_ITS_MOMENT}, NULL, built_at) AS built_at, revision, material, packages "
        f"FROM versions {rest}",
        values,
    )
    return [VersionRow(**{**dict(row), "material": material_from_json(row["material"])}) for row in found]


def first(rows: list[T]) -> T | None:
    """The one row that was asked for, or None where there is none."""
    return rows[0] if rows else None
