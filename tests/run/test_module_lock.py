"""What `latest` means stands in reconciler.lock, and is seen there to change."""

from __future__ import annotations

import json

import pytest

from tests.run.conftest import Home


@pytest.fixture
def shared(home: Home) -> Home:
    """A repository with a module that both actions use, one of them at a version."""
    home.write("modules/helper/module.yaml", "name: helper\n")
    home.write("modules/helper/code.js", "exports.one = 1;\n")
    home.change("actions/greet/action.yaml", "secrets:", "modules: {helper: latest}\nsecrets:")
    home.change("actions/guard/action.yaml", "post-login\n", "post-login\nmodules: {helper: 1}\n")
    assert home.reconciler("lock") == 0
    home.commit("with a module")
    return home


def locked(home: Home) -> dict[str, dict[str, str]]:
    uses: dict[str, dict[str, str]] = json.loads((home.folder / "reconciler.lock").read_text())["uses"]
    return uses


def test_the_lock_names_the_digest_for_each_action_that_uses_the_latest(shared: Home) -> None:
    assert locked(shared).keys() == {"greet"}
    assert locked(shared)["greet"]["helper"].startswith("sha256:")
    assert shared.reconciler("validate") == 0


def test_a_changed_module_is_told_until_the_lock_is_written_anew(
    shared: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    before = locked(shared)["greet"]["helper"]
    shared.write("modules/helper/code.js", "exports.one = 2;\n")
    assert shared.reconciler("validate") == 1
    told = "reconciler.lock is out of date: module 'helper' changed since it was written for 'greet'."
    assert f"actions/greet/action.yaml:3:11: {told} Run `reconciler lock`." in capsys.readouterr().err
    assert shared.reconciler("lock", "--check") == 1
    assert shared.reconciler("plan") == 1
    capsys.readouterr()
    assert shared.reconciler("lock") == 0
    after = locked(shared)["greet"]["helper"]
    assert capsys.readouterr().out == (
        f"greet: modules/helper {before[:19]} -> {after[:19]}\nreconciler.lock is written.\n"
    )
    assert shared.reconciler("validate") == 0


def test_cases_run_with_a_changed_module_before_the_lock_is_written_anew(
    shared: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    shared.change("actions/greet/code.js", "console.log(", "console.log(require('actions:helper').one, ")
    shared.change("actions/greet/cases.yaml", "expect: {", "expect: {console: ['2 info'], ")
    assert shared.reconciler("test") == 4
    shared.write("modules/helper/code.js", "exports.one = 2;\n")
    assert shared.reconciler("test") == 0
    capsys.readouterr()
    assert shared.reconciler("plan") == 1
    assert "reconciler.lock is out of date" in capsys.readouterr().err


def test_other_line_ends_are_no_change(shared: Home) -> None:
    before = (shared.folder / "reconciler.lock").read_bytes()
    (shared.folder / "modules/helper/code.js").write_bytes(b"exports.one = 1;\r\n\r\n")
    assert shared.reconciler("validate") == 0
    assert shared.reconciler("lock") == 0
    assert (shared.folder / "reconciler.lock").read_bytes() == before


def test_a_use_that_is_gone_leaves_the_lock(shared: Home, capsys: pytest.CaptureFixture[str]) -> None:
    shared.change("actions/greet/action.yaml", "modules: {helper: latest}\n", "")
    assert shared.reconciler("validate") == 1
    assert "module 'helper' is left over: 'greet' does not use it as latest" in capsys.readouterr().err
    assert shared.reconciler("lock") == 0
    assert "-> removed" in capsys.readouterr().out
    assert "uses" not in json.loads((shared.folder / "reconciler.lock").read_text())
    assert shared.reconciler("validate") == 0


@pytest.mark.registry
def test_the_packages_of_a_module_are_locked_and_run(shared: Home, capsys: pytest.CaptureFixture[str]) -> None:
    shared.write("modules/helper/module.yaml", "name: helper\ndependencies: {is-odd: ^3.0.0}\n")
    shared.write("modules/helper/code.js", "exports.odd = require('is-odd');\n")
    shared.change("actions/greet/code.js", "console.log", "console.log(require('actions:helper').odd(3));console.log")
    shared.change("actions/greet/cases.yaml", "expect: {", "expect: {console: ['true'], ")
    assert shared.reconciler("validate") == 1
    assert "modules/helper/module.yaml:2:16: 'is-odd' is not in reconciler.lock." in capsys.readouterr().err
    assert shared.reconciler("lock") == 0
    assert "modules/helper: is-odd 3." in capsys.readouterr().out
    shared.commit("with a package")
    assert shared.reconciler("test", "greet") == 0
    assert shared.reconciler("invoke", "greet") == 0
    assert shared.reconciler("apply", "--yes") == 0
    assert shared.reconciler("plan", "--detailed-exitcode") == 0
