"""`reconciler ci`: what pipelines call."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import click

from reconciler.cli.lazy import LazyGroup
from reconciler.errors import Exit, ReconcilerError
from reconciler.github.files import StepFiles, uncommanded
from reconciler.run.ci.outputs import OUTPUTS
from reconciler.settings import process_settings

STAGES = {
    "validate": "Check every file, and mark each problem where it is.",
    "test": "Run the cases of actions, and mark each failed one.",
    "plan": "Show what apply would change, in the pull request.",
    "apply": "Apply what the merged pull request showed, and nothing else.",
    "rollback": "Roll back, and say so in the pull request that made it necessary.",
    "drift": "Find what git does not explain, in one issue per tenant.",
    "matrix": "List the tenants as jobs of a workflow.",
}


class Pipeline(LazyGroup):
    """The group whose exit code is an output of the step, also where the command line makes no sense. Its help names
    every output."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except click.UsageError as wrong:
            _tell(Exit.USAGE)
            told = "\n".join(map(uncommanded, wrong.format_message().split("\n")))  # it repeats what it was given
            raise click.UsageError(told, wrong.ctx) from wrong
        except ReconcilerError as problem:
            _tell(problem.exit_code)
            raise

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Outputs of the step (in the file that $GITHUB_OUTPUT names)"):
            formatter.write_dl(list(OUTPUTS.items()))


def _tell(code: Exit) -> None:
    with suppress(OSError):  # what went wrong is told all the same
        StepFiles.of(process_settings().environ).write_outputs({"exit-code": str(int(code))})


@click.group(cls=Pipeline, listed=STAGES, room=__name__)
def command() -> None:
    """Do a stage of a pipeline, and tell GitHub of it."""
