"""Which Node ran an action."""

from __future__ import annotations

import re

from reconciler.model.execution import Execution


def runtime_note(execution: Execution) -> str:
    """That another Node than the action asks for ran it: `node18-actions runs here on Node 22.20.0`; else empty."""
    asked = re.match(r"node(\d+)", execution.runtime)
    if asked is None or not execution.node or asked[1] == execution.node.partition(".")[0]:
        return ""
    return f"{execution.runtime} runs here on Node {execution.node}"
