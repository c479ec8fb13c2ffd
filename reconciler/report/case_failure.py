"""A case that failed, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from reconciler.model.case import Failure, Outcome
from reconciler.model.execution import Execution
from reconciler.report.cases import case_name, executions_of, status_span
from reconciler.report.code_frame import CodeFile, code_frame
from reconciler.report.execution import execution_text, flow_case_text
from reconciler.report.visible import visible

Codes = Mapping[str, CodeFile]
"""The code of each action, by the action's name."""

_COLOURS = {"- ": "red", "+ ": "green"}


def failure_text(outcome: Outcome, codes: Codes, *, verbose: bool = False) -> RenderableType:
    """A case that failed: its place, then of each failure the sentence, what differs, and the code that it comes from;
    what was written to the console, and the stack of what the code threw. With `verbose` all that the code did."""
    lines: list[RenderableType] = [
        Text.assemble(
            status_span("failed"), f"{case_name(outcome)}  ", (visible(f"{outcome.file}:{outcome.line}"), "dim")
        )
    ]
    seen: set[tuple[str, int, int]] = set()
    for failure in outcome.failures:
        owner = failure.action or outcome.action
        place = (owner, failure.line, failure.column)
        lines += _failure_lines(failure, codes.get(owner), framed=place not in seen)
        seen.add(place)
    if outcome.on_tenant and not outcome.on_tenant.startswith("differs"):  # which is a failure of its own
        lines.append(Text(f"  on tenant: {visible(outcome.on_tenant)}", "cyan"))
    if verbose:
        lines += [execution_text(outcome.execution)] if outcome.execution else []
    if outcome.flow:
        lines.append(flow_case_text(outcome.flow))
    elif not verbose:
        lines += _said(executions_of(outcome))
    return Group(*lines, Text())


def _failure_lines(failure: Failure, code: CodeFile | None, *, framed: bool) -> Iterator[Text]:
    yield Text(f"  {visible(failure.message)}")
    for line in failure.diff:
        yield Text(f"    {visible(line)}", _COLOURS.get(line[:2], ""))
    if code and failure.line:
        column = f":{failure.column}" if failure.column else ""
        yield Text(f"    {code.path}:{failure.line}{column}", "cyan")
        for line in code_frame(code.text, failure.line, failure.column) if framed else ():
            yield Text(f"    {line}", "bold" if line.startswith(">") else "dim")


def _said(executions: Sequence[Execution]) -> Iterator[Text]:
    for each in executions:
        yield from (Text.assemble(("  console  ", "cyan"), visible(line)) for line in each.console)
        if each.error and each.error.stack:
            yield Text("  stack", "cyan")
            yield from (Text(f"    {visible(line)}", "dim") for line in each.error.stack.splitlines())
