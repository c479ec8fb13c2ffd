"""Lines to stdout, without rich where no style would be seen: importing it takes longer than all that a test prints."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, Protocol

from reconciler.report.styled import Line, plain

FORCED = ("FORCE_COLOR", "TTY_COMPATIBLE")
"""Variables by which rich is told that styles are seen in a pipe, too, as in the logs of a pipeline."""


class Printing(Protocol):
    """The part of rich's Console that is used."""

    @property
    def is_terminal(self) -> bool: ...

    def print(self, *objects: Any) -> None: ...


class Lines:
    """Prints lines, and is the one console of a command for all else that it prints."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._rich = sys.stdout.isatty() or any(name in environ for name in FORCED)

    @cached_property
    def console(self) -> Printing:
        """For what is more than lines."""
        console: Printing = importlib.import_module("reconciler.cli.console").stdout()
        return console

    @property
    def seen(self) -> bool:
        """Whether somebody looks who can be shown how far it is."""
        return self._rich and self.console.is_terminal

    def print(self, lines: Iterable[Line]) -> None:
        """One below the other."""
        for line in lines:
            if self._rich:
                self.console.print(importlib.import_module("rich.text").Text.assemble(*line))
            else:
                sys.stdout.write(f"{plain(line)}\n")
        sys.stdout.flush()  # whoever follows a log sees each when it is told, and before what goes to stderr after it
