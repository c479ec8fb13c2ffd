"""Faults of a served tenant, by the commands a user types."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.run.conftest import Home

SERVED = (
    "type: local\nserver: .reconciler/served/tenant.json\nsecrets: secrets/local.sops.yaml\nage_key_file: age-key.txt\n"
)


@contextmanager
def served(home: Home, *options: str, told: str = "") -> Iterator[None]:
    """A tenant being served; `told` is what it has to say on standard error."""
    command = [sys.executable, "-m", "reconciler", "tenant", "serve", "--port", "0"]
    command += ["--data", str(home.folder / ".reconciler/served"), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None and server.stderr is not None
        server.stdout.readline()
        try:
            yield
        finally:
            server.terminate()
        assert server.stderr.read() == told


def test_an_apply_undoes_all_when_a_served_tenant_fails_it_and_succeeds_after(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home.write("tenants/served.yaml", SERVED)
    home.commit("a served tenant")
    faults = tmp_path / "faults.yaml"
    faults.write_text("- {route: PATCH /api/v2/actions/triggers/*/bindings, call: 1, do: 409}\n")
    with served(home, "--faults", str(faults)):
        assert home.reconciler("apply", "--yes", "--tenant", "served") == 1
        assert "Everything was put back." in capsys.readouterr().err
        assert home.reconciler("apply", "--yes", "--tenant", "served") == 0
        assert home.reconciler("plan", "--detailed-exitcode", "--tenant", "served") == 0


def test_faults_that_never_happened_are_told_when_the_server_stops(home: Home, tmp_path: Path) -> None:
    faults = tmp_path / "faults.yaml"
    faults.write_text("- {route: POST /api/v2/actions/actions/*/deplyo, call: 2, do: drop-after}\n")
    never = "warning: This fault never happened: drop-after at POST /api/v2/actions/actions/*/deplyo, call 2.\n"
    with served(home, "--faults", str(faults), told=never):
        pass


def test_a_fault_of_a_method_that_http_does_not_have_is_refused(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    faults = tmp_path / "faults.yaml"
    faults.write_text("- {route: POTS /api/v2/actions/triggers, do: 502}\n")
    assert home.reconciler("tenant", "serve", "--faults", str(faults)) == 1
    assert f"{faults}:1:11: 'route' names no method of HTTP: POTS" in capsys.readouterr().err


def test_a_tenant_is_served_once_at_a_time(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    with served(home):
        again = home.reconciler("tenant", "serve", "--port", "0", "--data", str(home.folder / ".reconciler/served"))
        assert again == 64
        assert "is being served" in capsys.readouterr().err


def test_a_server_that_was_killed_holds_up_no_other(home: Home) -> None:
    with socket.create_server(("127.0.0.1", 0)) as somebody_else:
        url = f"http://127.0.0.1:{somebody_else.getsockname()[1]}"
        home.write(".reconciler/served/tenant.json", json.dumps({"url": url, "ca": None}))
        home.write(".reconciler/served/served.lock", "")
        with served(home):
            assert url not in (home.folder / ".reconciler/served/tenant.json").read_text()


def test_a_wrong_faults_file_is_told_with_its_places(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    faults = tmp_path / "faults.yaml"
    faults.write_text("- {route: deploy, do: 502}\n")
    assert home.reconciler("tenant", "serve", "--faults", str(faults)) == 1
    told = capsys.readouterr().err
    assert f"{faults}:1:11: 'route' must be a method and a path" in told
    assert "error: 1 problem in the faults file." in told
