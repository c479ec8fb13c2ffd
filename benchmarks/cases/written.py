"""The same work, written down for each runner as its users would."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from benchmarks.cases.work import Tested, Work
from reconciler.catalogue.triggers import triggers

HARNESS = """'use strict';
const fs = require('node:fs');
const path = require('node:path');
const samples = JSON.parse(fs.readFileSync(path.join(__dirname, 'samples.json'), 'utf8'));

function merged(under, over) {
  const all = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const deep = value !== null && typeof value === 'object' && !Array.isArray(value);
    all[key] = deep ? merged(all[key] ?? {}, value) : value;
  }
  return all;
}

/** The sample event of a trigger, with the overlay of the test laid over it. */
exports.eventOf = (trigger, overlay) => merged(structuredClone(samples[trigger]), overlay);

/** An api object of mocks, and every call in order. */
exports.mocked = (methods, mock) => {
  const calls = [];
  const api = {};
  for (const method of methods) {
    const [group, name] = method.split('.');
    api[group] ??= {};
    api[group][name] = mock((...args) => void calls.push([method, args]));
  }
  return { api, calls };
};
"""
JEST_CONFIG = """module.exports = { testEnvironment: 'node', transform: {}, testMatch: ['**/*.jest.js'] };
"""


def write_repository(folder: Path, tested: Iterable[Tested]) -> None:
    """A repository as `reconciler test` takes it."""
    _write(folder / "reconciler.yaml", "name: benchmark\n")
    _write(folder / "tenants/local.yaml", "type: local\n")
    for one in tested:
        action = {"name": one.name, "trigger": one.trigger, "runtime": "node22"}
        _write(folder / f"actions/{one.name}/action.yaml", yaml.safe_dump(action, sort_keys=False))
        _write(folder / f"actions/{one.name}/code.js", one.code)
        # Once through JSON, or YAML would write shared lists as aliases, which nobody does by hand.
        cases = json.loads(json.dumps([_case(case) for case in one.cases]))
        _write(folder / f"actions/{one.name}/cases.yaml", yaml.safe_dump(cases, sort_keys=False))


def write_jest(folder: Path, tested: Iterable[Tested]) -> None:
    """Tests for jest, a file for each action, modules reset before each test."""
    _shared(folder)
    _write(folder / "jest.config.js", JEST_CONFIG)
    for one in tested:
        _write(folder / f"actions/{one.name}/code.js", one.code)
        head = "const { eventOf, mocked } = require('../../harness.js');\nbeforeEach(() => jest.resetModules());\n"
        tests = "".join(_jest_test(one, case) for case in one.cases)
        _write(folder / f"actions/{one.name}/code.jest.js", head + tests)


def write_node(folder: Path, tested: Iterable[Tested]) -> None:
    """Tests for `node --test`, all in one file, the code required anew for each."""
    _shared(folder)
    head = (
        "const { test } = require('node:test');\nconst assert = require('node:assert');\n"
        "const { eventOf, mocked } = require('./harness.js');\n"
        "const fresh = (file) => (delete require.cache[require.resolve(file)], require(file));\n"
    )
    tests = []
    for one in tested:
        _write(folder / f"actions/{one.name}/code.js", one.code)
        tests += [_node_test(one, case) for case in one.cases]
    _write(folder / "all.test.js", head + "".join(tests))


def _case(case: Work) -> dict[str, Any]:
    calls = [{"method": method, "args": list(args)} for method, args in case.calls]
    return {"name": case.name, "event": case.event, "expect": {"api": calls}}


def _jest_test(one: Tested, case: Work) -> str:
    return f"""
test({_js(case.name)}, async () => {{
  const {{ {one.handler} }} = require('./code.js');
  const {{ api, calls }} = mocked({_js(one.methods)}, jest.fn);
  await {one.handler}(eventOf({_js(one.trigger)}, {_js(case.event)}), api);
  expect(calls).toEqual({_js(case.calls)});
}});
"""


def _node_test(one: Tested, case: Work) -> str:
    return f"""
test({_js(f"{one.name}: {case.name}")}, async (t) => {{
  const {{ {one.handler} }} = fresh('./actions/{one.name}/code.js');
  const {{ api, calls }} = mocked({_js(one.methods)}, t.mock.fn.bind(t.mock));
  await {one.handler}(eventOf({_js(one.trigger)}, {_js(case.event)}), api);
  assert.deepStrictEqual(calls, {_js(case.calls)});
}});
"""


def _shared(folder: Path) -> None:
    samples = {name: facts.sample_event for name, facts in triggers().items() if facts.documented}
    _write(folder / "samples.json", json.dumps(samples))
    _write(folder / "harness.js", HARNESS)


def _js(value: Any) -> str:
    return json.dumps(value)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
