"""One tenant log entry, for a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.text import Text

FAILURES = ("f", "fn", "fs", "actions_execution_failed")


def entry_text(entry: Mapping[str, Any]) -> Text:
    """When, what kind, what happened, who, and the executions it names: all on one line."""
    kind = str(entry.get("type") or "")
    style = "red" if kind.startswith(FAILURES) else "green" if kind.startswith("s") and kind != "sapi" else "cyan"
    details = entry.get("details") or {}
    executions = (details.get("actions") or {}).get("executions") or ()
    who = entry.get("user_name") or entry.get("client_name") or entry.get("client_id") or ""
    parts = [str(entry.get("description") or ""), str(who), *(f"execution {each}" for each in executions)]
    when = str(entry.get("date") or "").replace("T", " ")
    return Text.assemble((when, "dim"), " ", (f"{kind:<6}", style), " ", "  ".join(part for part in parts if part))


def run_text(execution: Mapping[str, Any]) -> Text:
    """An execution record: each action that ran, with its output, its error and its time (logs.md, section 4)."""
    lines = [Text(f"    execution {execution['id']} {execution['trigger_id']} {execution['status']}")]
    for result in execution.get("results") or ():
        response = result.get("response") or {}
        stats = response.get("stats") or {}
        error = response.get("error") or {}
        lines.append(Text(f"      {result['action_name']}  {stats.get('action_duration_ms', 0)} ms", "bold"))
        lines += [Text(f"        {line}") for line in str(response.get("logs") or "").splitlines()]
        if error:
            lines.append(Text(f"        {error.get('name')}: {error.get('message')}", "red"))
    return Text("\n").join(lines)
