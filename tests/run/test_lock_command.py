"""`reconciler lock`: what it asks npm, what it writes, and what it tells."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.npm.registry import Registry, serving
from tests.run.conftest import Home


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    """A registry on loopback, which every command of the test asks."""
    with serving() as registry:
        for name, value in registry.environ(tmp_path).items():
            monkeypatch.setenv(name, value)
        yield registry


def depend(home: Home, action: str, **ranges: str) -> None:
    """Lets an action ask for packages."""
    path = f"actions/{action}/action.yaml"
    text = (home.folder / path).read_text(encoding="utf-8").partition("dependencies:")[0]
    home.write(path, f"{text}dependencies: {json.dumps(ranges)}\n")


def locked(home: Home) -> Any:
    """What the lock says."""
    return json.loads((home.folder / "reconciler.lock").read_text(encoding="utf-8"))


def test_a_line_says_version_license_size_and_what_comes_along(
    home: Home, registry: Registry, capsys: pytest.CaptureFixture[str]
) -> None:
    registry.publish("deep", "1.0.0", license="ISC")
    registry.publish("asks", "1.2.0", license="MIT", dependencies={"deep": "^1"}, files={"big.js": "x" * 20_000})
    depend(home, "guard", asks="^1.0.0")
    assert home.reconciler("lock") == 0
    assert capsys.readouterr().out == "guard: asks 1.2.0 (MIT, 20 kB with 1 more)\nreconciler.lock is written.\n"
    assert {each["license"] for each in locked(home)["actions"]["guard"]["packages"]} == {"MIT", "ISC"}
    depend(home, "guard")
    assert home.reconciler("lock") == 0
    assert capsys.readouterr().out == "guard: asks 1.2.0 -> removed\nreconciler.lock is written.\n"


def test_actions_that_ask_the_same_are_resolved_once(home: Home, registry: Registry) -> None:
    registry.publish("one", "1.0.0")
    for action in ("guard", "greet"):
        depend(home, action, one="^1")
    assert home.reconciler("lock") == 0
    assert len([each for each in registry.requests if each == "GET /one"]) <= 2  # to resolve, and to install
    assert locked(home)["actions"].keys() == {"guard", "greet"}


def test_where_nothing_changed_nobody_is_asked(
    home: Home, registry: Registry, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    registry.publish("one", "1.0.0")
    depend(home, "guard", one="^1")
    assert home.reconciler("lock") == 0
    registry.publish("one", "1.1.0")
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:1/")
    monkeypatch.setenv("npm_config_cache", str(home.folder / "not-begun"))
    capsys.readouterr()
    assert home.reconciler("lock") == 0
    assert capsys.readouterr().out == "reconciler.lock is up to date.\n"
    assert not (home.folder / "not-begun").exists(), "npm was started"


def test_another_license_and_an_install_script_are_told_as_warnings(
    home: Home, registry: Registry, capsys: pytest.CaptureFixture[str]
) -> None:
    registry.publish("deep", "1.0.0", license="MIT")
    registry.publish("asks", "1.0.0", license="MIT", dependencies={"deep": "^1"})
    depend(home, "guard", asks="^1.0.0")
    assert home.reconciler("lock") == 0
    registry.publish("sly", "1.0.0", license="MIT", hidden={"scripts": {"postinstall": "node index.js"}})
    registry.publish("deep", "1.1.0", license="GPL-3.0-only", dependencies={"sly": "1"})
    registry.publish("asks", "1.1.0", dependencies={"deep": "^1"})
    capsys.readouterr()
    assert home.reconciler("lock", "--upgrade", "asks") == 0
    told = capsys.readouterr()
    assert told.err.splitlines() == [
        "warning: the license of asks is none that it names now, it was MIT (guard).",
        "warning: the license of deep is GPL-3.0-only now, it was MIT (guard).",
        "warning: sly is new and has an install script: nobody runs it here or on the platform; look at what the "
        "package is for.",
    ]
    assert told.out.startswith("guard: asks 1.0.0 -> 1.1.0 (no license named, ")


def test_json_tells_the_same(home: Home, registry: Registry, capsys: pytest.CaptureFixture[str]) -> None:
    registry.publish("one", "1.0.0", license="MIT")
    depend(home, "guard", one="^1")
    assert home.reconciler("lock", "--format", "json") == 0
    told = json.loads(capsys.readouterr().out)
    change = told["dependencies"][0]
    assert (told["written"], change["owner"], change["after"], change["license"]) == (True, "guard", "1.0.0", "MIT")
    assert change["brought"] == {"size": change["brought"]["size"], "along": 0, "scripts": []}
    assert home.reconciler("lock", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out) == {"written": False, "dependencies": [], "licenses": [], "scripts": []}


def test_every_set_that_npm_cannot_give_is_told_at_once(
    home: Home, registry: Registry, capsys: pytest.CaptureFixture[str]
) -> None:
    depend(home, "guard", nothing="1")
    depend(home, "greet", none="1")
    assert home.reconciler("lock") == 1
    said = capsys.readouterr().err
    assert "The package none does not exist. The package nothing does not exist." in said
    assert not (home.folder / "reconciler.lock").exists()
