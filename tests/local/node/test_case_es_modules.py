"""Packages that are ES modules: as Node gives them to require and import, anew in each case, in the same process."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from reconciler.model.execution import Execution
from tests.local.actions import case, cases_ran, ran

MODULE = '{"type": "module", "exports": {".": "./index.js", "./*": "./*"}}'
STATE = "let n = 0; export const next = () => ++n; export default function named() { return n; }"
PACKAGES = {
    "modern": {"package.json": MODULE, "index.js": STATE, "again.js": "export { next } from './index.js';"},
    "whole": {
        "package.json": MODULE,
        "index.js": "const all = { n: 0 }; export { all as 'module.exports' }; export default all;",
    },
    "dual": {
        "package.json": '{"exports": {"module-sync": "./in.mjs", "default": "./index.js"}}',
        "in.mjs": "import all from './index.js'; export default all; export { all as 'module.exports' };",
        "index.js": "exports.n = 0; exports.parse = JSON.parse;",
    },
    "marked": {"package.json": MODULE, "index.js": "export const __esModule = true; export default 7;"},
    "names": {"package.json": MODULE, "index.js": "export const a = 1;"},
    "polluting": {"package.json": MODULE, "index.js": "JSON.parse = () => 'no'; globalThis.leak = 1;"},
    "old": {"index.js": "exports.n = 0; exports.mend = () => { JSON.stringify = () => 'no'; };"},
    "mixed": {"package.json": MODULE, "index.js": "import { n, mend } from 'old'; mend(); export { n };"},
    "data": {
        "package.json": MODULE,
        "index.js": "import v from './v.json' with { type: 'json' }; v.n++; export default v;",
        "v.json": '{"n": 1}',
    },
    "cyclic": {
        "package.json": MODULE,
        "index.js": "import './back.cjs'; export const a = 1;",
        "back.cjs": "try { require('cyclic') } catch (e) { exports.code = e.code; console.log(e.code) }",
    },
    "late": {"package.json": MODULE, "index.js": "await 1; export const a = 1;"},
    "wrong": {"package.json": MODULE, "index.js": "export const a = ;"},
    "throwing": {"package.json": MODULE, "index.js": "\nthrow new Error('at once');"},
    "lacking": {"package.json": MODULE, "index.js": "import { no } from 'names';"},
    "missing": {"package.json": MODULE, "index.js": "import 'nowhere';"},
    "unsaid": {"index.js": "export let n = 0; export const next = () => ++n;"},
    "meta": {"package.json": MODULE, "index.js": "export const dir = import.meta.dirname.slice(-4);"},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("packages")
    for name, files in PACKAGES.items():
        (made / "node_modules" / name).mkdir(parents=True)
        for file, content in files.items():
            (made / "node_modules" / name / file).write_text(content)
    return made


SAME: Mapping[str, str] = {
    "names and the default": "const m = require('modern'); console.log(Object.keys(m).join(), m.__esModule)",
    "a state": "console.log(require('modern').next(), require('modern').next(), (await import('modern')).next())",
    "the same module by another": "console.log(require('modern').next(), require('modern/again.js').next())",
    "what it exports for require": "const m = require('whole'); console.log(m.n++, require('whole') === m)",
    "a package of both kinds": "const m = require('dual'); console.log(m.n++, (await import('dual')).default === m)",
    "one that says that it is one": "console.log(require('marked').default, Object.keys(require('marked')).join())",
    "one without a default": "console.log(Object.keys(require('names')).join(), require('names').__esModule)",
    "one that imports another kind": "console.log((await import('mixed')).n, typeof require('old').mend)",
    "one that imports data": "console.log(require('data').default.n, (await import('data')).default.n)",
    "a cycle": "console.log(require('cyclic').a)",
    "one that waits": "try { require('late') } catch (e) { console.log(e.code, (await import('late')).a) }",
    "one that does not parse": "try { require('wrong') } catch (e) { console.log(e.name, e.message) }",
    "one that throws": "try { require('throwing') } catch (e) { console.log(e.message) } require('throwing')",
    "one that imports what is not there": "try { require('lacking') } catch (e) { console.log(e.name, e.message) }",
    "one that imports nothing": "try { require('missing') } catch (e) { console.log(e.code, e.message) }",
    "one that does not say what it is": "console.log(require('unsaid').next(), require('unsaid').next())",
    "where it lies": "console.log(require('meta').dir)",
    "one that is not there": "try { await import('nowhere') } catch (e) { console.log(e.code, e.message) }",
}


@pytest.mark.parametrize("what", SAME)
def test_an_es_module_is_the_same_in_each_case_and_outside_of_cases(what: str, folder: Path) -> None:
    body = f"{SAME[what]};"
    told = [_told(one) for one in cases_ran(*[case(body, packages=folder)] * 3)]
    assert told == [_told(ran(body, packages=folder))] * 3


def _told(execution: Execution) -> tuple[object, ...]:
    error = execution.error
    return execution.console, error and (error.name, error.message, error.line, error.stack.partition("\n")[0])


@pytest.mark.parametrize("what", ["modern", "dual", "mixed", "data", "polluting"])
@pytest.mark.parametrize("way", ["require({})", "await import({})"])
def test_a_case_that_loads_an_es_module_costs_no_process(way: str, what: str, folder: Path) -> None:
    look = case("console.log(event.pid = process.pid, JSON.parse('1'), JSON.stringify([2]), typeof leak)")
    first, loading, then = cases_ran(look, case(way.format(f"'{what}'"), packages=folder), look)
    assert (loading.error, first.console) == (None, then.console)


def test_es_modules_that_fill_the_memory_end_with_their_process(folder: Path) -> None:
    (folder / "node_modules" / "names" / "big.js").write_text("export const big = 'x'.repeat(4e6).split('');")
    body = "console.log((await import('names/big.js')).big.length)"
    for execution in cases_ran(*[case(body, packages=folder)] * 8):
        assert (execution.error, execution.console) == (None, ("4000000",))
