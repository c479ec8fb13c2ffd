"""How cases ended, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from reconciler.model.case import Failure, Outcome
from reconciler.model.execution import Execution
from reconciler.report.code_frame import CodeFile, code_frame
from reconciler.report.execution import execution_text, flow_case_text, runtime_note
from reconciler.report.numbers import number_of
from reconciler.report.visible import visible

Codes = Mapping[str, CodeFile]
"""The code of each action, by the action's name."""

SLOW_MS = 100.0
SLOWEST = 3
_COLOURS = {"- ": "red", "+ ": "green"}


def owner_of(outcome: Outcome) -> str:
    """What a case is of: the name of an action, or `flows/TRIGGER`."""
    return outcome.action or outcome.file.partition(".")[0]


def took_ms(outcome: Outcome) -> float:
    """What the code took, all actions of a flow together."""
    return sum(each.duration_ms for each in executions_of(outcome))


def executions_of(outcome: Outcome) -> tuple[Execution, ...]:
    """What ran: one action, or those of a flow."""
    if outcome.flow:
        return outcome.flow.executions
    return (outcome.execution,) if outcome.execution else ()


def group_text(outcomes: Sequence[Outcome]) -> Text:
    """One line for the cases of one action or flow, after they all ended."""
    failed = sum(each.status == "failed" for each in outcomes)
    count = f"{failed} of {len(outcomes)} cases" if failed else number_of(len(outcomes), "case")
    return Text.assemble(
        _status("failed" if failed else "passed"), f"{visible(owner_of(outcomes[0]))}  {count}  {_took(outcomes)}"
    )


def case_text(outcome: Outcome) -> Text:
    """One line for a case that passed, with what the tenant made of it where that was asked."""
    on_tenant = f"  on tenant: {visible(outcome.on_tenant)}" if outcome.on_tenant else ""
    return Text.assemble(_status(outcome.status), f"{_name(outcome)}  {_took([outcome])}", (on_tenant, "cyan"))


def failure_text(outcome: Outcome, codes: Codes, *, verbose: bool = False) -> RenderableType:
    """A case that failed: its place, then of each failure the sentence, what differs, and the code that it comes from;
    what was written to the console, and the stack of what the code threw. With `verbose` all that the code did."""
    lines: list[RenderableType] = [
        Text.assemble(_status("failed"), f"{_name(outcome)}  ", (visible(f"{outcome.file}:{outcome.line}"), "dim"))
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


def summary_text(outcomes: Sequence[Outcome], seconds: float, left_out: int = 0, at: str = "") -> RenderableType:
    """How many cases passed and failed, of how many actions and flows, and what took long; after a line for each action
    that another Node ran than it asks for. `at` says when, where that is of interest."""
    ran = [each for outcome in outcomes for each in executions_of(outcome)]
    notes = dict.fromkeys(f"{each.action}: {note}" for each in ran if (note := runtime_note(each)))
    failed = sum(outcome.status == "failed" for outcome in outcomes)
    left = f" ({number_of(left_out, 'case')} left out)" if left_out else ""
    if not outcomes:
        return Text(f"no case was to be run{left}")
    total = Text.assemble(
        (f"{at}  " if at else "", "dim"),
        (f"{len(outcomes) - failed} passed", "green" if outcomes and not failed else ""),
        ", ",
        (f"{failed} failed", "red" if failed else ""),
        f" in {_owners(outcomes)}, {seconds:.1f} s{left}",
    )
    return Group(*(Text(note, "yellow") for note in notes), *_slow(outcomes), total)


def written_lines(files: Sequence[str], removed: Sequence[str]) -> Iterator[Text]:
    """The files of snapshots that were written, and those that were taken away."""
    yield from (Text.assemble(("written ", "cyan"), visible(file)) for file in files)
    yield from (Text.assemble(("removed ", "cyan"), visible(file)) for file in removed)


def nothing_text() -> RenderableType:
    """That a repository has no cases, and how to begin."""
    told = "No case is written yet. Write them in actions/NAME/cases.yaml, or begin with an action that has some: "
    return Text.assemble(told, ("reconciler new action NAME --trigger post-login", "bold"))


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


def _slow(outcomes: Sequence[Outcome]) -> Iterator[Text]:
    slow = sorted((each for each in outcomes if took_ms(each) >= SLOW_MS), key=took_ms, reverse=True)[:SLOWEST]
    width = max((len(_took([each])) for each in slow), default=0)
    for each in slow:
        yield Text.assemble(("slow    ", "yellow"), f"{_took([each]):>{width}}  {_name(each)}")


def _status(status: str) -> tuple[str, str]:
    return (f"{status}  ", "green" if status == "passed" else "red")


def _name(outcome: Outcome) -> str:
    return visible(f"{owner_of(outcome)}: {outcome.case}")


def _took(outcomes: Sequence[Outcome]) -> str:
    return f"{sum(map(took_ms, outcomes)):.0f} ms"


def _owners(outcomes: Sequence[Outcome]) -> str:
    owners = {owner_of(outcome): "action" if outcome.action else "flow" for outcome in outcomes}
    kinds = [*owners.values()]
    told = [number_of(kinds.count(noun), noun) for noun in ("action", "flow") if noun in kinds]
    return " and ".join(told) or "no action"
