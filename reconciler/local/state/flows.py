"""Bindings: which actions run at a trigger, in which order. Every function takes the connection of a transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.catalogue import limits
from reconciler.local.means import Means
from reconciler.local.refusal import bad_request
from reconciler.local.state.rows import (
    ActionRow,
    BindingRow,
    VersionRow,
    find_action,
    find_action_named,
    find_version,
    list_bindings,
    list_versions,
    replace_bindings,
)
from reconciler.local.trigger_table import TriggerVersion


def bound(connection: sqlite3.Connection, trigger: str) -> list[tuple[BindingRow, ActionRow, VersionRow]]:
    """The flow of a trigger in running order: each binding with its action and that action's live version."""
    return [_resolved(connection, binding) for binding in list_bindings(connection, trigger)]


def bind(
    connection: sqlite3.Connection, trigger: str, given: Sequence[Mapping[str, Any]], means: Means
) -> list[tuple[BindingRow, ActionRow, VersionRow]]:
    """The flow after a write that replaces it whole; every binding is made anew, also one that was there [recorded].

    Refusal for an action that is unknown, undeployed or of another trigger, too many bindings, a trigger whose bindings
    another resource keeps, and binding secrets. The texts for undeployed and incompatible actions are the platform's;
    the others were not seen. Binding secrets are refused rather than lost.
    """
    line = means.table.current(trigger)
    if line is None or line.entity_bound:
        raise bad_request("cannot update action bindings for an entity-bound trigger")
    if len(given) > limits.bindings(trigger):
        raise bad_request(f"A trigger must not have more than {limits.bindings(trigger)} bindings.")
    rows = [_new_binding(connection, line, entry, means) for entry in given]
    replace_bindings(connection, trigger, rows)
    return [_resolved(connection, row) for row in rows]


def _new_binding(
    connection: sqlite3.Connection, line: TriggerVersion, entry: Mapping[str, Any], means: Means
) -> BindingRow:
    if entry.get("secrets"):
        raise bad_request("This tenant does not keep secrets of a binding.")
    action = _referred(connection, line.id, entry["ref"])
    if action is None:
        raise bad_request("That action does not exist.")
    version = find_version(connection, action.live_version)
    if version is None or version.status != "built":
        raise bad_request("Trying to create a binding for an action that has not been deployed yet")
    own = (version.material.trigger_id, version.material.trigger_version)
    if own != (line.id, line.version) and own not in line.compatible:
        raise bad_request("Trying to create a binding between an incompatible action and trigger.")
    return BindingRow(means.new_id(), line.id, action.id, entry.get("display_name", ""), means.stamps.next())


def _referred(connection: sqlite3.Connection, trigger: str, ref: Mapping[str, str]) -> ActionRow | None:
    if ref["type"] == "action_id":
        return find_action(connection, ref["value"])
    if ref["type"] == "action_name":
        return find_action_named(connection, ref["value"])
    known = (binding for binding in list_bindings(connection, trigger) if binding.id == ref["value"])
    return next((find_action(connection, binding.action_id) for binding in known), None)


def _resolved(connection: sqlite3.Connection, binding: BindingRow) -> tuple[BindingRow, ActionRow, VersionRow]:
    action = find_action(connection, binding.action_id)
    if action is None:
        raise LookupError(f"binding {binding.id} has no action")  # the schema excludes it
    # What is bound was live; a clock that was set back a little may have it in its moment after the deploy once more.
    return binding, action, find_version(connection, action.live_version) or list_versions(connection, action.id)[0]
