"""What is known of code without running it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from reconciler.errors import RuntimeProblem
from reconciler.local.node.parse import read_code_facts
from reconciler.model.code import CodeFacts, Place, SyntaxProblem
from reconciler.npm import node_executable


def facts(code: str) -> CodeFacts:
    """The facts of one source."""
    return asyncio.run(read_code_facts(node_executable(), {"code.js": code}))["code.js"]


@pytest.mark.parametrize(
    ("code", "handlers"),
    [
        ("exports.onA = async () => {};\n\n  exports . onB = 1;", {"onA": (1, 9), "onB": (3, 13)}),
        ("module.exports.onA = 1; module.exports['onB'] = 2", {"onA": (1, 16), "onB": (1, 40)}),
        (
            "const onA = 1;\nmodule.exports = { onA, 'onB': 2, onC() {} };",
            {"onA": (2, 20), "onB": (2, 25), "onC": (2, 35)},
        ),
        (
            "Object.defineProperty(exports, '__esModule', {value: true});\nexports.onA = void 0; exports.onA = 1;",
            {"onA": (2, 9)},
        ),
        ("Object.defineProperty(exports, 'onA', { get() {} })", {"onA": (1, 32)}),
        ("exports = module.exports = { onA: 1 }; exports.helper();", {"onA": (1, 30)}),
        ("Object.assign(module.exports, { onA: 1 })", {"onA": (1, 33)}),
        ("#!/usr/bin/env node\nif (typeof module !== 'undefined') exports.onA = 1; return", {"onA": (2, 44)}),
        ("const o = { exports: 1, module: 2 }; o.exports = o.module", {}),
        ("", {}),
    ],
)
def test_exported_names_are_found_with_their_place(code: str, handlers: dict[str, tuple[int, int]]) -> None:
    assert facts(code).handlers == {name: Place(*place) for name, place in handlers.items()}


@pytest.mark.parametrize(
    ("code", "message", "line", "column"),
    [
        ("let a = ;", "Unexpected token", 1, 9),
        ("exports.onA = () => {\n\n", "Unexpected token", 3, 1),
        ("let a;\nlet a;", "Identifier 'a' has already been declared", 2, 5),
        (
            "\nimport x from 'y'",
            "'import' and 'export' may appear only with 'sourceType: module'",
            2,
            1,
        ),
    ],
)
def test_a_syntax_error_is_told_with_its_place(code: str, message: str, line: int, column: int) -> None:
    assert facts(code) == CodeFacts(error=SyntaxProblem(message, line, column))


@pytest.mark.parametrize(
    "code",
    [
        "module.exports = require('./x')",
        "module.exports = { ...others }",
        "exports[name] = 1",
        "__exportStar(require('x'), exports)",
        "(function (e) { e.onA = 1 })(exports)",
    ],
)
def test_exports_that_cannot_be_followed_are_not_guessed(code: str) -> None:
    assert facts(code).handlers is None


@pytest.mark.parametrize(
    ("code", "required"),
    [
        (
            'const a = require("actions:one");\nrequire("two/lib"); require("actions:one")',
            [("actions:one", 1, 19), ("two/lib", 2, 9), ("actions:one", 2, 29)],
        ),
        ("exports.onA = () => require('late').x; import(`later`)", [("late", 1, 29), ("later", 1, 47)]),
        ("// require('comment')\nconst s = \"require('text')\"; require('axios')", [("axios", 2, 38)]),
        ("other.require('other'); require(); ((require) => require('shadowed'))(other)", []),
    ],
)
def test_what_is_required_is_found_with_its_places(code: str, required: list[tuple[str, int, int]]) -> None:
    assert [(one.name, one.at.line, one.at.column) for one in facts(code).requires] == required


def test_code_that_is_nested_too_deeply_is_the_problem_of_its_own_file() -> None:
    deep = {"brackets": "[" * 20_000 + "]" * 20_000, "sum": "1" + "+1" * 20_000, "blocks": "{" * 3_000 + "}" * 3_000}
    found = asyncio.run(read_code_facts(node_executable(), {**deep, "flat": "exports.onA = 1"}))
    assert found["brackets"].error and found["sum"].error
    assert found["flat"].handlers == {"onA": Place(1, 9)}


def test_many_sources_are_read_at_once_and_none_needs_no_node(tmp_path: Path) -> None:
    sources = {f"{number}.js": f"exports.on{number} = 1" for number in range(100)}
    found = asyncio.run(read_code_facts(node_executable(), sources))
    assert [list(found[f"{number}.js"].handlers or ()) for number in range(100)] == [
        [f"on{number}"] for number in range(100)
    ]
    assert asyncio.run(read_code_facts(tmp_path / "none", {})) == {}


def test_a_node_that_cannot_be_started_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(RuntimeProblem, match="Node does not start"):
        asyncio.run(read_code_facts(tmp_path / "none", {"a": ""}))
