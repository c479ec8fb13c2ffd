"""Lines, printed where styles are seen and where they are not."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest

from reconciler.cli.lines import Lines

LINES = [(("passed  ", "green"), "greet  [2] cases"), (("slow", "yellow"),)]


def test_a_pipe_gets_the_text_alone(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines({})
    lines.print(LINES)
    assert capsys.readouterr().out == "passed  greet  [2] cases\nslow\n"
    assert not lines.seen


@pytest.mark.parametrize("variable", ["FORCE_COLOR", "TTY_COMPATIBLE"])
def test_a_pipe_whose_reader_sees_styles_gets_them(variable: str) -> None:
    script = f"from reconciler.cli.lines import Lines; import os; Lines(os.environ).print({LINES!r})"
    environ = {variable: "1", "TERM": "xterm"}
    told = subprocess.run([sys.executable, "-c", script], env=environ, capture_output=True, text=True, check=True)
    assert told.stdout == "\x1b[32mpassed  \x1b[0mgreet  [2] cases\n\x1b[33mslow\x1b[0m\n"


def test_whoever_follows_a_log_sees_each_line_when_it_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with log.open("wb") as raw, io.TextIOWrapper(raw, encoding="utf-8") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        Lines({}).print([("1 passed",)])
        assert log.read_text() == "1 passed\n"
