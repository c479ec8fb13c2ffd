"""`reconciler validate`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import click

from reconciler.cli.console import print_json, stderr, stdout
from reconciler.cli.options import format_option, repository_option, revision_option
from reconciler.cli.working import workplace
from reconciler.errors import Diagnostic, InvalidInput
from reconciler.report.pipeline.gitlab import code_quality
from reconciler.report.pipeline.places import annotated
from reconciler.run.validate import Validated, validate


@click.command()
@repository_option
@revision_option
@format_option("json", "gitlab")
def command(repo: Path | None, rev: str | None, form: str) -> None:
    """Check every file of the repository, offline.

    Needs no tenant and no key. Every problem is shown with its file, line and column.
    """
    with workplace(repo) as place:
        try:
            done = asyncio.run(validate(place, revision=rev))
        except InvalidInput as wrong:
            if form != "text":
                print_json(_document(form, wrong.diagnostics, Validated(0), place.repository.prefix))
            raise
        if form != "text":
            print_json(_document(form, (), done, place.repository.prefix))
            return
    for notice in done.notices:
        stderr().print(str(notice), style="yellow")
    stdout().print(f"{done.actions} action{'s' if done.actions != 1 else ''} checked, no problems.")


def _document(form: str, problems: tuple[Diagnostic, ...], done: Validated, prefix: str) -> Any:
    if form == "gitlab":
        remarks = (*annotated(problems, prefix, "failure"), *annotated(done.notices, prefix, "warning"))
        return code_quality("reconciler-validate", remarks)
    return {
        "actions": done.actions,
        "problems": [_problem(each) for each in problems],
        "notices": [_problem(each) for each in done.notices],
    }


def _problem(each: Diagnostic) -> dict[str, Any]:
    place = {"file": each.span.file, "line": each.span.line, "column": each.span.column}
    return {**place, "message": each.message, "remedy": each.remedy}
