"""`reconciler lock --audit`: what the registry knows against what is locked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.npm.registry import Registry, serving
from tests.run.conftest import Home
from tests.run.test_lock_command import depend

INJECTION = {
    "id": 1065,
    "url": "https://github.com/advisories/GHSA-35jh-r3h4-6jhm",
    "title": "Command injection",
    "severity": "high",
    "vulnerable_versions": "<4.17.21",
    "cwe": ["CWE-77"],
    "cvss": {"score": 7.2},
}
SLOW = {**INJECTION, "id": 1, "url": "", "title": "Slow", "severity": "low", "vulnerable_versions": "<=4.17.19"}


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    """A registry with two actions' packages, one of which is known to be bad."""
    with serving() as registry:
        for name, value in registry.environ(tmp_path).items():
            monkeypatch.setenv(name, value)
        for version in ("4.17.19", "4.17.20", "4.17.21"):
            registry.publish("bad", version)
        registry.publish("asks", "1.0.0", dependencies={"bad": "4.17.20"})
        registry.publish("good", "1.0.0")
        yield registry


@pytest.fixture
def locked(home: Home, registry: Registry, capsys: pytest.CaptureFixture[str]) -> Home:
    """A repository that has locked two versions of it, one of them inside another package's folder."""
    depend(home, "guard", asks="^1", good="1.0.0", bad="4.17.21")
    depend(home, "greet", bad="4.17.20")
    assert home.reconciler("lock") == 0
    capsys.readouterr()
    return home


def test_nothing_known_is_said_as_such(locked: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert locked.reconciler("lock", "--audit") == 0
    assert capsys.readouterr().out == "Nothing is known against 4 packages.\n"


def test_a_finding_has_its_place_who_has_it_and_what_helps(
    locked: Home, registry: Registry, capsys: pytest.CaptureFixture[str]
) -> None:
    registry.advisories["bad"] = [INJECTION, SLOW]
    assert locked.reconciler("lock", "--audit") == 1
    first, last = capsys.readouterr().out.splitlines()
    place, _, said = first.partition(": ")
    assert said == "high: bad 4.17.20 (greet, guard): Command injection (GHSA-35jh-r3h4-6jhm). Fixed in 4.17.21."
    file, line, column = place.split(":")
    text = (locked.folder / file).read_text().splitlines()[int(line) - 1]
    assert text[int(column) - 1 :].startswith('"4.17.20"')
    assert last == "1 known vulnerability in 4 packages, 1 of them high or worse and not ignored."


def test_json_has_a_place_for_each_action(locked: Home, registry: Registry, capsys: pytest.CaptureFixture[str]) -> None:
    registry.advisories["bad"] = [INJECTION]
    assert locked.reconciler("lock", "--audit", "--audit-level", "critical", "--format", "json") == 0
    (found,) = json.loads(capsys.readouterr().out)["vulnerabilities"]
    assert (found["severity"], found["range"], found["fixed"]) == ("high", "<4.17.21", "4.17.21")
    assert [(at["owner"], at["path"]) for at in found["places"]] == [
        ("greet", "node_modules/bad"),
        ("guard", "node_modules/asks/node_modules/bad"),
    ]
    assert len({at["line"] for at in found["places"]}) == 2


@pytest.mark.parametrize(("level", "ends"), [("low", 1), ("moderate", 1), ("high", 1), ("critical", 0)])
def test_the_level_decides_how_it_ends(locked: Home, registry: Registry, level: str, ends: int) -> None:
    registry.advisories["bad"] = [INJECTION]
    assert locked.reconciler("lock", "--audit", "--audit-level", level) == ends


def test_a_registry_that_does_not_say_is_an_error_and_never_nothing(
    locked: Home, registry: Registry, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    registry.audits = False
    assert locked.reconciler("lock", "--audit") == 1
    assert "The npm registry tells no advisories: it answered 405 when asked for them." in capsys.readouterr().err
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:1/")
    assert locked.reconciler("lock", "--audit") == 1
    told = capsys.readouterr()
    assert "The npm registry cannot be reached for what is known against packages." in told.err and not told.out


def test_a_repository_may_want_every_check_of_the_lock_to_ask(
    locked: Home, registry: Registry, capsys: pytest.CaptureFixture[str]
) -> None:
    registry.advisories["bad"] = [INJECTION]
    assert locked.reconciler("lock", "--check") == 0
    locked.write("reconciler.yaml", "name: acme\naudit: critical\n")
    assert locked.reconciler("lock", "--check") == 0
    locked.write("reconciler.yaml", "name: acme\naudit: high\n")
    assert locked.reconciler("lock", "--check") == 1
    known = "{level: high, ignore: {GHSA-35jh-r3h4-6jhm: only our own text goes in, GHSA-gone: it was so}}"
    locked.write("reconciler.yaml", f"name: acme\naudit: {known}\n")
    capsys.readouterr()
    assert locked.reconciler("lock", "--check") == 0
    told = capsys.readouterr().out
    assert "Ignored: only our own text goes in" in told
    assert "reconciler.yaml ignores GHSA-gone, which nothing that is locked has: take it out." in told


def test_a_wish_that_cannot_be_read_is_not_taken_for_none(locked: Home, capsys: pytest.CaptureFixture[str]) -> None:
    locked.write("reconciler.yaml", "name: acme\naudit: severe\n")
    for option in ("--check", "--audit"):
        assert locked.reconciler("lock", option) == 1
        assert "reconciler.yaml:2:8: 'audit' must be" in capsys.readouterr().err


def test_options_that_make_no_sense_together_are_refused(locked: Home) -> None:
    assert locked.reconciler("lock", "--audit", "--upgrade") == 64
    assert locked.reconciler("lock", "--audit-level", "low") == 64


def test_where_nothing_is_locked_nobody_is_asked(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert home.reconciler("lock", "--audit") == 0
    assert capsys.readouterr().out == "Nothing is known against 0 packages.\n"
