"""Rows of modules as the Management API shows them (wire.md, section 4): another service than that of actions, with
habits of its own. Its stamps have 6 digits always, and its lists keep their zeros."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.local.stamp import moment
from reconciler.local.state.material import ModulePin
from reconciler.local.state.module_rows import ModuleMaterial, ModuleRow, ModuleVersionRow
from reconciler.local.state.rows import ActionRow
from reconciler.local.wire.wire_objects import secret_list


def module_object(row: ModuleRow, latest: ModuleVersionRow | None, using: int) -> dict[str, Any]:
    """A module; `using` is the number of deployed actions that use it."""
    shown = _module(row, latest, using)
    if latest is not None:
        shown["latest_version"] = {
            "id": latest.id,
            "version_number": latest.number,
            **_content(latest.material, ("code", "dependencies", "secrets")),
        }
    return shown


def module_item(row: ModuleRow, latest: ModuleVersionRow | None, using: int) -> dict[str, Any]:
    """A module in a list: the number of its latest version stands where the version does elsewhere. No list with a
    module in it was recorded; the place of that key is ours."""
    shown = _module(row, latest, using)
    return shown if latest is None else {**shown, "latest_version_number": latest.number}


def updated_module_object(row: ModuleRow, latest: ModuleVersionRow | None, using: int) -> dict[str, Any]:
    """A module as the answer to its update shows it: with the stamp of its making, also on the secrets just written.
    The next read shows the right ones [recorded twice; the second update shows that it is not the draft's last
    stamp]."""
    shown, old, new = module_object(row, latest, using), six_digits(row.created_at), six_digits(row.updated_at)
    secrets = [{**secret, "updated_at": old} if secret["updated_at"] == new else secret for secret in shown["secrets"]]
    return {**shown, "updated_at": old, "secrets": secrets}


def module_version_object(version: ModuleVersionRow) -> dict[str, Any]:
    return {
        "id": version.id,
        "module_id": version.module_id,
        "version_number": version.number,
        **_content(version.material, ("code", "secrets", "dependencies")),
        "created_at": six_digits(version.created_at),
    }


def module_action_object(action: ActionRow, pin: ModulePin) -> dict[str, Any]:
    """An action that uses a module. The OpenAPI has `supported_triggers` too; the recorded answers have not."""
    return {
        "action_id": action.id,
        "action_name": action.name,
        "module_version_id": pin.module_version_id,
        "module_version_number": pin.module_version_number,
    }


def whole_page_of(rows: Sequence[Any], page: int, per_page: int) -> tuple[Sequence[Any], dict[str, Any]]:
    """The rows of that page, and the rest of the envelope: zeros stay, and past the end the total is 0 [recorded]."""
    shown = rows[page * per_page : (page + 1) * per_page]
    return shown, {"total": len(rows) if shown else 0, "page": page, "per_page": per_page}


def six_digits(instant: int) -> str:
    """`2026-02-16T16:36:04.476390Z`: always microseconds, also where they end in zeros [recorded]."""
    return f"{moment(instant):%Y-%m-%dT%H:%M:%S.%f}Z"


def _module(row: ModuleRow, latest: ModuleVersionRow | None, using: int) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        **_content(row.material, ("code", "dependencies", "secrets")),
        "all_changes_published": latest is not None and row.material.same_as(latest.material),
        "actions_using_module_total": using,
        "created_at": six_digits(row.created_at),
        "updated_at": six_digits(row.updated_at),
    }


def _content(material: ModuleMaterial, order: Sequence[str]) -> Mapping[str, Any]:
    shown = {
        "code": material.code,
        "dependencies": [dict(each) for each in material.dependencies],
        "secrets": secret_list(material.secrets, six_digits),
    }
    return {key: shown[key] for key in order}
