"""The operations of `/api/v2/actions/actions`: what each answers and what it changes (wire.md, sections 1 and 2)."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.catalogue.triggers import triggers
from reconciler.local.flow.run_record import masked, stats
from reconciler.local.node.job import Install, Runner
from reconciler.local.refusal import bad_request, not_found, unknown_action
from reconciler.local.state.builder import Builder
from reconciler.local.state.deploys import deploy_draft, deploy_version
from reconciler.local.state.drafts import create_draft, remove_action, update_draft
from reconciler.local.state.jobs import job, runnable_draft
from reconciler.local.state.rows import (
    ActionRow,
    VersionRow,
    find_action,
    find_version,
    list_actions,
    list_versions,
    live_versions,
)
from reconciler.local.state.store import Store
from reconciler.local.wire import shapes
from reconciler.local.wire.call import Answer, Call, Operation
from reconciler.local.wire.wire_objects import action_object, page_of, version_object
from reconciler.model.execution import Execution

ACTIONS_PER_PAGE = 100
"""Default and most [recorded 57 times; a higher wish is cut, since a refusal was not seen]."""

VERSIONS_PER_PAGE = 20
READ, CREATE, UPDATE, DELETE = ("read:actions",), ("create:actions",), ("update:actions",), ("delete:actions",)


class ActionOperations:
    """Actions, their drafts and versions."""

    def __init__(self, store: Store, builder: Builder, runner: Runner, install: Install) -> None:
        self._store = store
        self._builder = builder
        self._runner = runner
        self._install = install

    def operations(self) -> list[Operation]:
        actions, action = "/api/v2/actions/actions", "/api/v2/actions/actions/{id}"
        versions, version = f"{action}/versions", f"{action}/versions/{{version}}"
        return [
            Operation("GET", actions, "Get actions", READ, self._list, shapes.LIST_ACTIONS),
            Operation("POST", actions, "Create an action", CREATE, self._create, body=shapes.CREATE_ACTION),
            Operation("GET", action, "Get an action", READ, self._get),
            Operation("PATCH", action, "Update an action", UPDATE, self._update, body=shapes.UPDATE_ACTION),
            Operation("DELETE", action, "Delete an action", DELETE, self._delete, shapes.DELETE_ACTION),
            Operation("POST", f"{action}/deploy", "Deploy an action", CREATE, self._deploy),
            Operation("POST", f"{action}/test", "Test an Action", CREATE, self._test, body=shapes.TEST_ACTION),
            Operation("GET", versions, "Get an action's versions", READ, self._versions, shapes.PAGING),
            Operation("GET", version, "Get a specific version of an action", READ, self._version),
            Operation(
                "POST",
                f"{version}/deploy",
                "Roll back to a previous action version",
                CREATE,
                self._roll_back,
                body=shapes.DEPLOY_VERSION,
                body_optional=True,
            ),
        ]

    async def _list(self, call: Call) -> Answer:
        page = call.query.get("page", 0)
        per_page = min(call.query.get("per_page") or ACTIONS_PER_PAGE, ACTIONS_PER_PAGE)

        def work(connection: sqlite3.Connection) -> dict[str, Any]:
            wanted = [row for row in list_actions(connection) if _wanted(row, call)]
            shown, rest = page_of(wanted, page, per_page)
            return {"actions": _objects(connection, shown), **rest}

        return Answer(200, await self._store.read(work))

    async def _create(self, call: Call) -> Answer:
        def work(connection: sqlite3.Connection) -> tuple[ActionRow, dict[str, Any]]:
            row, version = create_draft(connection, call.body, call.means)
            answer = action_object(row, version)
            call.record(connection, 201, answer)
            return row, answer

        row, answer = await self._store.write(work)
        self._builder.start(row)
        return Answer(201, answer)

    async def _get(self, call: Call) -> Answer:
        def work(connection: sqlite3.Connection) -> dict[str, Any]:
            row = _known(connection, call)
            return action_object(row, find_version(connection, row.live_version))

        return Answer(200, await self._store.read(work))

    async def _update(self, call: Call) -> Answer:
        def work(connection: sqlite3.Connection) -> tuple[ActionRow, dict[str, Any]]:
            row = update_draft(connection, _known(connection, call), call.body, call.means)
            answer = action_object(row, find_version(connection, row.live_version))
            call.record(connection, 200, answer)
            return row, answer

        row, answer = await self._store.write(work)
        self._builder.start(row)
        return Answer(200, answer)

    async def _delete(self, call: Call) -> Answer:
        def work(connection: sqlite3.Connection) -> None:
            remove_action(connection, _known(connection, call), force=call.query.get("force", False))
            call.record(connection, 204, None)

        await self._store.write(work)
        return Answer(204)

    async def _deploy(self, call: Call) -> Answer:
        def work(connection: sqlite3.Connection) -> dict[str, Any]:
            row, version = deploy_draft(connection, _known(connection, call), call.means)
            answer = version_object(version, row, deployed=False, just_made=True)
            call.record(connection, 200, answer)
            return answer

        return Answer(200, await self._store.write(work))

    async def _roll_back(self, call: Call) -> Answer:
        def work(connection: sqlite3.Connection) -> dict[str, Any]:
            row, old = _known_version(connection, call)
            update = call.body.get("update_draft", False)
            row, version = deploy_version(connection, row, old, update_draft=update, means=call.means)
            answer = version_object(version, row, deployed=False, just_made=True)
            call.record(connection, 200, answer)
            return answer

        return Answer(200, await self._store.write(work))

    async def _versions(self, call: Call) -> Answer:
        """Newest first: the order of several was not seen, and modules list theirs so."""
        page, per_page = call.query.get("page", 0), call.query.get("per_page") or VERSIONS_PER_PAGE

        def work(connection: sqlite3.Connection) -> dict[str, Any]:
            row = _known(connection, call)
            shown, rest = page_of(list_versions(connection, row.id), page, per_page)
            versions = [version_object(version, row, deployed=version.id == row.live_version) for version in shown]
            return {"versions": versions, **rest}

        return Answer(200, await self._store.read(work))

    async def _version(self, call: Call) -> Answer:
        def work(connection: sqlite3.Connection) -> dict[str, Any]:
            row, version = _known_version(connection, call)
            return version_object(version, row, deployed=version.id == row.live_version)

        return Answer(200, await self._store.read(work))

    async def _test(self, call: Call) -> Answer:
        """Runs the draft. The payload is the event; `{"event": {…}}` alone is taken as the event in it, as the recorded
        client sends it. A thrown error is still 200. The success shape was not seen: here it has what the test panel of
        the dashboard shows, `logs` and `commands` (the calls on api) only where there are any, and `stats`."""
        row = await self._store.read(lambda connection: _known(connection, call))
        if row.status != "built":
            raise bad_request("A draft must be in the 'built' state before it can be tested.")
        handlers = triggers()[row.material.trigger_id].handlers if row.material.trigger_id in triggers() else ()
        if not handlers:
            raise bad_request(f"The handlers of the trigger {row.material.trigger_id} are not known to this tenant.")
        what = await self._store.read(lambda connection: runnable_draft(connection, row))
        work = await job(what, handlers[0], _test_event(call.body["payload"]), self._install, call.means, fresh=True)
        started = time.monotonic()
        execution = masked(await self._runner.run(work), work.secret_values())
        answer = {"payload": _test_result(execution, (time.monotonic() - started) * 1000)}
        await self._store.write(lambda connection: call.record(connection, 200, answer))
        return Answer(200, answer)


def _objects(connection: sqlite3.Connection, rows: Sequence[ActionRow]) -> list[dict[str, Any]]:
    live = live_versions(connection, rows)
    return [action_object(row, live.get(row.id)) for row in rows]


def _wanted(row: ActionRow, call: Call) -> bool:
    """Whether the filters of a list let the action through. No action here is `installed`: that is the
    marketplace's."""
    query = call.query
    return (
        query.get("actionName", row.name) == row.name
        and query.get("triggerId", row.material.trigger_id) == row.material.trigger_id
        and query.get("deployed", row.live_version is not None) == (row.live_version is not None)
        and not query.get("installed", False)
    )


def _known(connection: sqlite3.Connection, call: Call) -> ActionRow:
    row = find_action(connection, call.parts["id"])
    if row is None:
        raise unknown_action()
    return row


def _known_version(connection: sqlite3.Connection, call: Call) -> tuple[ActionRow, VersionRow]:
    row = _known(connection, call)
    version = find_version(connection, call.parts["version"])
    if version is None or version.action_id != row.id:
        raise not_found("That action version does not exist.")  # its text was not seen
    return row, version


def _test_event(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    inner = payload.get("event")
    return inner if set(payload) == {"event"} and isinstance(inner, dict) else payload


def _test_result(execution: Execution, elapsed_ms: float) -> dict[str, Any]:
    result: dict[str, Any] = {}
    if execution.error is not None:
        thrown = execution.error
        result["error"] = {"message": thrown.message, "name": thrown.name, "stack": thrown.stack}
    if execution.console:
        result["logs"] = "\n".join(execution.console)
    if execution.calls:
        result["commands"] = [call.model_dump(mode="json", include={"method", "args"}) for call in execution.calls]
    return {**result, "stats": stats(execution, elapsed_ms)}
