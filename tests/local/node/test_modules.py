"""Modules that an action requires as `actions:NAME`."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.local.node.job import JobModule
from reconciler.model.execution import Execution
from tests.local.actions import action, all_ran, job, ran, thrown
from tests.local.node.test_isolation import package

GREETER = JobModule(
    name="greeter",
    code="let n = 0;\nexports.greet = (name) => `hello ${name} ${++n} ${actions.secrets.KEY}`;\n",
    secrets={"KEY": "ours"},
)


def required(body: str, *modules: JobModule, **changes: object) -> Execution:
    return ran(body, modules=modules, **changes)


def test_a_module_gives_what_it_exports_and_keeps_its_state_in_one_run() -> None:
    body = "const name = 'actions:greeter'; for (const who of ['a', 'b']) console.log(require(name).greet(who));"
    assert required(body, GREETER).console == ("hello a 1 ours", "hello b 2 ours")


def test_a_module_is_evaluated_once_per_version_and_anew_for_a_fresh_run() -> None:
    body = "console.log(require('actions:greeter').greet('a'))"
    warm = job(body, modules=(GREETER,), domain="a")
    fresh = job(body, modules=(GREETER,), domain="a", fresh=True)
    other = job(body, modules=(GREETER,), key="other")
    consoles = [execution.console[0] for execution in all_ran(warm, warm, fresh, warm, other)]
    assert consoles == [f"hello a {n} ours" for n in (1, 2, 1, 3, 1)]


def test_each_module_sees_its_own_secrets_and_nobody_else_does() -> None:
    spy = JobModule(name="spy", code="exports.seen = () => JSON.stringify(actions);", secrets={"OTHER": "mine"})
    body = (
        "require('actions:greeter'); console.log(require('actions:spy').seen());"
        "console.log(typeof actions, typeof globalThis.actions, JSON.stringify(event.secrets));"
    )
    told = required(body, GREETER, spy, secrets={"OWN": "own"}).console
    assert told == ('{"secrets":{"OTHER":"mine"}}', 'undefined undefined {"OWN":"own"}')


def test_the_secrets_of_a_module_cannot_be_changed() -> None:
    careless = JobModule(name="careless", code="'use strict'; actions.secrets.KEY = 'x';", secrets={"KEY": "ours"})
    error = thrown(required("require('actions:careless')", careless))
    assert (error.name, error.message.partition(" 'KEY'")[0]) == ("TypeError", "Cannot assign to read only property")


def test_the_secrets_of_modules_are_taken_out_of_what_is_told() -> None:
    module = JobModule(name="leaky", code="console.log(actions.secrets.KEY)", secrets={"KEY": "hush-hush-123"})
    assert required("require('actions:leaky')", module).console == ("[secret leaky.KEY]",)


def test_a_module_has_its_own_packages_and_the_modules_of_node(tmp_path: Path) -> None:
    mine = package(tmp_path / "mine", "tool", "module.exports = 'of the module'")
    theirs = package(tmp_path / "theirs", "tool", "module.exports = 'of the action'")
    code = (
        "const path = require('node:path'); exports.tool = require('tool') + path.sep;"
        "exports.late = async () => (await import('tool')).default;"
    )
    body = "const m = require('actions:uses'); console.log(m.tool, require('tool')); console.log(await m.late());"
    told = required(body, JobModule(name="uses", code=code, packages=mine), packages=theirs)
    assert (told.error, told.console) == (None, ("of the module/ of the action", "of the module"))


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            "require('actions:missing')",
            "Cannot find module 'actions:missing': the action does not use a module missing (it uses: greeter, nested)."
            " Name it among the modules of the action.",
        ),
        ("require('greeter')", "Cannot find module 'greeter'; a module is required as 'actions:greeter'."),
        (
            "require('actions:nested')",
            "Cannot find module 'actions:greeter': the module nested cannot require other modules.",
        ),
    ],
)
def test_what_is_no_module_of_the_action_is_told_with_the_way_out(body: str, message: str) -> None:
    nested = JobModule(name="nested", code="require('actions:greeter')")
    error = thrown(required(body, GREETER, nested))
    assert error.message == message
    assert error.line == 2


def test_an_action_without_modules_is_told_that_it_has_none() -> None:
    assert "(it uses: none)" in thrown(ran("require('actions:x')")).message


def test_an_error_in_a_module_names_its_file_and_the_place_in_the_action() -> None:
    broken = JobModule(name="broken", code="exports.fail = () => {\n  throw new Error('no');\n};\n")
    error = thrown(required("\n  require('actions:broken').fail();", broken))
    assert "exports.fail (modules/broken/code.js:2:9)" in error.stack
    assert (error.line, error.column) == (3, 29)


def test_a_module_that_does_not_parse_is_told_with_its_file() -> None:
    error = thrown(required("require('actions:broken')", JobModule(name="broken", code="\nlet a = ;")))
    assert error.name == "SyntaxError"
    assert error.stack.startswith("modules/broken/code.js:2")


def test_a_module_that_failed_is_tried_again() -> None:
    code = "globalThis.tries = (globalThis.tries ?? 0) + 1; if (tries < 2) throw new Error('first'); exports.n = tries;"
    body = "try { require('actions:flaky') } catch {} console.log(require('actions:flaky').n)"
    assert required(body, JobModule(name="flaky", code=code)).console == ("2",)


def test_import_of_a_module_is_refused() -> None:
    error = thrown(required("await import('actions:greeter')", GREETER))
    assert "actions:" in error.message


def test_modules_are_left_alone_by_what_an_action_exports() -> None:
    code = "exports.x = 1;\n" + action("console.log(require('actions:greeter').x)")
    assert required("", GREETER, code=code).console == ("undefined",)
