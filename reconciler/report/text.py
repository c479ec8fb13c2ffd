"""Renders for a terminal: rich Text and tables, which lose their colours by themselves when piped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from reconciler.model.event import Event
from reconciler.model.plan import FlowChange, Plan, Verdict
from reconciler.report import plan as pieces
from reconciler.report.visible import visible

VERDICTS = {"warning:": "red", "refused": "red", "note:": "yellow", "allowed:": "yellow"}
STYLES = {"+": "green", "-": "red", "~": "yellow", "@": "cyan"}
VERBS = {"deployed": "green", "published": "green", "verified": "green", "failed": "red", "left": "red"}
VERBS |= dict.fromkeys(("waiting", "settled", "undoing", "undone"), "yellow")


def plan_text(plan: Plan, verdict: Verdict = pieces.SILENT) -> RenderableType:
    """The whole plan: every change with its diff, every flow before and after, what guards say, and the count."""
    parts: list[RenderableType] = [Text(visible(pieces.title(plan)), "bold"), Text()]
    for change in pieces.changes(plan):
        parts += [_change(change, pieces.before_of(plan)), Text()]
    for flow in plan.flows:
        parts += [_flow(flow), Text()]
    parts += [Text(visible(line), "dim") for line in pieces.adopted(plan)]
    parts += [Text(visible(line), VERDICTS[line.partition(" ")[0]]) for line in pieces.said(verdict)]
    parts.append(Text(pieces.summary(plan), "bold"))
    if ending := " ".join(pieces.approval_line(plan)).strip():
        parts.append(Text(visible(ending), "dim"))
    return Group(*parts)


def event_text(event: Event) -> Text:
    """One line of progress: `deployed notify-slack version 1`."""
    detail = f" {visible(event.detail)}" if event.detail else ""
    name = f" {visible(event.name)}"
    return Text.assemble((f"{event.verb:>9}", VERBS.get(event.verb, "cyan")), name, (detail, "dim"))


def table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """A plain table that folds long cells rather than cutting them."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for header in headers:
        made.add_column(header, overflow="fold")
    for row in rows:
        made.add_row(*(Text(cell) for cell in row))
    return made


def _change(change: pieces.Change, before: str) -> RenderableType:
    lines = (*pieces.facts(change), *pieces.code_diff(change, before))
    # Text that is indented by itself leaves no trailing blanks, as padding would.
    indented = (Text("    ").append_text(_signed(line)) for line in lines)
    return Group(_signed(pieces.headline(change), bold=True), *indented)


def _flow(change: FlowChange) -> RenderableType:
    before, after = ([visible(line) for line in pieces.numbered(side)] for side in (change.before, change.after))
    rows = zip_longest(before or ("(empty)",), after or ("(empty)",), fillvalue="")
    return Group(_signed(pieces.flow_headline(change), bold=True), Padding.indent(table(("before", "after"), rows), 4))


def _signed(line: str, *, bold: bool = False) -> Text:
    style = STYLES.get(line[:1], "")
    return Text(visible(line), f"bold {style}".strip() if bold else style)
