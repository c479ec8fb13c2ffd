"""Who ended a flow, and where in its code."""

from __future__ import annotations

from typing import NamedTuple

from reconciler.engine.effects.ending import refusal
from reconciler.engine.judging.shown import shown
from reconciler.model.case import Failure
from reconciler.model.execution import Call, Execution, FlowRun


class End(NamedTuple):
    """How a flow ended, in words; the action that ended it, empty where none did, and the place in its code, 0 where
    unknown."""

    told: str
    action: str = ""
    line: int = 0
    column: int = 0

    def failure(self, message: str) -> Failure:
        """That failure, which is the action's."""
        return Failure(message=message, action=self.action, line=self.line, column=self.column)


def end_of(run: FlowRun) -> End:
    """How the flow ended: an action threw, refused or sent the user elsewhere; else it came to its end."""
    why = f" ({shown(run.reason)})" if run.reason else ""
    last = _last(run)
    if last is None:
        return End(f"{run.status}{why}")
    at = last.error or _ending_call(run, last)
    told = f"{run.status}{why} in {last.action}"
    return End(told, last.action, at.line, at.column) if at else End(told, last.action)


def _last(run: FlowRun) -> Execution | None:
    """The run of the action that ended the flow. A flow may fail though no action did, once they all ran."""
    thrower = next((each for each in reversed(run.executions) if each.error), None)
    if run.status == "completed" or (run.status == "failed" and thrower is None):
        return None
    return thrower or next(reversed(run.executions), None)


def _ending_call(run: FlowRun, last: Execution) -> Call | None:
    asked = run.suspension
    if asked is None:
        return refusal(last.calls)
    return next((call for call in reversed(last.calls) if (call.method, call.args) == (asked.method, asked.args)), None)
