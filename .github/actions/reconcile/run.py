"""Turns the inputs of the action, which come as environment variables, into one call of `reconciler ci`.

Nothing in an input is ever evaluated: `args` is split into words as a shell does it, and that is all.
"""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ALLOWED = {
    "command": ("validate", "test", "plan", "apply", "drift", "rollback"),
    "comment": ("always", "changes", "never"),
}
OPTIONS = {
    "tenant": "--tenant",
    "repo-dir": "--repo",
    "comment": "--comment",
    "fail-on": "--fail-on",
    "checksum": "--checksum",
}
ONLY_FOR = {
    "tenant": ("test", "plan", "apply", "drift", "rollback"),
    "fail-on": ("plan", "drift"),
    "checksum": ("apply",),
}
WRONG_USAGE = 64


def arguments(inputs: Mapping[str, str]) -> list[str]:
    """The words after `reconciler` for inputs by their names in action.yml. Raises ValueError saying what is wrong."""
    for name, values in ALLOWED.items():
        if inputs[name] not in values:
            raise ValueError(f"The input {name} is {inputs[name]!r}; it may be {', '.join(values)}.")
    if inputs["repo-dir"] and not Path(inputs["repo-dir"]).is_dir():
        raise ValueError(
            f"There is no folder {inputs['repo-dir']!r}, which repo-dir names. Is there a checkout before?"
        )
    for name, commands in ONLY_FOR.items():
        if inputs[name] and inputs["command"] not in commands:
            raise ValueError(f"The input {name} is for {', '.join(commands)}, not for {inputs['command']}.")
    try:
        more = shlex.split(inputs["args"])
    except ValueError as wrong:
        raise ValueError(f"The input args cannot be split into words: {wrong}.") from wrong
    given = [f"{option}={inputs[name]}" for name, option in OPTIONS.items() if inputs[name]]
    return ["ci", inputs["command"], *given, *more]


def run(words: Sequence[str]) -> int:
    """The exit code of `reconciler` with these words.

    The runner ends a cancelled job by SIGINT, SIGTERM seconds later, and then by force. The tool is asked to stop once,
    as by Ctrl-C, and left to put back what it began: a second signal would end just that. It has a session of its own
    so that no signal reaches it twice.
    """
    script = Path(sys.executable).with_name("reconciler")
    process = subprocess.Popen([sys.executable, "-I", str(script), *words], start_new_session=True)
    asked = False

    def stop(*_: object) -> None:
        nonlocal asked
        if not asked:
            asked = True
            process.send_signal(signal.SIGINT)

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    return process.wait()


def main() -> int:
    """Runs the command that the inputs ask for; its exit code."""
    names = ("command", "args", *OPTIONS)
    inputs = {name: os.environ.get(f"INPUT_{name.upper().replace('-', '_')}", "") for name in names}
    outputs = Path(os.environ["GITHUB_OUTPUT"])
    try:
        words = arguments(inputs)
    except ValueError as wrong:
        told = str(wrong).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        sys.stdout.write(f"::error title=reconcile::{told}\n")
        code = WRONG_USAGE
    else:
        code = run(words)
    with outputs.open("a+", encoding="utf-8") as file:
        file.seek(0)
        if not any(line.startswith(("exit-code=", "exit-code<<")) for line in file):
            file.write(f"exit-code={code}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
