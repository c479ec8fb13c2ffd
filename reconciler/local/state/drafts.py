"""What happens to the draft of an action: made, written, built. Every function takes the connection of a
transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from reconciler.local.means import Means
from reconciler.local.refusal import conflict
from reconciler.local.state.checks import (
    check_fields,
    check_name,
    check_room,
    check_runtime,
    check_upgrade,
    chosen_trigger,
)
from reconciler.local.state.material import Material, new_secrets
from reconciler.local.state.module_pins import module_pins, needs_packages
from reconciler.local.state.rows import (
    ActionRow,
    VersionRow,
    delete_action,
    find_action,
    is_bound,
    save_action,
    save_version,
    waiting_versions,
)


def create_draft(
    connection: sqlite3.Connection, body: Mapping[str, Any], means: Means
) -> tuple[ActionRow, VersionRow | None]:
    """A new action, and its first version where the body says `deploy`; both as they are before the build.

    The row's stamp comes a moment before the draft's (wire.md, section 1). Refusal where the body asks the impossible.
    """
    check_fields(body)
    check_name(connection, body["name"])
    trigger = chosen_trigger(body["supported_triggers"], means.table)
    check_room(connection, trigger.id)
    if "runtime" in body:
        check_runtime(body["runtime"], trigger)
    made, written = means.stamps.next(), means.stamps.next()
    material = Material(
        trigger_id=trigger.id,
        trigger_version=trigger.version,
        runtime=body.get("runtime", trigger.default_runtime),
        code=body.get("code", ""),
        dependencies=tuple(body.get("dependencies", ())),
        secrets=new_secrets(body.get("secrets", ()), (), written, means.keys),
        modules=module_pins(connection, body.get("modules", ()), "CreateActionRequest", means),
    )
    row = ActionRow(means.new_id(), body["name"], made, made, written, "pending", 1, material)
    version = None
    if body.get("deploy"):
        version = _first_version(row, means)
        row = replace(row, live_version=version.id, last_number=version.number)
    save_action(connection, row)
    if version:
        save_version(connection, version)
    if not needs_packages(connection, material):
        finish_build(connection, row.id, row.revision, means, packages=None)
    return row, version


def update_draft(connection: sqlite3.Connection, row: ActionRow, body: Mapping[str, Any], means: Means) -> ActionRow:
    """The action with its draft written anew: what the body leaves out stays, and the draft waits for a new build even
    where nothing changed [recorded 108 times]. Refusal where the body asks the impossible."""
    check_fields(body)
    check_name(connection, body.get("name", row.name), row.id)
    written_row, written = means.stamps.next(), means.stamps.next()
    after = replace(
        row,
        name=body.get("name", row.name),
        updated_at=written_row,
        draft_updated_at=written,
        status="pending",
        revision=row.revision + 1,
        packages=None,
        material=_updated_material(connection, row.material, body, written, means),
    )
    save_action(connection, after)
    if not needs_packages(connection, after.material):
        finish_build(connection, after.id, after.revision, means, packages=None)
    return after


def remove_action(connection: sqlite3.Connection, row: ActionRow, *, force: bool) -> None:
    """Drops the action with its versions; `force` takes it out of its flow first. Refusal 409 while it is bound."""
    if is_bound(connection, row.id) and not force:
        raise conflict("Unable to delete an action bound to a trigger.")
    delete_action(connection, row.id)


def start_build(connection: sqlite3.Connection, action_id: str, revision: int) -> None:
    """Shows the draft as `building` where it still is the one that waited."""
    row = find_action(connection, action_id)
    if row is not None and row.status == "pending" and row.revision == revision:
        save_action(connection, replace(row, status="building"))


def finish_build(
    connection: sqlite3.Connection,
    action_id: str,
    revision: int,
    means: Means,
    *,
    packages: str | None,
    error: str | None = None,
) -> bool:
    """Writes how a build ended, into the draft where that is still the one that was built, and into versions that
    copied it before its build (create with `deploy`). Whether anything was waiting for it."""
    row = find_action(connection, action_id)
    if row is None:
        return False
    waiting = [version for version in waiting_versions(connection, action_id) if version.revision == revision]
    for version in waiting:
        _finish_version(connection, version, means, packages=packages, failed=error is not None)
    if row.revision != revision or row.status not in ("pending", "building"):
        return bool(waiting)
    status = "built" if error is None else "failed"
    material = row.material.built() if error is None else row.material
    moved = means.stamps.next() if waiting else row.draft_updated_at  # create with deploy moves it [recorded]
    after = replace(row, status=status, material=material, packages=packages, draft_updated_at=moved)
    save_action(connection, after)
    return True


def _updated_material(
    connection: sqlite3.Connection, before: Material, body: Mapping[str, Any], written: int, means: Means
) -> Material:
    trigger = means.table.find(before.trigger_id, before.trigger_version)
    if "supported_triggers" in body:
        trigger = chosen_trigger(body["supported_triggers"], means.table)
        check_upgrade(before, trigger)
    runtime = body.get("runtime", before.runtime)
    if trigger is not None and runtime != before.runtime:
        check_runtime(runtime, trigger)
    secrets = before.secrets
    if "secrets" in body:
        secrets = new_secrets(body["secrets"], before.secrets, written, means.keys)
    modules = before.modules
    if "modules" in body:
        modules = module_pins(connection, body["modules"], "UpdateActionRequest", means)
    return Material(
        trigger_id=trigger.id if trigger else before.trigger_id,
        trigger_version=trigger.version if trigger else before.trigger_version,
        runtime=runtime,
        code=body.get("code", before.code),
        dependencies=tuple(body.get("dependencies", before.dependencies)),
        secrets=secrets,
        modules=modules,
    )


def _first_version(row: ActionRow, means: Means) -> VersionRow:
    made = means.stamps.next()
    return VersionRow(means.new_id(), row.id, 1, "pending", made, made, None, row.revision, row.material)


def _finish_version(
    connection: sqlite3.Connection, version: VersionRow, means: Means, *, packages: str | None, failed: bool
) -> None:
    ended, written = means.stamps.next(), means.stamps.next()
    if failed:
        save_version(connection, replace(version, status="failed", updated_at=written))
        return
    built = replace(version, status="built", built_at=ended, updated_at=written, packages=packages)
    save_version(connection, replace(built, material=version.material.built()))
