"""What is known of code is not asked of Node again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from reconciler.errors import RuntimeProblem
from reconciler.local.node.known_code import FILE
from reconciler.local.node.parse import read_code_facts
from reconciler.model.code import CodeFacts
from reconciler.npm import node_executable

CODE = "const a = require('lodash');\nexports.onExecutePostLogin = async (event) => event.secrets.X;\n"
NO_NODE = Path("/nowhere/node")


def facts(sources: Mapping[str, str], kept: Path, node: Path | None = None) -> Mapping[str, CodeFacts]:
    return asyncio.run(read_code_facts(node or node_executable(), sources, kept))


def test_code_that_was_read_before_needs_no_node(tmp_path: Path) -> None:
    first = facts({"a.js": CODE, "b.js": "oops ("}, tmp_path)
    assert facts({"a.js": CODE, "b.js": "oops ("}, tmp_path, NO_NODE) == first
    assert facts({"moved.js": CODE}, tmp_path, NO_NODE) == {"moved.js": first["a.js"]}


def test_two_files_with_the_same_code_have_the_same_facts(tmp_path: Path) -> None:
    told = facts({"a.js": CODE, "b.js": CODE}, tmp_path)
    assert told["a.js"] == told["b.js"]
    assert told["a.js"].requires


def test_only_code_that_changed_is_read(tmp_path: Path) -> None:
    facts({"a.js": CODE}, tmp_path)
    with pytest.raises(RuntimeProblem):
        facts({"a.js": CODE + "// more\n"}, tmp_path, NO_NODE)


def test_what_no_file_holds_any_more_is_forgotten(tmp_path: Path) -> None:
    facts({"a.js": CODE}, tmp_path)
    small = facts({"b.js": "1;"}, tmp_path)
    assert facts({"b.js": "1;"}, tmp_path, NO_NODE) == small
    with pytest.raises(RuntimeProblem):
        facts({"a.js": CODE}, tmp_path, NO_NODE)


@pytest.mark.parametrize("kept", ["", "{", "[]", "[" * 100_000, '{"reader": "another", "told": {}}'])
def test_what_is_kept_may_be_broken_or_of_another_version(tmp_path: Path, kept: str) -> None:
    (tmp_path / FILE).write_text(kept)
    assert facts({"a.js": CODE}, tmp_path)["a.js"].requires


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    assert facts({"a.js": CODE}, tmp_path / "none")["a.js"].requires
    assert not (tmp_path / "none").exists()


def test_a_folder_that_cannot_be_written_to_is_no_problem() -> None:
    assert facts({"a.js": CODE}, Path("/proc"))["a.js"].requires


@pytest.mark.parametrize("told", [None, [], {}, {"problem": {"odd": 1}}])
def test_what_is_kept_of_a_file_may_be_odd(tmp_path: Path, told: object) -> None:
    first = facts({"a.js": CODE}, tmp_path)
    kept = json.loads((tmp_path / FILE).read_text())
    (tmp_path / FILE).write_text(json.dumps(kept | {"told": dict.fromkeys(kept["told"], told)}))
    assert facts({"a.js": CODE}, tmp_path) == first


def test_an_expression_of_many_parts_is_no_mistake(tmp_path: Path) -> None:
    assert facts({"a.js": "exports.a = " + "'x' +\n" * 10_000 + "'y';"}, tmp_path)["a.js"].error is None
