"""The operations of `/api/v2/actions/modules`: what each answers and what it changes (wire.md, section 4)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

from reconciler.local.means import ModulesMode
from reconciler.local.refusal import feature_not_enabled, not_found
from reconciler.local.state.builder import Builder
from reconciler.local.state.module_drafts import (
    create_module,
    known_module_version,
    publish_module,
    remove_module,
    roll_back_module,
    update_module,
)
from reconciler.local.state.module_rows import (
    ModuleRow,
    ModuleVersionRow,
    find_module,
    find_module_version,
    list_module_versions,
    list_modules,
    use_counts,
    using_actions,
)
from reconciler.local.state.store import Store
from reconciler.local.wire import module_shapes, shapes
from reconciler.local.wire.call import Answer, Call, Operation
from reconciler.local.wire.module_objects import (
    module_action_object,
    module_item,
    module_object,
    module_version_object,
    updated_module_object,
    whole_page_of,
)
from reconciler.local.wire.wire_objects import page_of

MODULES_PER_PAGE = 100
"""As many as a tenant may have: the OpenAPI says that nothing is paged where `per_page` is not sent."""

VERSIONS_PER_PAGE = 20
"""OpenAPI. For the actions that use a module it names no default; here it is the same."""

READ, CREATE, UPDATE, DELETE = ("read:actions",), ("create:actions",), ("update:actions",), ("delete:actions",)
_SCOPES = {"GET": READ, "POST": CREATE, "PATCH": UPDATE, "DELETE": DELETE}


class ModuleOperations:
    """Modules, their drafts and versions, and the actions that use them."""

    def __init__(self, store: Store, builder: Builder) -> None:
        self._store = store
        self._builder = builder

    def operations(self, mode: ModulesMode) -> list[Operation]:
        """All of them; of a tenant whose modules are off, those that say so."""
        if mode == "off":
            return _operations_off()
        modules, module = "/api/v2/actions/modules", "/api/v2/actions/modules/{id}"
        actions, versions, paging = f"{module}/actions", f"{module}/versions", shapes.PAGING
        make, change, back = module_shapes.CREATE_MODULE, module_shapes.UPDATE_MODULE, module_shapes.ROLL_BACK_MODULE
        return [
            Operation("GET", modules, "List Actions Modules", READ, self._list, paging),
            Operation("POST", modules, "Create a new Actions Module", CREATE, self._create, body=make),
            Operation("GET", module, "Get a specific Actions Module by ID", READ, self._get),
            Operation("PATCH", module, "Update a specific Actions Module", UPDATE, self._update, body=change),
            Operation("DELETE", module, "Delete a specific Actions Module by ID", DELETE, self._delete),
            Operation("GET", actions, "List all actions using an Actions Module", READ, self._actions, paging),
            Operation("GET", versions, "List all versions of an Actions Module", READ, self._versions, paging),
            Operation("POST", versions, "Create a new version of an Actions Module", UPDATE, self._publish),
            Operation(
                "GET",
                f"{versions}/{{version}}",
                "Get a specific version of an Actions Module",
                READ,
                self._version,
            ),
            Operation(
                "POST",
                f"{module}/rollback",
                "Rollback an Actions Module to a previous version",
                UPDATE,
                self._roll_back,
                body=back,
            ),
        ]

    async def _list(self, call: Call) -> Answer:
        page, per_page = call.query.get("page", 0), call.query.get("per_page") or MODULES_PER_PAGE

        def work(connection: sqlite3.Connection) -> dict[str, Any]:
            shown, rest = whole_page_of(list_modules(connection), page, per_page)
            using = use_counts(connection)
            modules = [module_item(row, _latest(connection, row), using[row.id]) for row in shown]
            return {"modules": modules, **rest}

        return Answer(200, await self._store.read(work))

    async def _create(self, call: Call) -> Answer:
        def work(connection: sqlite3.Connection) -> tuple[ModuleRow, ModuleVersionRow | None, dict[str, Any]]:
            row, version = create_module(connection, call.body, call.means)
            answer = _shown(connection, row, module_object)
            call.record(connection, 201, answer)
            return row, version, answer

        row, version, answer = await self._store.write(work)
        if version is not None:
            self._builder.start_module(row, version)
        return Answer(201, answer)

    async def _get(self, call: Call) -> Answer:
        def work(connection: sqlite3.Connection) -> dict[str, Any]:
            return _shown(connection, _known(connection, call), module_object)

        return Answer(200, await self._store.read(work))

    async def _update(self, call: Call) -> Answer:
        def work(connection: sqlite3.Connection) -> dict[str, Any]:
            row = update_module(connection, _known(connection, call), call.body, call.means)
            answer = _shown(connection, row, updated_module_object)
            call.record(connection, 200, answer)
            return answer

        return Answer(200, await self._store.write(work))

    async def _delete(self, call: Call) -> Answer:
        def work(connection: sqlite3.Connection) -> None:
            remove_module(connection, _known(connection, call))
            call.record(connection, 204, None)

        await self._store.write(work)
        return Answer(204)

    async def _actions(self, call: Call) -> Answer:
        """The deployed actions; its envelope is that of the actions service: zeros are left out [recorded]."""
        page, per_page = call.query.get("page", 0), call.query.get("per_page") or VERSIONS_PER_PAGE

        def work(connection: sqlite3.Connection) -> dict[str, Any]:
            using = using_actions(connection, _known(connection, call).id)
            shown, rest = page_of(using, page, per_page)
            return {"actions": [module_action_object(action, pin) for action, _, pin in shown], **rest}

        return Answer(200, await self._store.read(work))

    async def _versions(self, call: Call) -> Answer:
        page, per_page = call.query.get("page", 0), call.query.get("per_page") or VERSIONS_PER_PAGE

        def work(connection: sqlite3.Connection) -> dict[str, Any]:
            versions = list_module_versions(connection, _known(connection, call).id)
            shown, rest = whole_page_of(versions, page, per_page)
            return {"versions": [module_version_object(version) for version in shown], **rest}

        return Answer(200, await self._store.read(work))

    async def _version(self, call: Call) -> Answer:
        def work(connection: sqlite3.Connection) -> dict[str, Any]:
            row = _known(connection, call)
            return module_version_object(known_module_version(connection, row, call.parts["version"]))

        return Answer(200, await self._store.read(work))

    async def _publish(self, call: Call) -> Answer:
        def work(connection: sqlite3.Connection) -> tuple[ModuleRow, ModuleVersionRow, dict[str, Any]]:
            row, version = publish_module(connection, _known(connection, call), call.means)
            answer = module_version_object(version)
            call.record(connection, 200, answer)
            return row, version, answer

        row, version, answer = await self._store.write(work)
        self._builder.start_module(row, version)
        return Answer(200, answer)

    async def _roll_back(self, call: Call) -> Answer:
        def work(connection: sqlite3.Connection) -> dict[str, Any]:
            row = _known(connection, call)
            row = roll_back_module(connection, row, call.body["module_version_id"], call.means)
            answer = _shown(connection, row, module_object)
            call.record(connection, 200, answer)
            return answer

        return Answer(200, await self._store.write(work))


def _known(connection: sqlite3.Connection, call: Call) -> ModuleRow:
    row = find_module(connection, call.parts["id"])
    if row is None:
        raise not_found("The action module does not exist.")
    return row


def _shown(
    connection: sqlite3.Connection,
    row: ModuleRow,
    as_object: Callable[[ModuleRow, ModuleVersionRow | None, int], dict[str, Any]],
) -> dict[str, Any]:
    return as_object(row, _latest(connection, row), use_counts(connection)[row.id])


def _latest(connection: sqlite3.Connection, row: ModuleRow) -> ModuleVersionRow | None:
    return find_module_version(connection, row.latest_version)


def _operations_off() -> list[Operation]:
    """Modules are off: whatever is asked of them is answered so, also a body that would not do."""
    paths = ("/api/v2/actions/modules", "/api/v2/actions/modules/{rest:path}")
    return [
        Operation(method, path, "Modules", scopes, _off, query={**shapes.PAGING})
        for path in paths
        for method, scopes in _SCOPES.items()
    ]


async def _off(call: Call) -> Answer:
    raise feature_not_enabled()
