"""What commands print and leave behind, beside the whole way."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.run.conftest import Home


def test_markdown_shows_code_as_it_is(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.change("actions/greet/code.js", "exports.", "// :smile: [bold]\nexports.")
    assert home.reconciler("plan", "--format", "markdown") == 0
    assert "+// :smile: [bold]" in capsys.readouterr().out


def test_text_shows_code_as_it_is(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.change("actions/greet/code.js", "exports.", "// :smile: [bold]\nexports.")
    assert home.reconciler("plan") == 0
    assert "+// :smile: [bold]" in capsys.readouterr().out


def test_json_is_all_there_is_on_stdout(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    for command in (["plan"], ["apply", "--yes"], ["test"], ["flows"], ["versions", "greet"], ["logs"], ["login"]):
        capsys.readouterr()
        assert home.reconciler(*command, "--format", "json") == 0
        json.loads(capsys.readouterr().out)


def test_cases_need_no_key(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    (home.folder / "age-key.txt").unlink()
    assert home.reconciler("test") == 0
    assert "1 passed, 0 failed" in capsys.readouterr().out
    assert home.reconciler("validate") == 0


def test_secrets_init_keeps_gitignore_whole(home: Home) -> None:
    (home.folder / "age-key.txt").unlink()
    (home.folder / ".sops.yaml").unlink()
    (home.folder / "secrets/local.sops.yaml").unlink()
    home.write(".gitignore", ".reconciler/\n*.log")
    home.change("tenants/local.yaml", "age_key_file: age-key.txt\n", "")
    assert home.reconciler("secrets", "init") == 0
    assert (home.folder / ".gitignore").read_text() == ".reconciler/\n*.log\nage-key.txt\n"


def test_a_default_age_key_is_found(home: Home) -> None:
    home.change("tenants/local.yaml", "age_key_file: age-key.txt\n", "")
    assert home.reconciler("plan") == 0


def test_a_served_tenant_is_applied_to_logged_in_at_and_not_reset(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    home.write("tenants/served.yaml", "type: local\nserver: .reconciler/tenants/local/tenant.json\n")
    home.change("tenants/served.yaml", "type: local\n", "type: local\nsecrets: secrets/local.sops.yaml\n")
    home.commit("a served tenant")
    command = [sys.executable, "-m", "reconciler", "tenant", "serve", "--port", "0", "--repo", str(home.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        server.stdout.readline()
        try:
            assert home.reconciler("apply", "--yes", "--tenant", "served") == 0
            capsys.readouterr()
            assert home.reconciler("login", "--tenant", "served", "--format", "json") == 0
            assert [each["action"] for each in json.loads(capsys.readouterr().out)["executions"]] == ["guard", "greet"]
            assert home.reconciler("tenant", "reset", "--yes") == 64
            assert "being served" in capsys.readouterr().err
        finally:
            server.terminate()
    assert server.returncode == 0
    assert home.reconciler("tenant", "reset", "--yes") == 0
    assert not (home.folder / ".reconciler" / "tenants" / "local" / "tenant.db").exists()


def test_an_apply_says_which_actions_have_no_cases(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert home.reconciler("apply", "--yes") == 0
    told = capsys.readouterr().err
    assert "tested greet 1 case" in told
    assert "tested guard no cases" in told


def test_the_output_of_a_pipe_ends_with_what_ended_it(home: Home) -> None:
    home.change("actions/greet/cases.yaml", "[hello, ada@example.com]", "[hello, nobody]")
    home.commit("a case that fails")
    command = f"{sys.executable} -m reconciler apply --yes --repo {home.folder} 2>&1"
    shown = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False).stdout
    assert shown.index("Plan:") < shown.index("error:")


def test_a_demo_folder_that_is_not_empty_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine").write_text("x")
    command = [sys.executable, "-m", "reconciler", "demo", "--keep", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, [path.name for path in tmp_path.iterdir()]) == (64, ["mine"])


@pytest.mark.registry
def test_a_dependency_that_leaves_the_lock_is_told(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.change("actions/guard/action.yaml", "post-login", "post-login\ndependencies: {is-number: 7.0.0}")
    assert home.reconciler("lock") == 0
    home.change("actions/guard/action.yaml", "\ndependencies: {is-number: 7.0.0}", "")
    capsys.readouterr()
    assert home.reconciler("lock") == 0
    assert capsys.readouterr().out == "guard: is-number 7.0.0 -> removed\nreconciler.lock is written.\n"


@pytest.mark.registry
def test_a_draft_that_does_not_build_is_told_with_its_reason_and_undone(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    home.change("actions/guard/action.yaml", "post-login", "post-login\ndependencies: {is-number: 7.0.0}")
    assert home.reconciler("lock") == 0
    # A version that the registry does not have: the platform would find out only while building.
    home.change("reconciler.lock", "7.0.0", "7.0.99")
    home.change("actions/guard/action.yaml", "7.0.0", "7.0.99")
    home.commit("a version that does not exist")
    assert home.reconciler("apply", "--yes") == 1
    told = capsys.readouterr().err
    assert "The draft of guard failed to build" in told and "is-number" in told
    assert "Everything was put back." in told
    assert home.reconciler("flows", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out) == []
