"""The operations of triggers, bindings, executions and the tenant log (wire.md, sections 2, 3 and 6)."""

from __future__ import annotations

import sqlite3
from typing import Any

from reconciler.local.flow.run_record import find_record
from reconciler.local.refusal import invalid_path
from reconciler.local.state.flows import bind, bound
from reconciler.local.state.store import Store
from reconciler.local.state.tenant_log import find_entry, list_entries
from reconciler.local.trigger_table import known_triggers
from reconciler.local.wire import shapes
from reconciler.local.wire.call import Answer, Call, Operation
from reconciler.local.wire.wire_objects import binding_object, page_of, trigger_list

BINDINGS_PER_PAGE = 20
READ, UPDATE, READ_LOGS = ("read:actions",), ("update:actions",), ("read:logs", "read:logs_users")


class OtherOperations:
    """All but actions and modules themselves."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def operations(self) -> list[Operation]:
        bindings = "/api/v2/actions/triggers/{trigger}/bindings"
        return [
            Operation("GET", "/api/v2/actions/triggers", "Get triggers", READ, self._triggers),
            Operation("GET", bindings, "Get trigger bindings", READ, self._bindings, shapes.PAGING),
            Operation("PATCH", bindings, "Update trigger bindings", UPDATE, self._bind, body=shapes.UPDATE_BINDINGS),
            Operation("GET", "/api/v2/actions/executions/{id}", "Get an execution", READ, self._execution),
            Operation("GET", "/api/v2/logs", "Search log events", READ_LOGS, self._logs, shapes.LIST_LOGS),
            Operation("GET", "/api/v2/logs/{id}", "Get a log event by id", READ_LOGS, self._log),
        ]

    async def _triggers(self, call: Call) -> Answer:
        return Answer(200, trigger_list(call.means.table))

    async def _bindings(self, call: Call) -> Answer:
        """The flow; of an entity-bound trigger always empty [recorded 431 times]."""
        trigger = _known_trigger(call)
        page, per_page = call.query.get("page", 0), call.query.get("per_page") or BINDINGS_PER_PAGE

        def work(connection: sqlite3.Connection) -> dict[str, Any]:
            shown, rest = page_of(bound(connection, trigger), page, per_page)
            return {"bindings": [binding_object(*place) for place in shown], **rest}

        return Answer(200, await self._store.read(work))

    async def _bind(self, call: Call) -> Answer:
        trigger = _known_trigger(call)

        def work(connection: sqlite3.Connection) -> dict[str, Any]:
            flow = bind(connection, trigger, call.body["bindings"], call.means)
            answer = {"bindings": [binding_object(*place) for place in flow]}
            call.record(connection, 200, answer)
            return answer

        return Answer(200, await self._store.write(work))

    async def _execution(self, call: Call) -> Answer:
        return Answer(200, await self._store.read(lambda connection: find_record(connection, call.parts["id"])))

    async def _logs(self, call: Call) -> Answer:
        return Answer(200, await self._store.read(lambda connection: list_entries(connection, call.query)))

    async def _log(self, call: Call) -> Answer:
        return Answer(200, await self._store.read(lambda connection: find_entry(connection, call.parts["id"])))


def _known_trigger(call: Call) -> str:
    trigger = call.parts["trigger"]
    if trigger not in known_triggers(call.means.table):
        raise invalid_path(f"'Invalid value \"{trigger}\"' on property triggerId (An actions extensibility point)")
    return trigger
