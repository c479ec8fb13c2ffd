"""`reconciler validate`."""

from __future__ import annotations

import asyncio
import importlib
from pathlib import Path
from typing import Any

import click

from reconciler.cli.console import print_json, stdout
from reconciler.cli.options import format_option, repository_option, revision_option
from reconciler.cli.problems import show_warnings
from reconciler.cli.working import workplace
from reconciler.errors import Diagnostic
from reconciler.report.numbers import number_of
from reconciler.run.validate import Validated, validate


@click.command()
@repository_option
@revision_option
@format_option("json", "gitlab")
@click.option("--strict", is_flag=True, help="Refuse for warnings, too.")
def command(repo: Path | None, rev: str | None, form: str, strict: bool) -> None:
    """Check every file of the repository, offline.

    Needs no tenant and no key. Every problem is shown with its file, line and column, and those of code with the code
    of their rule: `reconciler rule R051` tells what it is about. A warning refuses nothing.
    """
    with workplace(repo) as place:
        done = asyncio.run(validate(place, revision=rev))
        done = done.strict if strict else done
        if form != "text":
            print_json(_document(form, done, place.repository.prefix))
    show_warnings(done.notices)
    done.require_sound()
    if form == "text":
        stdout().print(f"{number_of(done.actions, 'action')} checked, {_found(done)}.")


def _found(done: Validated) -> str:
    return f"no errors, {number_of(len(done.notices), 'warning')}" if done.notices else "no problems"


def _document(form: str, done: Validated, prefix: str) -> Any:
    if form == "gitlab":
        return importlib.import_module("reconciler.cli.file_quality").quality_of(done, prefix)
    return {
        "actions": done.actions,
        "problems": [_problem(each) for each in done.problems],
        "notices": [_problem(each) for each in done.notices],
    }


def _problem(each: Diagnostic) -> dict[str, Any]:
    place = {"file": each.span.file, "line": each.span.line, "column": each.span.column}
    return {**place, "code": each.code, "severity": each.severity, "message": each.message, "remedy": each.remedy}
