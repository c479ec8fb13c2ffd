"""`reconciler test --watch`: a round for each time that files are saved."""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reconciler.cli.lines import Lines
from reconciler.cli.saved import saved_files
from reconciler.cli.watching import rounds
from reconciler.run.cases import Asked
from reconciler.run.chosen import Wish
from reconciler.run.workplace import open_workplace
from reconciler.settings import Settings
from tests.run.conftest import Home

GUARD = "exports.onExecutePostLogin = async (event, api) => { api.access.deny('no') };\n"
CASES = "- name: keeps out\n  expect: {denied: 'no'}\n"
BROKEN = "- name: [\n"

Step = Callable[[], object]


@pytest.fixture
def guarded(home: Home) -> Home:
    home.write("actions/guard/code.js", GUARD)
    home.write("actions/guard/cases.yaml", CASES)
    return home


def watched(home: Home, *saves: tuple[str, Step], asked: Asked | None = None) -> list[str]:
    """What is shown of each round: the first, and one for each file that is written once the round before has ended."""
    out = io.StringIO()
    ended: list[datetime] = []

    def clock() -> datetime:
        ended.append(datetime.now(UTC))  # the time is told at the end of a round
        return ended[-1]

    async def saved() -> AsyncIterator[frozenset[str]]:
        for number, (path, write) in enumerate(saves, start=1):
            while len(ended) < number:
                await asyncio.sleep(0.002)
            write()
            yield frozenset({path})

    with open_workplace(Settings(start=home.folder, environ={})) as opened:
        place = replace(opened, clock=clock)
        with contextlib.redirect_stdout(out):
            asyncio.run(rounds(place, asked or Asked("local"), saved(), Lines({}), verbose=False))
    return re.split(r"\n\n(?=\S*\n)", out.getvalue())


def writing(home: Home, path: str, text: str) -> tuple[str, Step]:
    return path, lambda: home.write(path, text)


def summary(shown: str) -> str:
    """The last line without its time and what it took."""
    return shown.strip().splitlines()[-1].partition("  ")[2].rpartition(",")[0]


def test_all_run_first_and_then_what_is_saved(guarded: Home) -> None:
    first, second = watched(guarded, writing(guarded, "actions/guard/code.js", GUARD + "// more\n"))
    assert summary(first) == "2 passed, 0 failed in 2 actions"
    assert second.startswith("actions/guard/code.js\npassed  guard  1 case")
    assert summary(second) == "1 passed, 0 failed in 1 action"


def test_code_that_is_broken_fails_and_passes_again_when_it_is_mended(guarded: Home) -> None:
    told = watched(
        guarded,
        writing(guarded, "actions/guard/code.js", GUARD.replace("'no'", "'never'")),
        writing(guarded, "actions/guard/code.js", GUARD),
    )
    assert "0 passed, 1 failed in 1 action" in "\n".join(told)
    assert summary(told[-1]) == "1 passed, 0 failed in 1 action"


def test_yaml_that_is_broken_is_shown_and_waited_out(guarded: Home, capsys: pytest.CaptureFixture[str]) -> None:
    told = watched(
        guarded,
        writing(guarded, "actions/guard/cases.yaml", BROKEN),
        writing(guarded, "actions/greet/notes.md", "meanwhile\n"),
        writing(guarded, "actions/guard/cases.yaml", CASES),
    )
    assert capsys.readouterr().err.count("actions/guard/cases.yaml:2:1: this is not valid YAML") == 2
    assert "passed  greet  1 case" in told[-1]  # it was saved while nothing could run
    assert summary(told[-1]) == "2 passed, 0 failed in 2 actions"


def test_a_repository_that_is_broken_from_the_start_is_waited_out(guarded: Home) -> None:
    guarded.write("actions/guard/cases.yaml", BROKEN)
    told = watched(guarded, writing(guarded, "actions/guard/cases.yaml", CASES))
    assert summary(told[-1]) == "2 passed, 0 failed in 2 actions"


def test_a_file_that_no_case_depends_on_runs_nothing(guarded: Home) -> None:
    told = watched(guarded, writing(guarded, "README.md", "words\n"))
    assert told[-1].strip().splitlines()[-1].endswith("no case depends on this")


def test_only_what_is_asked_for_runs_in_later_rounds_too(guarded: Home) -> None:
    asked = Asked("local", Wish(names=("greet",)))
    told = watched(guarded, writing(guarded, "reconciler.yaml", "name: acme\n# all\n"), asked=asked)
    assert [summary(each) for each in told] == ["1 passed, 0 failed in 1 action"] * 2


def test_a_case_that_is_called_otherwise_meanwhile_is_no_mistake(guarded: Home) -> None:
    asked = Asked("local", Wish(texts=("keeps",)))
    renamed = writing(guarded, "actions/guard/cases.yaml", CASES.replace("keeps", "holds"))
    told = watched(guarded, renamed, writing(guarded, "actions/guard/cases.yaml", CASES), asked=asked)
    assert "no case depends on this" in "\n".join(told)
    assert summary(told[-1]) == "1 passed, 0 failed in 1 action"


def test_coverage_is_told_of_what_each_round_ran(guarded: Home) -> None:
    again = GUARD.replace("{ api", "{\n  if (event.user.blocked) {\n    return;\n  }\n  api")
    first, second = watched(
        guarded, writing(guarded, "actions/guard/code.js", again), asked=Asked("local", coverage=True)
    )
    assert re.findall(r"^(guard|greet) +(\d+)", first, re.MULTILINE) == [("greet", "100"), ("guard", "100")]
    assert re.findall(r"^(guard|greet) +(\d+)", second, re.MULTILINE) == [("guard", "60")]
    assert summary(second) == "1 passed, 0 failed in 1 action"


def test_saved_files_are_told_without_those_of_tools(tmp_path: Path) -> None:
    async def first() -> frozenset[str]:
        saved = saved_files(tmp_path)
        waiting = asyncio.ensure_future(anext(saved))
        while not waiting.done():
            for path in (".git/index", ".reconciler/tenants/x", "node_modules/a.js", "actions/a/code.js"):
                file = tmp_path / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(str(asyncio.get_running_loop().time()))
            await asyncio.sleep(0.02)
        await saved.aclose()
        return waiting.result()

    assert asyncio.run(asyncio.wait_for(first(), 10)) == {"actions/a/code.js"}


def test_ctrl_c_ends_it_well_and_leaves_no_process(guarded: Home) -> None:
    command = [sys.executable, "-m", "reconciler", "test", "--watch", "--repo", str(guarded.folder)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout
    while "2 passed" not in process.stdout.readline():
        assert process.poll() is None
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=10)
    assert (process.returncode, err) == (0, "")
