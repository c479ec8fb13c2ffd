"""`reconciler trigger`."""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from reconciler.cli.console import print_json, stderr, stdout
from reconciler.cli.options import event_option, format_option, repository_option, tenant_option
from reconciler.cli.working import event_overlay, workplace
from reconciler.errors import Exit, Usage
from reconciler.model.execution import FlowRun
from reconciler.report.execution import flow_text
from reconciler.run.fire import LOGIN, fire, go_on, log_in, never_there, sample_event
from reconciler.run.workplace import Workplace


@dataclass(frozen=True)
class Asked:
    """What the command line asks for. `user` is the email of who logs in. `state` None fires; else the flow that waits
    under it goes on, the only one that waits where it is empty, with what the user brings back."""

    trigger: str
    overlay: Mapping[str, Any]
    action: str = ""
    user: str = ""
    state: str | None = None
    returned: Mapping[str, str] = field(default_factory=dict)


def continue_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--continue [STATE]` and `--return KEY=VALUE`."""
    again = click.option(
        "--continue",
        "state",
        is_flag=False,
        flag_value="",
        metavar="[STATE]",
        help="Go on with a flow that waits for its user (default: the only one).",
    )
    back = click.option(
        "--return",
        "returned",
        metavar="KEY=VALUE",
        multiple=True,
        help="With --continue: what the user brings back, as a parameter or a field of the form; repeatable.",
    )
    return again(back(command))


@click.command()
@click.argument("trigger")
@click.option("--action", metavar="NAME", default="", help="Which action of an entity-bound trigger that has several.")
@continue_options
@click.option("--sample", is_flag=True, help="Show the event that it is fired with, as JSON, and fire nothing.")
@repository_option
@tenant_option
@event_option
@format_option("json")
def command(
    trigger: str,
    action: str,
    sample: bool,
    state: str | None,
    returned: tuple[str, ...],
    repo: Path | None,
    tenant: str | None,
    event: Path | None,
    form: str,
) -> int:
    """Fire any trigger of the embedded tenant.

    Its event is the trigger's sample event, which cases begin with, too. --sample shows that.
    """
    if sample:
        if action or state is not None:
            raise Usage("--sample fires nothing.", "Leave out --action and --continue.")
        overlay = event_overlay(event)
        _warn_of_unknown(trigger, overlay)
        print_json(sample_event(trigger, overlay))
        return Exit.DONE
    asked = Asked(trigger, event_overlay(event), action, state=state, returned=pairs(state, returned))
    return fired(asked, repo, tenant, form)


def pairs(state: str | None, returned: tuple[str, ...]) -> Mapping[str, str]:
    """What `--return` gives; Usage for one that is no pair, or without `--continue`."""
    if returned and state is None:
        raise Usage("--return says what a user brings back.", "Give --continue as well.")
    for each in returned:
        if "=" not in each:
            raise Usage(f"--return {each} is no pair.", "Write it as KEY=VALUE.")
    return dict(each.split("=", 1) for each in returned)


def fired(asked: Asked, repo: Path | None, tenant: str | None, form: str) -> int:
    """Fires or goes on, tells what came of it; a denial is an answer, an action that threw is an error."""
    _warn_of_unknown(asked.trigger, asked.overlay)
    with workplace(repo) as place:
        name = place.tenant_name(tenant)
        run = asyncio.run(_run(place, name, asked))
    if form == "json":
        print_json(run.model_dump(mode="json"))
    else:
        stdout().print(flow_text(run, _again(asked, repo, tenant)))
    return Exit.ERROR if run.status == "failed" else Exit.DONE


def _warn_of_unknown(trigger: str, overlay: Mapping[str, Any]) -> None:
    for path in never_there(trigger, overlay):
        stderr().print(f"The platform's event of {trigger} never has event.{path}.", style="yellow")


async def _run(place: Workplace, tenant: str, asked: Asked) -> FlowRun:
    if asked.state is not None:
        return await go_on(place, tenant, asked.trigger, asked.state, asked.returned, asked.overlay)
    if asked.user:
        return await log_in(place, tenant, asked.user, asked.overlay, lambda said: stderr().print(said, style="yellow"))
    return await fire(place, tenant, asked.trigger, asked.overlay, action=asked.action)


def _again(asked: Asked, repo: Path | None, tenant: str | None) -> str:
    """The command that goes on with a flow of that trigger, up to the state."""
    verb = ["login"] if asked.trigger == LOGIN else ["trigger", asked.trigger]
    where = [*(["--repo", str(repo)] if repo else []), *(["--tenant", tenant] if tenant else [])]
    return shlex.join(["reconciler", *verb, *where, "--continue"])
