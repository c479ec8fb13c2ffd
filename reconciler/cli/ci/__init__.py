"""`reconciler ci`: what pipelines call."""

from __future__ import annotations

import click

from reconciler.cli.lazy import LazyGroup

STAGES = {
    "validate": "Check every file, and mark each problem where it is.",
    "apply": "Apply what the merged pull request showed, and nothing else.",
}


@click.group(cls=LazyGroup, listed=STAGES, room=__name__)
def command() -> None:
    """Do a stage of a pipeline, and tell GitHub of it."""
