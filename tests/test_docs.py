"""The README tells the truth."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reconciler.cli import COMMANDS
from reconciler.engine.guard_words import GUARDS, Guard
from reconciler.errors import Exit

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_ci_runs_the_two_lines_of_the_readme() -> None:
    lines = re.findall(r"^python3 -m venv .*$", README, re.MULTILINE)
    assert len(lines) == 2
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert all(line in ci for line in lines)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_readme(name: str) -> None:
    assert f"| `{name}` |" in README


@pytest.mark.parametrize("guard", GUARDS.values(), ids=lambda guard: guard.name)
def test_every_guard_is_in_the_readme(guard: Guard) -> None:
    assert f"| `{guard.name}` | {guard.why} |" in README


def test_the_exit_codes_are_in_the_readme() -> None:
    assert [int(code) for code in re.findall(r"^\| (\d+) \|", README, re.MULTILINE)] == [code.value for code in Exit]


@pytest.mark.parametrize("path", sorted((ROOT / "example-repo").rglob("*.yaml")), ids=lambda path: path.name)
def test_the_example_files_name_their_schema(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    if path.name.endswith(".sops.yaml"):
        return
    named = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert named
    assert (path.parent / named[1]).resolve().is_file()
