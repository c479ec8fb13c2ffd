"""`reconciler templates`."""

from __future__ import annotations

import json

import click

from reconciler.cli.console import print_json, stdout
from reconciler.cli.options import format_option
from reconciler.report.starting import offers_table, preview
from reconciler.run.templates import known_template, offer_of, offers


@click.group(invoke_without_command=True)
@format_option("json")
@click.pass_context
def command(context: click.Context, form: str) -> None:
    """List actions to start from, and show them.

    `reconciler new action NAME --template TEMPLATE` begins with one.
    """
    if context.invoked_subcommand:
        return
    if form == "json":
        print_json([json.loads(each.model_dump_json()) for each in offers()])
    else:
        stdout().print(offers_table(offers()))


@command.command()
@click.argument("template")
@format_option("json")
def show(template: str, form: str) -> None:
    """Show the files of a template."""
    found = known_template(template)
    offer = offer_of(found)
    if form == "json":
        print_json(json.loads(offer.model_dump_json()) | {"files": found.files})
        return
    console = stdout()
    console.print(preview(offer, found.files, coloured=console.is_terminal))
