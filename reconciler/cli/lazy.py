"""Groups of commands that are imported when they are called for."""

from __future__ import annotations

import difflib
import importlib
import keyword
from collections.abc import Mapping
from typing import Any

import click

NAMELESS = frozenset({"types"})


def module_in(room: str, command: str) -> str:
    """The module of a room that a command lives in; a word of Python cannot be imported by name, and no module may have
    a name that says nothing (tests/test_house.py), so that its module has a `_` more."""
    return f"{room}.{command}{'_' if keyword.iskeyword(command) or command in NAMELESS else ''}"


class LazyGroup(click.Group):
    """A group whose commands live in modules of a room of their own, each as `command`. `listed` gives each command its
    one line of help."""

    def __init__(self, *args: Any, listed: Mapping[str, str], room: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.listed = listed
        self.room = room

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.listed)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.listed:
            return None
        command = importlib.import_module(module_in(self.room, cmd_name)).command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.listed and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], self.listed, n=1)
            hint = f" Did you mean '{near[0]}'?" if near else ""
            raise click.UsageError(f"No such command '{args[0]}'.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(self.listed.items()))
