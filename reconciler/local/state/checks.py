"""What the actions service refuses once a body has the right form.

Only the texts quoted in wire.md are the platform's; those of the limits were never seen and are ours.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.catalogue import limits
from reconciler.local.refusal import bad_request, conflict
from reconciler.local.state.material import Material
from reconciler.local.state.rows import find_action_named, list_actions
from reconciler.local.trigger_table import TriggerTable, TriggerVersion


def check_fields(body: Mapping[str, Any]) -> None:
    """Refusal where a field of a create or an update breaks a documented limit (limits.md, section 1)."""
    if "name" in body and not body["name"].strip():
        raise bad_request("invalid Action.Name: value length must be at least 1 runes")
    if len(body.get("code", "").encode()) > limits.CODE_BYTES:
        raise bad_request(f"The code of an action must not be larger than {limits.CODE_BYTES} bytes.")
    check_secrets(body.get("secrets", ()), "An action", limits.SECRET_NAME_CHARACTERS)
    check_dependencies(body.get("dependencies", ()), "An action")


def check_name(connection: sqlite3.Connection, name: str, action_id: str = "") -> None:
    """Refusal 409 where another action has that name.

    Not seen on the platform, either way; a binding may name its action, so a name must mean one action.
    """
    other = find_action_named(connection, name)
    if other is not None and other.id != action_id:
        raise conflict("An action with that name already exists.")


def check_room(connection: sqlite3.Connection, trigger: str) -> None:
    """Refusal where the tenant may not have another action (of that trigger)."""
    actions = list_actions(connection)
    of_trigger = sum(action.material.trigger_id == trigger for action in actions)
    if len(actions) >= limits.ACTIONS_PER_TENANT or of_trigger >= limits.actions(trigger):
        raise bad_request(f"The limit of actions for the trigger {trigger} or for this tenant has been reached.")


def chosen_trigger(given: Sequence[Mapping[str, Any]], table: TriggerTable) -> TriggerVersion:
    """The trigger a body asks for; the current version where it names none. Refusal where there is no such trigger."""
    if len(given) > 1:
        raise bad_request("An action can only target a single trigger at a time.")
    current = table.current(given[0]["id"])
    version = given[0].get("version")
    found = table.find(given[0]["id"], version) if version else current
    if found is None:
        raise bad_request(f"The trigger {given[0]['id']} {version or ''} does not exist.".replace("  ", " "))
    return found


def check_upgrade(before: Material, after: TriggerVersion) -> None:
    """Refusal where an action may not move to that trigger: only to one that its own is compatible with."""
    same = (before.trigger_id, before.trigger_version) == (after.id, after.version)
    if not same and (before.trigger_id, before.trigger_version) not in after.compatible:
        raise bad_request("can't upgrade to this trigger.")


def check_runtime(runtime: str, trigger: TriggerVersion) -> None:
    """Refusal where the trigger does not offer the runtime."""
    if runtime not in trigger.runtimes:
        offered = ", ".join(trigger.runtimes)
        raise bad_request(
            f"runtime not supported for version {trigger.version} of this trigger, supported runtimes: {offered}"
        )


def check_secrets(secrets: Sequence[Mapping[str, Any]], owner: str, longest_name: int) -> None:
    """Refusal where the secrets of that owner (`An action`, `A module`) break a limit."""
    names = [secret["name"] for secret in secrets]
    if len(names) > limits.SECRETS:
        raise bad_request(f"{owner} must not have more than {limits.SECRETS} secrets.")
    if len(set(names)) < len(names):
        raise bad_request(f"{owner} must not have two secrets of one name.")
    if any(not 0 < len(name) <= longest_name for name in names):
        raise bad_request(f"The name of a secret must have 1 to {longest_name} characters.")
    if any(len(secret.get("value", "")) > limits.SECRET_VALUE_CHARACTERS for secret in secrets):
        raise bad_request(f"The value of a secret must not have more than {limits.SECRET_VALUE_CHARACTERS} characters.")


def check_dependencies(dependencies: Sequence[Mapping[str, str]], owner: str) -> None:
    """Refusal where the dependencies of that owner break a limit."""
    names = [dependency["name"] for dependency in dependencies]
    if len(names) > limits.DEPENDENCIES:
        raise bad_request(f"{owner} must not have more than {limits.DEPENDENCIES} dependencies.")
    if len(set(names)) < len(names):
        raise bad_request(f"{owner} must not have two dependencies of one name.")
    if any(not 0 < len(name) <= limits.DEPENDENCY_NAME_CHARACTERS for name in names):
        raise bad_request(f"The name of a dependency must have 1 to {limits.DEPENDENCY_NAME_CHARACTERS} characters.")
    if any(not 0 < len(each["version"]) <= limits.DEPENDENCY_VERSION_CHARACTERS for each in dependencies):
        raise bad_request(
            f"The version of a dependency must have 1 to {limits.DEPENDENCY_VERSION_CHARACTERS} characters."
        )
