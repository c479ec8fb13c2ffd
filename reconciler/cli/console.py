"""Where output goes: results to stdout, progress and problems to stderr; colours and widths only on a terminal."""

from __future__ import annotations

import io
import json
import sys
from typing import Any, TextIO

from rich.console import Console, RenderableType

PIPED_WIDTH = 160
"""A pipe has no width; tables need one that does not fold every cell."""


def stdout() -> Console:
    """For what the command is about."""
    return _console(sys.stdout)


def stderr() -> Console:
    """For progress, so that stdout stays what the command is about."""
    return _console(sys.stderr)


def print_text(text: str) -> None:
    """Text as it is, to stdout."""
    sys.stdout.write(text)


def as_text(renderable: RenderableType) -> str:
    """What a pipe would get: no colours."""
    file = io.StringIO()
    _console(file).print(renderable)
    return file.getvalue()


def print_json(value: Any) -> None:
    """The one thing on stdout of a command with `--format json`: indented, unescaped, in the order given."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def _console(stream: TextIO) -> Console:
    width = None if stream.isatty() else PIPED_WIDTH
    return Console(file=stream, width=width, highlight=False, soft_wrap=True, markup=False, emoji=False)
