"""`reconciler versions`."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from reconciler.cli.console import print_json, stdout
from reconciler.cli.options import format_option, repository_option, tenant_option
from reconciler.cli.working import workplace
from reconciler.engine.rolled_back import intact, is_rolled_back, rolled_back_from
from reconciler.model.tenant import Version
from reconciler.report.text import table
from reconciler.run.look import MODULES, Published, module_versions, versions


@click.command()
@click.argument("action", metavar="ACTION|modules/NAME")
@repository_option
@tenant_option
@format_option("json")
def command(action: str, repo: Path | None, tenant: str | None, form: str) -> None:
    """Show which commit each version of an action comes from.

    A version that is an earlier one again says so, and what was rolled back from is marked. Of a module, named
    modules/NAME, it shows which actions run with each version.
    """
    with workplace(repo) as place:
        if action.startswith(MODULES):
            of_module = asyncio.run(module_versions(place, place.tenant_name(tenant), action.removeprefix(MODULES)))
            _show_module(of_module, form)
            return
        found = asyncio.run(versions(place, place.tenant_name(tenant), action))
    live = next((version for version, _ in found if version.live), None)
    left = rolled_back_from(live, (version for version, _ in found)) if live else ()
    told = [_told(version, subject, rolled_back=version in left) for version, subject in found]
    if form == "json":
        print_json(told)
        return
    rows = [_row(each, _marks(each)) for each in told]
    stdout().print(table(("number", "commit", "subject", "deployed (UTC)", ""), rows))


def _show_module(found: Sequence[Published], form: str) -> None:
    told = [
        {
            "number": each.version.number,
            "commit": each.version.provenance.commit if each.version.provenance else None,
            "subject": each.subject or None,
            "created_at": each.version.created_at,
            "used_by": each.users,
            "id": each.version.id,
        }
        for each in found
    ]
    if form == "json":
        print_json(told)
        return
    rows = [_row(each, published.users) for each, published in zip(told, found, strict=True)]
    stdout().print(table(("number", "commit", "subject", "published (UTC)", "used by"), rows))


def _row(told: Mapping[str, Any], last: Iterable[str]) -> tuple[str, ...]:
    """One line of either table: number, commit, subject, when, and what stands in the last column."""
    return (
        str(told["number"]),
        str(told["commit"] or "not from git")[:12],
        str(told["subject"] or ""),
        str(told["created_at"])[:19].replace("T", " "),
        ", ".join(last),
    )


def _told(version: Version, subject: str, *, rolled_back: bool) -> dict[str, Any]:
    """One version as JSON; `again` is the number of the version that it is a copy of."""
    provenance = version.provenance
    return {
        "number": version.number,
        "commit": provenance.commit if provenance else None,
        "subject": subject or None,
        "created_at": version.created_at,
        "live": version.live,
        "again": provenance.number if provenance and is_rolled_back(version) else None,
        "rolled_back": rolled_back,
        "edited": provenance is not None and not intact(version),
        "id": version.id,
    }


def _marks(told: dict[str, Any]) -> Iterator[str]:
    if told["live"]:
        yield "live"
    if told["again"]:
        yield f"version {told['again']} again"
    if told["rolled_back"]:
        yield "rolled back from"
    if told["edited"]:
        yield "edited outside git"
