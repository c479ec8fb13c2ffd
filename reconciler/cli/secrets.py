"""`reconciler secrets`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from reconciler.cli.console import stdout
from reconciler.cli.options import repository_option, tenant_option
from reconciler.cli.working import workplace
from reconciler.errors import InvalidInput
from reconciler.run import secrets


@click.group()
def command() -> None:
    """Make, set, edit and check encrypted secrets."""


@command.command()
@repository_option
@tenant_option
def init(repo: Path | None, tenant: str | None) -> None:
    """Make age key, .sops.yaml and the tenant's SOPS file."""
    with workplace(repo) as place:
        made = secrets.init(place, place.tenant_name(tenant))
    for path in made.made:
        stdout().print(f"made {path}")
    for path in made.kept:
        stdout().print(f"kept {path}")
    if made.has_key:
        stdout().print("Keep the age key file safe and out of git: nobody can make it again.")
    else:
        stdout().print("You have no age key here. To read or change secrets, ask those whom .sops.yaml names.")


@command.command("set")
@click.argument("name")
@repository_option
@tenant_option
def set_command(name: str, repo: Path | None, tenant: str | None) -> None:
    """Set one value, from a prompt or standard input."""
    value = click.prompt(name, hide_input=True, confirmation_prompt=True) if sys.stdin.isatty() else sys.stdin.read()
    with workplace(repo) as place:
        changed = secrets.set_secret(place, place.tenant_name(tenant), name, value.rstrip("\n"))
    stdout().print(f"{name} is set." if changed else f"{name} has that value already.")


@command.command()
@repository_option
@tenant_option
def edit(repo: Path | None, tenant: str | None) -> None:
    """Open the tenant's SOPS file in your editor."""
    with workplace(repo) as place:
        changed = secrets.edit(place, place.tenant_name(tenant), terminal=sys.stdin.isatty() and sys.stdout.isatty())
    stdout().print("Saved." if changed else "Nothing changed.")


@command.command()
@repository_option
def check(repo: Path | None) -> None:
    """Check references, clear text and recipients."""
    with workplace(repo) as place:
        problems = secrets.check(place)
    if problems:
        raise InvalidInput(problems)
    stdout().print("Every secret is there, encrypted, and for those whom .sops.yaml names.")
