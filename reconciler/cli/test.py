"""`reconciler test`."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from reconciler.cli.console import print_json, stdout
from reconciler.cli.options import format_option, repository_option, revision_option, tenant_option
from reconciler.cli.working import workplace
from reconciler.errors import Exit, InvalidInput
from reconciler.model.case import Outcome
from reconciler.report.execution import outcome_text, outcomes_text
from reconciler.report.pipeline.checks import failed_cases
from reconciler.report.pipeline.gitlab import code_quality
from reconciler.report.pipeline.places import annotated
from reconciler.run.cases import Asked, Listening, test
from reconciler.run.chosen import Wish

CHECK = "reconciler-test"


@click.command()
@click.argument("actions", nargs=-1)
@repository_option
@tenant_option
@revision_option
@format_option("json", "gitlab")
def command(actions: tuple[str, ...], repo: Path | None, tenant: str | None, rev: str | None, form: str) -> int:
    """Run the cases of actions on the embedded runtime.

    Without names, of every action. No request leaves the machine: each is answered by the case or refused.
    """
    console = stdout()

    def heard(outcome: Outcome) -> None:
        if form == "text":
            console.print(outcome_text(outcome))

    with workplace(repo) as place:
        prefix = place.repository.prefix
        try:
            asked = Asked(place.tenant_name(tenant), Wish(actions), revision=rev)
            tested = asyncio.run(test(place, asked, Listening(ended=heard)))
        except InvalidInput as wrong:
            if form == "gitlab":
                print_json(code_quality(CHECK, annotated(wrong.diagnostics, prefix)))
            raise
    outcomes = tested.outcomes
    failed = sum(outcome.status == "failed" for outcome in outcomes)
    if form == "json":
        print_json([outcome.model_dump(mode="json") for outcome in outcomes])
    elif form == "gitlab":
        print_json(code_quality(CHECK, failed_cases(outcomes, prefix)))
    else:
        console.print(outcomes_text(outcomes))
    return Exit.CASES_FAILED if failed else Exit.DONE
