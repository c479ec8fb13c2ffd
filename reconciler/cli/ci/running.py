"""Runs the stages of a command: opens the pipeline, shows each stage, writes the outputs, gives the exit code."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from reconciler.cli.ci.asked import Asked
from reconciler.cli.console import print_text
from reconciler.cli.problems import told
from reconciler.cli.working import workplace
from reconciler.desired.secrets import SecretValue
from reconciler.errors import Exit, ReconcilerError
from reconciler.github.files import StepFiles, command, quoted, uncommanded
from reconciler.model.pipeline import Outputs, Stage, Stages
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

    Stdout gets the stages, as text or as one JSON document; all else goes to stderr. No secret that is known is in
    either.
    """
    channel = open_channel(process_settings(), asked.form)
    try:
        with workplace(asked.repo) as place:
            stages, code = asyncio.run(_done(place, channel, asked, work))
    except ReconcilerError as problem:
        for line in told(problem):
            channel.tell(line)
        write_outputs(channel, Outputs(exit_code=problem.exit_code))
        return problem.exit_code
    if asked.form == "json":
        print_text(json_text(Stages(stages=tuple(stages)).model_dump(mode="json")))
    return code


def open_channel(settings: Settings, form: str) -> Channel:
    """How this process speaks to whoever runs it."""
    environ = settings.environ
    on_runner = environ.get("GITHUB_ACTIONS") == "true"

    def tell(text: str) -> None:
        for line in hidden.mask(text).split("\n"):
            click.echo(uncommanded(visible(line)), err=True)

    def say(line: str) -> None:
        click.echo(hidden.mask(line), err=True)

    def show(stage: Stage) -> None:
        if form == "text":
            print_text("".join(f"{line}\n" for line in _lines(stage, on_runner)))

    hidden = Hidden(lambda warning: channel.warn(warning))
    hidden.learn({name: SecretValue(value) for name, value in settings.secrets.items()})
    files = StepFiles(_path(environ, "GITHUB_OUTPUT"), _path(environ, "GITHUB_STEP_SUMMARY"))
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


def _path(environ: Mapping[str, str], name: str) -> Path | None:
    return Path(environ[name]) if environ.get(name) else None
