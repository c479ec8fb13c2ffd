"""Every example of .github/CASES.md does what the page says of it.

A `yaml` block holds cases that pass; `yaml fails` cases that fail and `yaml refused` cases that are mistakes, each with
the `text` block behind it, whose lines are in what is said. Cases run against the `js` block before them; a block such
as `json entry.json` is a file beside them.
"""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pytest
from jsonschema import Draft202012Validator

from reconciler.catalogue.triggers import triggers
from reconciler.cli import status
from reconciler.desired.located_yaml import parse

PAGE = Path(__file__).parents[1] / ".github" / "CASES.md"
_BLOCK = re.compile(r"^```(\S[^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SECRET = re.compile(r"event\.secrets\.(\w+)")


class Block(NamedTuple):
    """A fenced block: what stands behind the fence, and the text."""

    kind: str
    text: str


@dataclass(frozen=True)
class Example:
    """Cases with the code and the files before them; `said` are lines that failures or mistakes must have."""

    kind: str
    cases: str
    code: str
    files: tuple[Block, ...]
    said: tuple[str, ...]


def examples() -> list[Example]:
    """The examples of the page, in order."""
    blocks = [Block(*found.groups()) for found in _BLOCK.finditer(PAGE.read_text(encoding="utf-8"))]
    code, found = "", []
    files: tuple[Block, ...] = ()
    for block, following in zip(blocks, [*blocks[1:], Block("", "")], strict=True):
        if block.kind == "js":
            code = block.text
        elif block.kind.startswith("json "):
            files = (*files, block)
        elif block.kind.startswith("yaml"):
            said = tuple(following.text.splitlines()) if following.kind == "text" else ()
            found.append(Example(block.kind, block.text, code, files, said))
    return found


def repository(kind: str, folder: Path) -> Path:
    """A repository with the examples of a kind in it, each an action."""
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    (folder / "reconciler.yaml").write_text("name: acme\n")
    (folder / "tenants").mkdir()
    (folder / "tenants" / "local.yaml").write_text("type: local\n")
    for number, example in enumerate(each for each in examples() if each.kind == kind):
        write(example, f"example-{number}", folder / "actions" / f"example-{number}")
    return folder


def write(example: Example, name: str, folder: Path) -> None:
    """An action with its cases."""
    folder.mkdir(parents=True)
    secrets = sorted(set(_SECRET.findall(example.code))) or ["API_TOKEN"]
    lines = (f"  {secret}: {{value: x}}\n" for secret in secrets)
    (folder / "action.yaml").write_text(f"name: {name}\ntrigger: post-login\nsecrets:\n{''.join(lines)}")
    (folder / "code.js").write_text(example.code)
    (folder / "cases.yaml").write_text(example.cases)
    for kind, text in example.files:
        (folder / kind.removeprefix("json ")).write_text(text)


def lines_of(kind: str) -> list[str]:
    """What the page says is said of its examples of a kind."""
    return [line for example in examples() if example.kind == kind for line in example.said]


@pytest.mark.parametrize(("kind", "code", "statuses"), [("yaml", 0, {"passed"}), ("yaml fails", 4, {"failed"})])
def test_the_cases_of_the_page_do_what_it_says(
    kind: str, code: int, statuses: set[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ended = status(["test", "--format", "json", "--repo", str(repository(kind, tmp_path / "r"))])
    outcomes = json.loads(capsys.readouterr().out)
    failures = [failure for outcome in outcomes for failure in outcome["failures"]]
    assert (ended, {outcome["status"] for outcome in outcomes}) == (code, statuses), failures
    told = "\n".join(line for failure in failures for line in (failure["message"], *failure["diff"]))
    assert [line for line in lines_of(kind) if line not in told] == []


def test_what_the_page_shows_is_what_an_editor_expects() -> None:
    schema = Draft202012Validator(json.loads((PAGE.parents[1] / "schemas" / "cases.schema.json").read_text()))
    for example in examples():
        wrong = [each.message for each in schema.iter_errors(parse(example.cases.encode(), "cases.yaml").value)]
        assert bool(wrong) == (example.kind == "yaml refused"), wrong


def test_the_command_of_the_page_prints_the_sample_event(capsys: pytest.CaptureFixture[str]) -> None:
    (command,) = re.findall(r"`reconciler (trigger .*?)`", PAGE.read_text(encoding="utf-8"))
    assert status(command.split()) == 0
    assert json.loads(capsys.readouterr().out) == triggers()["post-login"].sample_event


def test_what_the_page_calls_a_mistake_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kind = "yaml refused"
    assert status(["validate", "--repo", str(repository(kind, tmp_path / "r"))]) == 1
    told = re.sub(r"\s+", " ", capsys.readouterr().err)
    assert [line for line in lines_of(kind) if line not in told] == []


def test_the_page_has_examples_of_each_kind() -> None:
    assert {example.kind for example in examples()} == {"yaml", "yaml fails", "yaml refused"}
    assert all(example.said for example in examples() if example.kind != "yaml")
