"""The tables of modules and their versions: rows in, rows out. Every function takes the connection of a transaction."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from reconciler.local.state.material import Material, ModulePin, StoredSecret
from reconciler.local.state.rows import ActionRow, VersionRow, first, list_actions, list_versions, live_versions


@dataclass(frozen=True)
class ModuleMaterial:
    """All that makes a version of a module what it is."""

    code: str
    dependencies: tuple[Mapping[str, str], ...] = ()
    secrets: tuple[StoredSecret, ...] = ()

    def packages(self) -> dict[str, str]:
        """What is to be installed: name -> version."""
        return {dependency["name"]: dependency["version"] for dependency in self.dependencies}

    def same_as(self, other: ModuleMaterial) -> bool:
        """Whether both are the same, by the rule of actions: dependencies count as a set, and a secret has changed once
        it was written again. Whether the platform compares contents for modules too was not seen."""
        return self._identity() == other._identity()

    def _identity(self) -> tuple[object, ...]:
        return self.code, self.packages(), {secret.name: secret.updated_at for secret in self.secrets}


@dataclass(frozen=True)
class ModuleRow:
    """A module with its draft; `updated_at` is that of the draft. `last_number` is the number of the newest version."""

    id: str
    name: str
    created_at: int
    updated_at: int
    material: ModuleMaterial
    latest_version: str | None = None
    last_number: int = 0


@dataclass(frozen=True)
class ModuleVersionRow:
    """A published state of a module. `status` is that of its packages: pending, built or failed; the wire does not show
    it. `packages` is the folder built for it."""

    id: str
    module_id: str
    number: int
    created_at: int
    status: str
    material: ModuleMaterial
    packages: str | None = None


@dataclass(frozen=True)
class PinnedModule:
    """A module as an action uses it: the version it is pinned to."""

    name: str
    version: ModuleVersionRow


def find_module(connection: sqlite3.Connection, module_id: str) -> ModuleRow | None:
    return first(_modules(connection, "WHERE id = ?", module_id))


def find_module_named(connection: sqlite3.Connection, name: str) -> ModuleRow | None:
    return first(_modules(connection, "WHERE name = ?", name))


def list_modules(connection: sqlite3.Connection) -> list[ModuleRow]:
    """Every module, the oldest first, as actions are listed; the order of several was not seen."""
    return _modules(connection, "ORDER BY created_at, seq")


def save_module(connection: sqlite3.Connection, row: ModuleRow) -> None:
    """Writes the module, new or known."""
    connection.execute(
        """INSERT INTO modules (id, name, created_at, updated_at, material, latest_version, last_number)
             VALUES (?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (id) DO UPDATE SET updated_at = excluded.updated_at, material = excluded.material,
             latest_version = excluded.latest_version, last_number = excluded.last_number""",
        (
            row.id,
            row.name,
            row.created_at,
            row.updated_at,
            _to_json(row.material),
            row.latest_version,
            row.last_number,
        ),
    )


def delete_module(connection: sqlite3.Connection, module_id: str) -> None:
    """Drops the module with its versions."""
    connection.execute("DELETE FROM modules WHERE id = ?", (module_id,))


def find_module_version(connection: sqlite3.Connection, version_id: str | None) -> ModuleVersionRow | None:
    return first(_versions(connection, "WHERE id = ?", version_id))


def list_module_versions(connection: sqlite3.Connection, module_id: str) -> list[ModuleVersionRow]:
    """The versions of a module, the newest first [recorded]."""
    return _versions(connection, "WHERE module_id = ? ORDER BY number DESC", module_id)


def waiting_module_versions(connection: sqlite3.Connection) -> list[ModuleVersionRow]:
    """The versions of any module that wait for their packages."""
    return _versions(connection, "WHERE status = 'pending' ORDER BY seq")


def save_module_version(connection: sqlite3.Connection, row: ModuleVersionRow) -> None:
    """Writes the version; of one that is known, how its build ended."""
    connection.execute(
        """INSERT INTO module_versions (id, module_id, number, created_at, status, material, packages)
             VALUES (?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (id) DO UPDATE SET status = excluded.status, packages = excluded.packages""",
        (row.id, row.module_id, row.number, row.created_at, row.status, _to_json(row.material), row.packages),
    )


def pinned_modules(connection: sqlite3.Connection, material: Material) -> tuple[PinnedModule, ...]:
    """The modules that an action's draft or version uses. One that is gone since is left out: only a version that is
    not live can outlive its module, and it neither runs nor can be rolled back to."""
    found = ((pin, find_module_version(connection, pin.module_version_id)) for pin in material.modules)
    return tuple(PinnedModule(pin.module_name, version) for pin, version in found if version is not None)


def using_actions(connection: sqlite3.Connection, module_id: str) -> list[tuple[ActionRow, VersionRow, ModulePin]]:
    """The actions whose live version uses the module, the oldest first, each with that version and its pin."""
    actions = list_actions(connection)
    live = live_versions(connection, actions)
    return [
        (row, live[row.id], pin)
        for row in actions
        if row.id in live
        for pin in live[row.id].material.modules
        if pin.module_id == module_id
    ]


def use_counts(connection: sqlite3.Connection) -> Counter[str]:
    """How many live versions use each module, by the module's id."""
    live = live_versions(connection, list_actions(connection)).values()
    return Counter(pin.module_id for version in live for pin in version.material.modules)


def is_used(connection: sqlite3.Connection, module_id: str) -> bool:
    """Whether the draft, the live version or the newest version of any action uses the module; the newest one goes live
    a moment after its deploy."""
    actions = list_actions(connection)
    newest = [version for row in actions for version in list_versions(connection, row.id)[:1]]
    live = live_versions(connection, actions).values()
    held = [*(row.material for row in actions), *(version.material for version in (*newest, *live))]
    return any(pin.module_id == module_id for material in held for pin in material.modules)


def _modules(connection: sqlite3.Connection, rest: str, *values: object) -> list[ModuleRow]:
    found = connection.execute(
        f"SELECT id, name, created_at, updated_at, material, latest_version, last_number FROM modules {rest}", values
    )
    return [ModuleRow(**{**dict(row), "material": _from_json(row["material"])}) for row in found]


def _versions(connection: sqlite3.Connection, rest: str, *values: object) -> list[ModuleVersionRow]:
    found = connection.execute(
        f"SELECT id, module_id, number, created_at, status, material, packages FROM module_versions {rest}", values
    )
    return [ModuleVersionRow(**{**dict(row), "material": _from_json(row["material"])}) for row in found]


def _to_json(material: ModuleMaterial) -> str:
    return json.dumps(asdict(material), separators=(",", ":"))


def _from_json(text: str) -> ModuleMaterial:
    fields = json.loads(text)
    secrets = tuple(StoredSecret(**secret) for secret in fields["secrets"])
    return ModuleMaterial(fields["code"], tuple(fields["dependencies"]), secrets)
