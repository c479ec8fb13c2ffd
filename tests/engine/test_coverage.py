"""Lines and branches are those that Node itself counts from the same ranges."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine.coverage import file_coverage, percent, shortfalls
from reconciler.model.coverage import FileCoverage, Thresholds
from reconciler.npm import node_executable
from reconciler.report.coverage import lcov_text

CODE = """\
// what it does
const { strict } = require('node:assert');

/* a comment
   of two lines */
const tables = new Map([["a", 1]]); /* and one behind code */

exports.known = (event, api) => {
  if (!event.user) {
    api.deny("no user 🙈");
    return;
  }
  const level = event.user.level > 2 ? "high" : "low";
  for (const role of event.roles ?? []) {
    if (role === "admin") api.claim("admin", true); else api.claim(role);
  }
  try {
    JSON.parse(event.text);
  } catch (error) {

    // it was none
    api.log(`not
      JSON // is no comment`);
  }
  const later = () => {
    return level;
  };
  switch (level) {
    case "high":
      return later();
    default:
      return 0;
  }
};

exports.never = async () => {
  const inner = () => 1;
  return inner();
};

class Box {
  static { tables.set("b", 2); }
  open(key) { return key && tables.get(key); }
}
exports.box = new Box();
"""
CALLS = """
const { test } = require('node:test');
const { known, box } = require('./code.js');
const api = { deny() {}, claim() {}, log() {} };
test('runs', () => { %s });
"""
PATHS = {
    "nothing": "",
    "no user": "known({}, api)",
    "high": "known({user: {level: 3}, roles: ['admin'], text: '1'}, api)",
    "low, no JSON": "known({user: {level: 1}, roles: ['x', 'y'], text: '{'}, api)",
    "all": "known({}, api); known({user: {level: 3}, text: '1'}, api); known({user: {}, roles: ['admin', 'b']}, api); "
    "box.open('a'); box.open('')",
}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_lines_and_branches_are_those_that_node_counts(tmp_path: Path, path: str, line_end: str) -> None:
    code = CODE.replace("\n", line_end)
    (tmp_path / "code.js").write_bytes(code.encode())
    (tmp_path / "run.test.js").write_text(CALLS % PATHS[path], encoding="utf-8")
    flags = ["--test", "--experimental-test-coverage", "--test-reporter=lcov"]
    command = [str(node_executable()), *flags, "run.test.js"]
    environ = {"PATH": os.environ["PATH"], "NODE_V8_COVERAGE": str(tmp_path / "raw")}
    told = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=True).stdout
    ours = lcov_text([file_coverage("a", "code.js", code, raw_ranges(tmp_path))], "").splitlines()
    theirs = record(told, "code.js")
    coded = {line for line in ours if line.startswith("DA:")}
    assert coded <= {line for line in theirs if line.startswith("DA:")}
    assert figures(ours) == figures(theirs)


def raw_ranges(folder: Path) -> list[list[tuple[int, int, int]]]:
    """What V8 told Node of code.js."""
    for file in (folder / "raw").iterdir():
        for script in json.loads(file.read_text())["result"]:
            if script["url"].endswith("/code.js"):
                return [
                    [(each["startOffset"], each["endOffset"], each["count"]) for each in function["ranges"]]
                    for function in script["functions"]
                ]
    raise AssertionError("V8 did not load the code")


def record(told: str, file: str) -> list[str]:
    """The lines of one file in a tracefile."""
    found = next(each for each in told.split("end_of_record") if f"SF:{file}\n" in each)
    return found.strip().splitlines()


def figures(lines: list[str]) -> dict[str, object]:
    """Branches one by one, in any order, and their figures."""
    branches = sorted(line.split(",")[0] + "," + line.split(",")[3] for line in lines if line.startswith("BRDA:"))
    return {"branches": branches, "counts": [line for line in lines if line.startswith(("BRF", "BRH"))]}


def test_blank_lines_and_comments_are_not_counted() -> None:
    found = file_coverage("a", "code.js", CODE, [[(0, len(CODE.encode("utf-16-le")) // 2, 1)]])
    counted = {number for number, _ in found.lines}
    lines = dict(enumerate(CODE.splitlines(), start=1))
    left_out = {lines[number].strip() for number in lines.keys() - counted}
    assert left_out == {"", "// what it does", "/* a comment", "of two lines */", "// it was none"}


def test_code_that_was_never_loaded_has_nothing_that_ran() -> None:
    found = file_coverage("a", "code.js", "one();\n\ntwo();\n", [])
    assert found.lines == ((1, 0), (3, 0)) and found.branches_hit == 0 and len(found.branches) == 1
    assert found.uncovered == ((1, 3),)


def test_a_share_is_cut_and_not_rounded() -> None:
    assert percent(1999, 2000) == "99.9"
    assert percent(7, 8) == "87.5"
    assert percent(0, 0) == "100"


def test_less_than_is_asked_is_named_where_all_cases_ran() -> None:
    half = FileCoverage(owner="half", file="x", lines=((1, 1), (2, 0)))
    assert shortfalls([half], Thresholds(lines=50)) == ()
    assert shortfalls([half], Thresholds(lines=50.1, branches=100)) == (
        "half: 50 % of its lines ran, 50.1 % are asked.",
    )
    assert shortfalls([half.model_copy(update={"whole": False})], Thresholds(lines=100)) == ()


@given(st.text(alphabet="a \n\r'\"`/*\\🙈{}", max_size=60), st.lists(st.integers(0, 70), max_size=8))
def test_any_text_and_any_ranges_have_a_result(code: str, edges: list[int]) -> None:
    ranges = [(min(pair), max(pair), 1) for pair in zip(edges[::2], edges[1::2], strict=False)]
    found = file_coverage("a", "x", code, [ranges] if ranges else [])
    assert len(found.lines) <= code.count("\n") + 1
    assert 0 <= found.lines_hit <= len(found.lines)
