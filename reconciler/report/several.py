"""One summary of several tenants."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import RenderableType

from reconciler.model.plan import Plan
from reconciler.model.several import TenantResult
from reconciler.report.fences import prose, quiet
from reconciler.report.text import table
from reconciler.report.visible import visible


def versions(plan: Plan) -> tuple[str, ...]:
    """Every version that the plan makes."""
    modules = (f"module {each.name} {each.number}" for each in plan.modules if each.publish and each.number)
    return (*modules, *(f"{each.name} {each.number}" for each in plan.actions if each.number))


def summary_text(results: Sequence[TenantResult], counted: str) -> RenderableType:
    """A row for each tenant; `counted` names what is counted (changes, findings)."""
    headers, *rows = _cells(results, counted)
    return table(headers, rows)


def summary_markdown(results: Sequence[TenantResult], counted: str) -> str:
    """The same rows as a table of GitHub-flavoured markdown, and why tenants failed."""
    headers, *rows = _cells(results, counted)
    lines = [f"| {' | '.join(quiet(visible(cell)) for cell in row)} |" for row in (headers, *rows)]
    lines.insert(1, "| " + " | ".join("---" for _ in headers) + " |")
    problems = [
        f"\n> **{prose(each.tenant)}**: {prose(line)}"
        for each in results
        if each.problem
        for line in (*each.problem.details, f"{each.problem.message} {each.problem.remedy}".strip())
    ]
    return "\n".join(["### Summary", "", *lines, *problems]) + "\n"


def _cells(results: Sequence[TenantResult], counted: str) -> list[tuple[str, ...]]:
    """The table, headers first, without columns that say nothing of any tenant."""
    whole = [("tenant", "result", counted, "refused by", "versions")]
    whole += [
        (each.tenant, each.result, _count(each), ", ".join(each.refused), ", ".join(each.versions)) for each in results
    ]
    columns = zip(*whole, strict=True)
    return list(zip(*(column for column in columns if any(column[1:])), strict=True))


def _count(result: TenantResult) -> str:
    return "" if result.outcome is None else str(result.changes)
