"""How cases ended, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.model.case import Outcome
from reconciler.model.execution import Execution
from reconciler.report.numbers import number_of
from reconciler.report.runtime import runtime_note
from reconciler.report.styled import Line, Span
from reconciler.report.visible import visible

SLOW_MS = 100.0
SLOWEST = 3


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


def case_name(outcome: Outcome) -> str:
    """A case with what it is of: `greet: greets`."""
    return visible(f"{owner_of(outcome)}: {outcome.case}")


def status_span(status: str) -> Span:
    """What a line about a case, or about some of them, begins with."""
    return (f"{status}  ", "green" if status == "passed" else "red")


def group_line(outcomes: Sequence[Outcome]) -> Line:
    """One line for the cases of one action or flow, after they all ended."""
    failed = sum(each.status == "failed" for each in outcomes)
    count = f"{failed} of {len(outcomes)} cases" if failed else number_of(len(outcomes), "case")
    return status_span(
        "failed" if failed else "passed"
    ), f"{visible(owner_of(outcomes[0]))}  {count}  {_took(outcomes)}"


def case_line(outcome: Outcome) -> Line:
    """One line for a case that passed, with what the tenant made of it where that was asked."""
    on_tenant = f"  on tenant: {visible(outcome.on_tenant)}" if outcome.on_tenant else ""
    return status_span(outcome.status), f"{case_name(outcome)}  {_took([outcome])}", (on_tenant, "cyan")


def summary_lines(outcomes: Sequence[Outcome], seconds: float, left_out: int = 0, at: str = "") -> Iterator[Line]:
    """How many cases passed and failed, of how many actions and flows, and what took long; after a line for each action
    that another Node ran than it asks for. `at` says when, where that is of interest."""
    ran = [each for outcome in outcomes for each in executions_of(outcome)]
    notes = dict.fromkeys(f"{each.action}: {note}" for each in ran if (note := runtime_note(each)))
    failed = sum(outcome.status == "failed" for outcome in outcomes)
    left = f" ({number_of(left_out, 'case')} left out)" if left_out else ""
    yield from (((note, "yellow"),) for note in notes)
    yield from _slow(outcomes)
    yield (
        (f"{at}  " if at else "", "dim"),
        (f"{len(outcomes) - failed} passed", "green" if outcomes and not failed else ""),
        ", ",
        (f"{failed} failed", "red" if failed else ""),
        f" in {_owners(outcomes)}, {seconds:.1f} s{left}",
    )


def written_lines(files: Sequence[str], removed: Sequence[str]) -> Iterator[Line]:
    """The files of snapshots that were written, and those that were taken away."""
    yield from ((("written ", "cyan"), visible(file)) for file in files)
    yield from ((("removed ", "cyan"), visible(file)) for file in removed)


def none_line(left_out: int, why: str) -> Line:
    """That all cases of a repository were left out."""
    return (f"no case was to be run ({number_of(left_out, 'case')} left out): {why}",)


def nothing_line() -> Line:
    """That a repository has no cases, and how to begin."""
    told = "No case is written yet. Write them in actions/NAME/cases.yaml, or begin with an action that has some: "
    return told, ("reconciler new action NAME --trigger post-login", "bold")


def _slow(outcomes: Sequence[Outcome]) -> Iterator[Line]:
    slow = sorted((each for each in outcomes if took_ms(each) >= SLOW_MS), key=took_ms, reverse=True)[:SLOWEST]
    width = max((len(_took([each])) for each in slow), default=0)
    for each in slow:
        yield ("slow    ", "yellow"), f"{_took([each]):>{width}}  {case_name(each)}"


def _took(outcomes: Sequence[Outcome]) -> str:
    return f"{sum(map(took_ms, outcomes)):.0f} ms"


def _owners(outcomes: Sequence[Outcome]) -> str:
    owners = {owner_of(outcome): "action" if outcome.action else "flow" for outcome in outcomes}
    kinds = [*owners.values()]
    told = [number_of(kinds.count(noun), noun) for noun in ("action", "flow") if noun in kinds]
    return " and ".join(told) or "no action"
