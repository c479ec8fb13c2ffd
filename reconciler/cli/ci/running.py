"""Runs the stages of a command: opens the pipeline, shows each stage, writes the outputs, gives the exit code."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import click

from reconciler.cli.ci.asked import Asked
from reconciler.cli.console import print_text
from reconciler.cli.several import named
from reconciler.cli.working import workplace
from reconciler.desired.secrets import SecretValue
from reconciler.errors import Exit, ReconcilerError
from reconciler.github.files import StepFiles, command, quoted, uncommanded
from reconciler.model.event import Event
from reconciler.model.pipeline import Outputs, Stage, Stages
from reconciler.report.problem import lines
from reconciler.report.text import event_text
from reconciler.report.visible import visible
from reconciler.run.ci.channel import Channel
from reconciler.run.ci.hidden import Hidden
from reconciler.run.ci.outputs import write_outputs
from reconciler.run.ci.pipeline import Pipeline, ended, open_pipeline
from reconciler.run.workplace import Workplace
from reconciler.settings import Settings, process_settings

Work = Callable[[Pipeline], Awaitable[Sequence[Stage]]]


def run_stages(asked: Asked, work: Work) -> int:
    """Does the work in an open pipeline; gives the exit code, which is an output, too, whatever ended the command.

    The stages are printed as they end, or as one JSON document. No secret that is known is in anything.
    """

    def done(channel: Channel) -> int:
        with workplace(asked.repo) as place:
            stages, code = asyncio.run(_done(place, channel, asked, work))
        if asked.form == "json":
            print_text(json_text(Stages(stages=tuple(stages)).model_dump(mode="json")))
        return code

    return in_channel(asked.form, done)


def in_channel(form: str, work: Callable[[Channel], int]) -> int:
    """Does the work; a problem that ends it is told as everything here is, and its exit code is an output."""
    channel = open_channel(process_settings(), form)
    try:
        return work(channel)
    except ReconcilerError as problem:
        sys.stdout.flush()
        channel.tell("\n".join(lines(problem)))
        write_outputs(channel, Outputs(exit_code=problem.exit_code))
        return problem.exit_code


async def each(pipeline: Pipeline, option: str | None, work: Callable[[str], Awaitable[Stage]]) -> Sequence[Stage]:
    """A stage for each tenant that `--tenant` names, one after the other; one that fails does not hide the others."""
    asked = named(pipeline.place, option, lambda: pipeline.place.tree(None))
    return [await work(tenant) for tenant in ((asked,) if isinstance(asked, str) else asked)]


def progress(channel: Channel) -> Callable[[Event], None]:
    """Hears of progress: every event is a line of the log."""
    return lambda event: channel.tell(event_text(event).plain)


def open_channel(settings: Settings, form: str) -> Channel:
    """How this process speaks to whoever runs it: stages to stdout, what is told besides to stderr.

    A runner reads both at once. So its commands go where the stages go, too: on the other stream one could fall between
    what makes the runner take none.
    """
    on_runner = settings.environ.get("GITHUB_ACTIONS") == "true"

    def tell(text: str) -> None:
        for line in hidden.mask(text).split("\n"):
            click.echo(uncommanded(visible(line)), err=True)

    def say(line: str) -> None:
        click.echo(hidden.mask(line), err=form == "json")

    def show(stage: Stage) -> None:
        if form == "text":
            click.echo("\n".join(_lines(stage, on_runner)))

    hidden = Hidden(lambda warning: channel.warn(warning))
    hidden.learn({name: SecretValue(value) for name, value in settings.secrets.items()})
    files = StepFiles.of(settings.environ)
    channel = Channel(files=files, tell=tell, command=say if on_runner else None, show=show, hidden=hidden)
    return channel


def json_text(document: Any) -> str:
    """A JSON document, spelt so that no runner takes anything in it for a command."""
    return json.dumps(document, indent=2, ensure_ascii=False).replace("##[", "#\\u0023[") + "\n"


async def _done(place: Workplace, channel: Channel, asked: Asked, work: Work) -> tuple[Sequence[Stage], Exit]:
    async with open_pipeline(place, channel, comment=asked.comment, dry_run=asked.dry_run) as pipeline:
        stages = await work(pipeline)
        return stages, ended(pipeline, stages)


def _lines(stage: Stage, on_runner: bool) -> Sequence[str]:
    """A stage as the log shows it; on a runner folded, and with nothing in it that could be a command."""
    title, text = f"{stage.check}: {stage.title}", stage.summary.rstrip("\n")
    if on_runner:
        return (command("group", title), *quoted(text), command("endgroup"))
    return (visible(title), "", *text.split("\n"), "")
