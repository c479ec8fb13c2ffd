"""What the code of an action did, for a terminal."""

from __future__ import annotations

import json
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from reconciler.model.execution import Call, Execution, FlowRun
from reconciler.report.effects import effect_lines, suspension_lines
from reconciler.report.runtime import runtime_note

ENDINGS = {"completed": "green", "denied": "red", "failed": "red", "suspended": "yellow"}


def execution_text(execution: Execution) -> RenderableType:
    """What another Node ran than was asked for, console output, api calls, outgoing requests, error with its place,
    duration."""
    lines = [Text.assemble((execution.action, "bold"), f" {execution.handler}")]
    if note := runtime_note(execution):
        lines.append(Text.assemble(("  runtime  ", "cyan"), (note, "yellow")))
    lines += [Text.assemble(("  console  ", "cyan"), line) for line in execution.console]
    lines += [Text.assemble(("  api      ", "cyan"), call_text(call)) for call in execution.calls]
    lines += [Text.assemble(("  request  ", "cyan"), f"{each.method} {each.url}") for each in execution.requests]
    if execution.error:
        at = f" (code.js:{execution.error.line}:{execution.error.column})" if execution.error.line else ""
        lines.append(Text(f"  error    {execution.error.name}: {execution.error.message}{at}", "red"))
    lines.append(Text.assemble(("  took     ", "cyan"), f"{execution.duration_ms:.0f} ms"))
    return Group(*lines)


def flow_text(run: FlowRun, again: str = "reconciler login --continue") -> RenderableType:
    """Every action that ran, how the flow ended, what its actions asked for, and where the tenant recorded it; `again`
    is the command that goes on with a flow that waits, up to its state."""
    recorded = (("log", run.log_id), ("execution", run.execution_id))
    where = "  ".join(f"{kind} {number}" for kind, number in recorded if number) or "no action is bound"
    return Group(flow_case_text(run, again), Text(where, "dim"))


def flow_case_text(run: FlowRun, again: str = "") -> RenderableType:
    """The same of a flow that no tenant ran: nothing is recorded, and there is no way to go on with it."""
    waits = suspension_lines(run.suspension, again) if run.suspension else ()
    told = (*effect_lines(run.effects, tokens=run.status not in ("denied", "failed")), *waits)
    width = max((len(label) for label, _ in told), default=0)
    lines = (Text.assemble((f"  {label:<{width}}", "cyan"), f"  {what}") for label, what in told)
    executions = (execution_text(each) for each in run.executions)
    return Group(*executions, _ending(run), *lines)


def call_text(call: Call) -> str:
    """A call as it stands in code: `access.deny("reason")`."""
    return f"{call.method}({', '.join(_shown(argument) for argument in call.args)})"


def _ending(run: FlowRun) -> Text:
    code = run.code if run.code != run.reason else ""
    said = (run.reason, code and f"code {code}", run.user_message and f"told the user: {run.user_message}")
    why = "; ".join(part for part in said if part)
    return Text.assemble(f"{run.trigger} ", (run.status, ENDINGS[run.status]), f": {why}" if why else "")


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
