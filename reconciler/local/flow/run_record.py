"""What the tenant keeps of a run: the execution record and the entries of the log (logs.md, sections 2 to 4)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reconciler.catalogue import limits
from reconciler.local.node import masking
from reconciler.local.refusal import not_found
from reconciler.local.stamp import rfc3339
from reconciler.local.state.rows import ActionRow, BindingRow, VersionRow
from reconciler.local.state.tenant_log import Entry
from reconciler.model.execution import Execution, FlowRun

MASK = "***"
_OURS = {"trigger", "status", "execution_id", "log_id"}
"""What of a flow's run no action has said."""

_DAY = 86_400 * 1_000_000_000
_FAILED = "actions_execution_failed"


@dataclass(frozen=True)
class Bound:
    """An action in its place of a flow; `binding` is None where another resource keeps the binding."""

    binding: BindingRow | None
    action: ActionRow
    version: VersionRow


@dataclass(frozen=True)
class Step:
    """One action that ran: when, what it did, and how long the whole took in milliseconds."""

    bound: Bound
    execution: Execution
    started: int
    ended: int
    elapsed_ms: float


def masked(execution: Execution, values: Iterable[str]) -> Execution:
    """The execution with every secret value in it masked, so that nothing that is shown or kept holds one."""
    return masking.masked(execution, dict.fromkeys(values, MASK))


def masked_run(run: FlowRun, values: Iterable[str]) -> FlowRun:
    """The run of a flow with every secret value in it masked."""
    hidden = tuple(values)
    done = masked_value(run, hidden)
    told = {name: getattr(done, name) for name in FlowRun.model_fields if name not in _OURS}
    return run.model_copy(update={**told, "executions": tuple(masked(each, hidden) for each in run.executions)})


def masked_value(value: Any, values: Iterable[str]) -> Any:
    """Any value of JSON with every secret value in it masked, in any form that `masking` knows."""
    return masking.masked_value(value, dict.fromkeys(values, MASK))


def stats(execution: Execution, elapsed_ms: float) -> dict[str, int]:
    """The platform's figures, whole milliseconds, so that its own sums hold: request = execution + network, execution =
    processing + action + external calls. The sandbox is warm and near: boot, network and external calls are 0."""
    action = round(execution.duration_ms)
    total = max(round(elapsed_ms), action)
    return {
        "total_request_duration_ms": total,
        "total_runtime_execution_duration_ms": total,
        "runtime_processing_duration_ms": total - action,
        "action_duration_ms": action,
        "runtime_external_call_duration_ms": 0,
        "boot_duration_ms": 0,
        "network_duration_ms": 0,
    }


def write_record(connection: sqlite3.Connection, record: Mapping[str, Any], started: int) -> None:
    """Keeps an execution record, and drops those that are too old (kept 10 days)."""
    oldest = started - limits.EXECUTION_RECORD_DAYS * _DAY
    connection.execute("DELETE FROM executions WHERE created_at < ?", (oldest,))
    connection.execute(
        "INSERT OR REPLACE INTO executions VALUES (?, ?, ?)", (record["id"], started, json.dumps(record))
    )


def find_record(connection: sqlite3.Connection, execution_id: str) -> dict[str, Any]:
    """What `GET /actions/executions/{id}` answers; Refusal 404 where there is no such record, or none any more."""
    kept = limits.EXECUTION_RECORD_DAYS * _DAY
    row = connection.execute(
        "SELECT body FROM executions WHERE id = ? AND created_at >= now_ns() - ?", (execution_id, kept)
    ).fetchone()
    if row is None:
        raise not_found("That execution does not exist.")
    record: dict[str, Any] = json.loads(row[0])
    return record


def execution_record(execution_id: str, trigger: str, status: str, steps: Sequence[Step], ended: int) -> dict[str, Any]:
    """The record of one firing, as the API gives it."""
    return {
        "id": execution_id,
        "trigger_id": trigger,
        "status": status,
        "results": [_result(step) for step in steps],
        "created_at": rfc3339(steps[0].started),
        "updated_at": rfc3339(ended),
    }


def longer_record(before: Mapping[str, Any], status: str, steps: Sequence[Step], ended: int) -> dict[str, Any]:
    """The record of a firing that was suspended, after it went on: one record with the results of both halves."""
    results = [*before["results"], *(_result(step) for step in steps)]
    return {**before, "status": status, "results": results, "updated_at": rfc3339(ended)}


def failure_entry(execution_id: str, trigger: str, step: Step, about: Mapping[str, Any]) -> Entry | None:
    """The entry of an action that threw, or None where it did not."""
    thrown = step.execution.error
    if thrown is None:
        return None
    bound = step.bound
    details = {
        "trigger_id": trigger,
        "execution_id": execution_id,
        "action_id": bound.action.id,
        "action_name": bound.action.name,
        "version_id": bound.version.id,
        "binding_id": bound.binding.id if bound.binding else "",
        "error_class": "action_timeout" if "timeout" in thrown.name.lower() else "action_error",
        "action_error": {"name": thrown.name, "message": thrown.message, "code": "", "stack": thrown.stack},
    }
    return Entry(_FAILED, f"Action failed: {bound.action.name}", details, about)


def about_event(event: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a log entry that the event of a trigger tells."""
    found = {
        "connection": _at(event, "connection", "name"),
        "connection_id": _at(event, "connection", "id"),
        "organization_id": _at(event, "organization", "id"),
        "organization_name": _at(event, "organization", "name"),
        "client_id": _at(event, "client", "client_id"),
        "client_name": _at(event, "client", "name"),
        "ip": _at(event, "request", "ip"),
        "hostname": _at(event, "request", "hostname"),
        "user_id": _at(event, "user", "user_id"),
        "user_name": _at(event, "user", "email") or _at(event, "user", "username"),
        "user_agent": _at(event, "request", "user_agent"),
        "strategy": _at(event, "connection", "strategy"),
    }
    return {key: value for key, value in found.items() if isinstance(value, str)}


def _at(event: Mapping[str, Any], *path: str) -> Any:
    value: Any = event
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _result(step: Step) -> dict[str, Any]:
    thrown = step.execution.error
    response: dict[str, Any] = {
        "logs": "\n".join(step.execution.console)[: limits.CONSOLE_CHARACTERS],
        "stats": stats(step.execution, step.elapsed_ms),
    }
    if thrown is not None:
        response["error"] = {"name": thrown.name, "message": thrown.message}
    return {
        "action_name": step.bound.action.name,
        "started_at": rfc3339(step.started),
        "ended_at": rfc3339(step.ended),
        "response": response,
    }
