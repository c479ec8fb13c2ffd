"""`lock --check` and `secrets check` as hooks run them: they change nothing, ask nobody, and say where."""

from __future__ import annotations

import shutil

import pytest

from reconciler.errors import Exit
from tests.run.conftest import Home

Told = pytest.CaptureFixture[str]
CHECKS = (("lock", "--check"), ("secrets", "check"), ("validate",))
DEPENDENCY = 'dependencies: {"@slack/webhook": ^7.0.0}\n'


def run(home: Home, *command: str) -> int:
    name, *rest = command
    return home.reconciler(name, *rest)


@pytest.mark.parametrize("command", CHECKS, ids=" ".join)
def test_a_check_changes_nothing_on_disk(home: Home, command: tuple[str, ...]) -> None:
    shutil.rmtree(home.folder / ".reconciler", ignore_errors=True)
    before = sorted(path for path in home.folder.rglob("*") if ".git" not in path.parts)
    assert run(home, *command) == Exit.DONE
    assert sorted(path for path in home.folder.rglob("*") if ".git" not in path.parts) == before


@pytest.mark.parametrize("command", CHECKS, ids=" ".join)
def test_a_check_asks_no_network(home: Home, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    home.change("actions/greet/action.yaml", "trigger: post-login\n", f"trigger: post-login\n{DEPENDENCY}")
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9")
    assert run(home, *command) == (Exit.DONE if command[0] == "secrets" else Exit.ERROR)


def test_a_dependency_that_is_not_locked_is_told_where_it_stands(home: Home, capsys: Told) -> None:
    home.change("actions/greet/action.yaml", "trigger: post-login\n", f"trigger: post-login\n{DEPENDENCY}")
    assert home.reconciler("lock", "--check") == Exit.ERROR
    assert "actions/greet/action.yaml:3:16: '@slack/webhook' is not in reconciler.lock." in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["actions/greet/action.yaml", "modules/shared/module.yaml"])
def test_a_lock_is_not_called_up_to_date_when_what_asks_for_packages_cannot_be_read(
    home: Home, capsys: Told, kind: str
) -> None:
    home.write(kind, "name: [\n")
    assert home.reconciler("lock", "--check") == Exit.ERROR
    assert f"{kind}:" in capsys.readouterr().err


def test_a_lock_is_not_called_up_to_date_when_the_code_of_a_module_cannot_be_read(home: Home, capsys: Told) -> None:
    home.write("modules/shared/module.yaml", "name: shared\n")
    assert home.reconciler("lock", "--check") == Exit.ERROR
    assert "modules/shared/module.yaml" in capsys.readouterr().err


def test_other_mistakes_of_the_repository_are_none_of_the_lock(home: Home) -> None:
    home.write("flows/post-login.yaml", "trigger: post-login\nbindings: [nobody]\n")
    assert home.reconciler("lock", "--check") == Exit.DONE


def test_a_value_in_clear_is_told_by_its_place_and_never_shown(home: Home, capsys: Told) -> None:
    with (home.folder / "secrets" / "local.sops.yaml").open("a", encoding="utf-8") as file:
        file.write("password: a value in clear\n")
    assert home.reconciler("secrets", "check") == Exit.ERROR
    told = capsys.readouterr()
    assert "secrets/local.sops.yaml:" in told.err
    assert "a value in clear" not in told.out + told.err


def test_a_check_without_a_key_says_the_same(home: Home) -> None:
    (home.folder / "age-key.txt").unlink()
    assert [run(home, *command) for command in CHECKS] == [Exit.DONE] * 3
