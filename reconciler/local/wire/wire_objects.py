"""Rows as the Management API shows them: the keys of each object, and their order, are the recorded ones (wire.md).

No field is ever null, empty lists stay, and what is absent is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from reconciler.local.stamp import rfc3339
from reconciler.local.state.material import Material, StoredSecret
from reconciler.local.state.rows import ActionRow, BindingRow, VersionRow
from reconciler.local.trigger_table import TriggerTable, TriggerVersion


def action_object(row: ActionRow, live: VersionRow | None, status: str = "") -> dict[str, Any]:
    """An action; `status` where the answer was fixed before the build ended."""
    shown: dict[str, Any] = {
        "id": row.id,
        "name": row.name,
        "supported_triggers": _supported_triggers(row.material),
        "created_at": rfc3339(row.created_at),
        "updated_at": rfc3339(row.draft_updated_at),
        "code": row.material.code,
        "dependencies": [dict(each) for each in row.material.dependencies],
        "runtime": row.material.runtime,
        "status": status or row.status,
        "secrets": secret_list(row.material.secrets),
        **_modules(row.material),
    }
    if live is not None:
        shown |= _version_pair(live)
    shown["all_changes_deployed"] = live is not None and row.material.same_as(live.material)
    return shown


def version_object(
    version: VersionRow, action: ActionRow, *, deployed: bool, just_made: bool = False
) -> dict[str, Any]:
    """A version with its action. The answer to a deploy (`just_made`) is given before the version's own build ends: no
    `built_at`, and `updated_at` still that of its making."""
    shown = _version(version, deployed=deployed)
    if just_made:
        shown.pop("built_at", None)
        shown["status"] = "built"
        shown["updated_at"] = shown["created_at"]
    return {**shown, "action": _action_summary(action)}


def binding_object(binding: BindingRow, action: ActionRow, live: VersionRow) -> dict[str, Any]:
    """A binding. Its action has no draft in it, and says `all_changes_deployed: false` always."""
    summary = _action_summary(action)
    unchanged = summary.pop("all_changes_deployed")
    shown: dict[str, Any] = {
        "id": binding.id,
        "trigger_id": binding.trigger_id,
        "action": {**summary, **_version_pair(live), "all_changes_deployed": unchanged},
        "created_at": rfc3339(binding.created_at),
        "updated_at": rfc3339(binding.created_at),
    }
    if binding.display_name:
        shown["display_name"] = binding.display_name
    return shown


def trigger_list(table: TriggerTable) -> dict[str, Any]:
    return {"triggers": [_trigger(line) for line in table.versions]}


def secret_list(secrets: Sequence[StoredSecret], printed: Callable[[int], str] = rfc3339) -> list[dict[str, str]]:
    """Secrets as they are shown: never their values."""
    return [{"name": secret.name, "updated_at": printed(secret.updated_at)} for secret in secrets]


def page_of(rows: Sequence[Any], page: int, per_page: int) -> tuple[Sequence[Any], dict[str, Any]]:
    """The rows of that page, and the rest of the envelope: zeros are left out, and past the end there is no total."""
    shown = rows[page * per_page : (page + 1) * per_page]
    rest: dict[str, Any] = {}
    if shown:
        rest["total"] = len(rows)
    if page:
        rest["page"] = page
    return shown, {**rest, "per_page": per_page}


def _version_pair(live: VersionRow) -> dict[str, Any]:
    current: dict[str, Any] = {
        "id": live.id,
        "code": live.material.code,
        "runtime": live.material.runtime,
        "status": live.status.upper(),
        "number": live.number,
    }
    if live.built_at is not None:
        current["build_time"] = rfc3339(live.built_at)
    current |= {"created_at": rfc3339(live.created_at), "updated_at": rfc3339(live.updated_at)}
    return {"current_version": current, "deployed_version": _version(live, deployed=True)}


def _version(version: VersionRow, *, deployed: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "code": version.material.code,
        "dependencies": [dict(each) for each in version.material.dependencies],
        "id": version.id,
        "deployed": deployed,
        "number": version.number,
    }
    if version.built_at is not None:
        shown["built_at"] = rfc3339(version.built_at)
    return {
        **shown,
        "secrets": secret_list(version.material.secrets),
        **_modules(version.material),
        "status": version.status,
        "created_at": rfc3339(version.created_at),
        "updated_at": rfc3339(version.updated_at),
        "runtime": version.material.runtime,
        "supported_triggers": _supported_triggers(version.material),
    }


def _action_summary(action: ActionRow) -> dict[str, Any]:
    return {
        "id": action.id,
        "name": action.name,
        "supported_triggers": _supported_triggers(action.material),
        "created_at": rfc3339(action.created_at),
        "updated_at": rfc3339(action.updated_at),
        "all_changes_deployed": False,
    }


def _supported_triggers(material: Material) -> list[Mapping[str, str]]:
    return [{"id": material.trigger_id, "version": material.trigger_version}]


def _modules(material: Material) -> dict[str, Any]:
    """Unlike other lists, that of modules is absent where it is empty."""
    return {"modules": [asdict(pin) for pin in material.modules]} if material.modules else {}


def _trigger(line: TriggerVersion) -> dict[str, Any]:
    return {
        "id": line.id,
        "version": line.version,
        "status": "CURRENT" if line.current else "DEPRECATED",
        "runtimes": list(line.runtimes),
        "default_runtime": line.default_runtime,
        "binding_policy": "entity-bound" if line.entity_bound else "trigger-bound",
        "compatible_triggers": [{"id": trigger, "version": version} for trigger, version in line.compatible],
    }
