"""The options that every stage of a pipeline takes."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast, get_args

import click

from reconciler.cli.options import Command, format_option, repository_option
from reconciler.run.ci.publishing import Comments


@dataclass(frozen=True)
class Asked:
    """What those options say."""

    repo: Path | None
    comment: Comments
    dry_run: bool
    form: str


def pipeline_options(command: Callable[..., int]) -> Command:
    """`--repo`, `--comment`, `--dry-run` and `--format`, as the one argument `asked`."""

    @functools.wraps(command)
    def with_asked(repo: Path | None, comment: str, dry_run: bool, form: str, **rest: Any) -> int:
        return command(asked=Asked(repo, cast(Comments, comment), dry_run, form), **rest)

    options = (
        repository_option,
        click.option(
            "--comment",
            type=click.Choice(get_args(Comments)),
            default="changes",
            show_default=True,
            help="Comment on the pull request: always, only while there is something to say, or never.",
        ),
        click.option("--dry-run", is_flag=True, help="Send GitHub nothing; show what would be written."),
        format_option("json"),
    )
    return functools.reduce(lambda made, option: option(made), reversed(options), cast(Command, with_asked))
