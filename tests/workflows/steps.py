"""One step with a `run:`, executed for real: bash, the files that GitHub gives a step, and what is left in them."""

from __future__ import annotations

import re
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import PIPE, STDOUT

BASH = ("bash", "-e")
"""How the runner starts a script where no shell is named."""

NAMED_BASH = ("bash", "--noprofile", "--norc", "-eo", "pipefail")
"""How it does so for `shell: bash`."""

_FILES = ("GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STEP_SUMMARY")
_ASSIGNED = re.compile(
    r"(?P<name>[^\n=<]+)(?:=(?P<value>[^\n]*)|<<(?P<mark>[^\n]+)\n(?P<lines>(?:.*\n)*?)(?P=mark))(?:\n|$)"
)


@dataclass(frozen=True)
class Ran:
    """What came of a step; `log` is stdout and stderr as they came, `written` the files it was given, by their
    variables."""

    name: str
    code: int = 0
    log: str = ""
    written: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)

    @property
    def summary(self) -> str:
        """The step's summary."""
        return self.written.get("GITHUB_STEP_SUMMARY", "")

    @property
    def assigned(self) -> dict[str, str]:
        """Variables for the steps after it."""
        return assigned(self.written.get("GITHUB_ENV", ""))

    @property
    def paths(self) -> list[str]:
        """What goes before the PATH of the steps after it, the last one first."""
        return self.written.get("GITHUB_PATH", "").split("\n")[-2::-1]


def run_script(
    name: str,
    script: str,
    *,
    shell: str | None,
    environ: Mapping[str, str],
    folder: Path,
    temporary: Path,
    trace: bool,
    cancelled_at: str = "",
) -> Ran:
    """Runs the script of a step. With `trace`, bash says each command before it runs it. Once the step says
    `cancelled_at`, it is asked to stop as the runner asks for it: by SIGINT to the process that it started."""
    temporary.mkdir(parents=True)
    files = {each: temporary / each.lower() for each in _FILES}
    for file in files.values():
        file.touch()
    (temporary / "script.sh").write_text(script, encoding="utf-8")
    command = [*(NAMED_BASH if shell == "bash" else BASH), *(["-x"] if trace else []), str(temporary / "script.sh")]
    given = {**environ, **{each: str(file) for each, file in files.items()}}
    log: list[str] = []
    with subprocess.Popen(
        command, cwd=folder, env=given, stdin=subprocess.DEVNULL, stdout=PIPE, stderr=STDOUT, text=True
    ) as process:
        assert process.stdout
        for line in process.stdout:
            log.append(line)
            if cancelled_at and cancelled_at in line:
                process.send_signal(signal.SIGINT)
    written = {each: file.read_text(encoding="utf-8") for each, file in files.items()}
    return Ran(name, process.returncode, "".join(log), written, assigned(written["GITHUB_OUTPUT"]))


def assigned(text: str) -> dict[str, str]:
    """What a file of outputs or variables holds: `name=value`, or a value of several lines between delimiters."""
    found = list(_ASSIGNED.finditer(text))
    assert "".join(each[0] for each in found) == text, f"not as GitHub reads it: {text!r}"
    return {each["name"]: each["value"] if each["mark"] is None else each["lines"][:-1] for each in found}
