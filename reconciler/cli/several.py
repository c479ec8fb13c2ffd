"""The turns of several tenants: each is told as it ends, then a summary of all."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence

from reconciler.cli.console import print_json, print_text, stderr, stdout
from reconciler.cli.problems import show_problem
from reconciler.desired.load import load_repository
from reconciler.desired.tree import Tree
from reconciler.errors import Exit, ReconcilerError, Refused
from reconciler.model.several import Problem, Results, TenantResult
from reconciler.report.problem import details
from reconciler.report.several import summary_markdown, summary_text
from reconciler.run.several import Turn, chosen, names_several, taken_in_turn, worst
from reconciler.run.workplace import Workplace


def named(place: Workplace, option: str | None, tree: Callable[[], Tree]) -> str | tuple[str, ...]:
    """The tenant that `--tenant` names, or those that it stands for where it means a set of them, be it of one."""
    asked = place.tenant_name(option)
    return chosen(load_repository(tree()), asked) if names_several(asked) else asked


def in_turn(
    tenants: Sequence[str],
    work: Callable[[str], TenantResult],
    *,
    form: str,
    go_on: bool = True,
    counted: str = "changes",
) -> Exit:
    """Does the work for one tenant after the other; gives the worst exit code.

    `work` shows what it does itself, but for JSON, which is one document of all. Without `go_on` the rest is not tried
    after a failure.
    """

    results: list[TenantResult] = []

    def announced(tenant: str) -> TenantResult:
        _blank(form if results else "")
        stderr().print(f"{tenant} ({tenants.index(tenant) + 1} of {len(tenants)})", style="bold")
        return work(tenant)

    for turn in taken_in_turn(tenants, announced, go_on=go_on):
        if turn.failure:
            show_problem(turn.failure)
        results.append(_result(turn))
    _blank(form)
    _summarise(results, form, counted)
    return worst([Exit(result.exit_code) for result in results])


def _result(turn: Turn[TenantResult]) -> TenantResult:
    if turn.outcome is not None:
        return turn.outcome
    if turn.failure is None:
        return TenantResult(tenant=turn.tenant, result="not tried")
    failure = turn.failure
    return TenantResult(
        tenant=turn.tenant,
        result="refused" if failure.exit_code == Exit.REFUSED else "failed",
        exit_code=failure.exit_code,
        refused=failure.guards if isinstance(failure, Refused) else (),
        problem=_problem(failure),
    )


def _problem(failure: ReconcilerError) -> Problem:
    places = [str(each) for each in getattr(failure, "diagnostics", ())]
    return Problem(message=failure.message, remedy=failure.remedy, details=(*places, *details(failure)))


def _blank(form: str) -> None:
    if form in ("text", "markdown"):
        print_text("\n")
        sys.stdout.flush()


def _summarise(results: Sequence[TenantResult], form: str, counted: str) -> None:
    if form == "json":
        print_json(json.loads(Results(tenants=tuple(results)).model_dump_json()))
    elif form == "markdown":
        print_text(summary_markdown(results, counted))
    else:
        stdout().print(summary_text(results, counted))
