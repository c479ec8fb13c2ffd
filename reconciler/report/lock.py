"""What changed in reconciler.lock, for a terminal and for a pipe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.table import Table
from rich.text import Text

from reconciler.model.relocked import DependencyChange, LicenseChange, Relocked

UNKNOWN = "no license named"
OWNERS = 3
"""How many of those that share a change are named in a row."""
NOBODY_RUNS_THEM = "nobody runs it here or on the platform; look at what the package is for."


def relocked_table(relocked: Relocked) -> Table:
    """A row for each package and version, with the actions that have it."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("package", "version", "license", "size", "comes with", "actions"):
        table.add_column(heading, justify="right" if heading in ("size", "comes with") else "left")
    grouped: dict[DependencyChange, list[str]] = {}
    for change in relocked.dependencies:
        grouped.setdefault(change.model_copy(update={"owner": ""}), []).append(change.owner)
    for change, owners in grouped.items():
        table.add_row(change.package, _versions(change), *_facts(change, relocked.licenses), owners_text(owners))
    return table


def relocked_lines(relocked: Relocked) -> Iterator[str]:
    """The same, a line for each dependency of each action."""
    for change in relocked.dependencies:
        line = f"{change.owner}: {change.package} {_versions(change).plain}"
        if change.brought:
            along = f" with {change.brought.along} more" if change.brought.along else ""
            line += f" ({change.license or UNKNOWN}, {size_text(change.brought.size)}{along})"
        yield line


def relocked_warnings(relocked: Relocked) -> Iterator[str]:
    """What somebody should look at before it is merged."""
    for each in relocked.licenses:
        yield (
            f"the license of {each.package} is {each.after or 'none that it names'} now, it was {each.before} "
            f"({owners_text(each.owners)})."
        )
    for name in relocked.scripts:
        yield f"{name} is new and has an install script: {NOBODY_RUNS_THEM}"


def size_text(size: int) -> str:
    """Bytes for people: 950 B, 12 kB, 8.6 MB."""
    if size < 1000:
        return f"{size} B"
    if size < 1_000_000:
        return f"{size / 1000:.0f} kB"
    return f"{size / 1_000_000:.1f} MB"


def owners_text(owners: Sequence[str]) -> str:
    """The actions that something is of; of many only the first."""
    more = len(owners) - OWNERS
    named = ", ".join(owners[:OWNERS] if more > 1 else owners)
    return f"{named} and {more} more" if more > 1 else named


def _versions(change: DependencyChange) -> Text:
    before = f"{change.before} -> " if change.before else ""
    return Text(f"{before}{change.after or 'removed'}", "" if change.after else "dim")


def _facts(change: DependencyChange, licenses: Sequence[LicenseChange]) -> tuple[Text, Text, Text]:
    if not change.brought:
        return Text(), Text(), Text()
    old = {each.before for each in licenses if (each.package, each.after) == (change.package, change.license)}
    named = change.license or UNKNOWN
    license_ = Text(f"{', '.join(sorted(old))} -> {named}", "yellow") if old else Text(named)
    along = Text(f"{change.brought.along}", "yellow" if change.brought.scripts else "")
    return license_, Text(size_text(change.brought.size)), along
