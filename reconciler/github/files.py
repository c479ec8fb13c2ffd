"""What a step tells the runner: the files of outputs and of the step summary, and workflow commands on stdout.

As GitHub documents it ("Workflow commands for GitHub Actions") and as the Actions toolkit does it (@actions/core:
command.ts, file-command.ts).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SUMMARY_BYTES = 1024 * 1024
"""The most that GitHub takes of a step's summary; it shows nothing at all of a longer one."""


@dataclass(frozen=True)
class StepFiles:
    """The files of one step; None for what the runner does not want, and away from GitHub."""

    output: Path | None = None
    summary: Path | None = None

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> StepFiles:
        """The files that the runner names."""
        output, summary = environ.get("GITHUB_OUTPUT", ""), environ.get("GITHUB_STEP_SUMMARY", "")
        return cls(Path(output) if output else None, Path(summary) if summary else None)

    def write_outputs(self, values: Mapping[str, str]) -> None:
        """Adds outputs, each between delimiters: nothing in a value can end it or begin another output. Raises
        OSError."""
        if self.output and values:
            with self.output.open("a", encoding="utf-8") as file:
                file.write("".join(_output(name, value) for name, value in values.items()))

    @property
    def summary_room(self) -> int:
        """Bytes that the step's summary still takes."""
        there = self.summary.stat().st_size if self.summary and self.summary.exists() else 0
        return max(0, SUMMARY_BYTES - there)

    def append_summary(self, text: str) -> None:
        """Adds to the summary of the step. Raises OSError."""
        if self.summary:
            with self.summary.open("a", encoding="utf-8") as file:
                file.write(text)


def command(name: str, message: str = "", **properties: str) -> str:
    """A workflow command; properties without a value are left out."""
    told = ",".join(f"{key}={_property(value)}" for key, value in properties.items() if value)
    return f"::{name}{' ' + told if told else ''}::{_data(message)}"


def quoted(text: str) -> tuple[str, ...]:
    """Lines of other people's text between commands that make the runner take none of it for a command.

    What begins commands again is made of the text itself: nobody can write a text that holds its own digest.
    """
    if not text:
        return ()
    token = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return (command("stop-commands", token), *text.split("\n"), command(token))


def uncommanded(line: str) -> str:
    """A line in which the runner finds no command: neither `::name::` at its beginning nor `##[name]` anywhere, which
    it still knows from older days. A backslash shows where there was one."""
    shown = line.replace("##[", "#\\#[")
    return shown.replace("::", ":\\:", 1) if shown.lstrip().startswith("::") else shown


def _output(name: str, value: str) -> str:
    delimiter = f"ghadelimiter_{hashlib.sha256(value.encode()).hexdigest()[:32]}"
    return f"{name}<<{delimiter}\n{value}\n{delimiter}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
