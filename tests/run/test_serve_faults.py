"""Faults of a served tenant, by the commands a user types."""

from __future__ import annotations

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
def served(home: Home, *options: str) -> Iterator[None]:
    command = [sys.executable, "-m", "reconciler", "tenant", "serve", "--port", "0"]
    command += ["--data", str(home.folder / ".reconciler/served"), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None and server.stderr is not None
        server.stdout.readline()
        try:
            yield
        finally:
            server.terminate()
        assert server.stderr.read() == ""


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


def test_a_wrong_faults_file_is_told_with_its_places(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    faults = tmp_path / "faults.yaml"
    faults.write_text("- {route: deploy, do: 502}\n")
    assert home.reconciler("tenant", "serve", "--faults", str(faults)) == 1
    told = capsys.readouterr().err
    assert f"{faults}:1:11: 'route' must be a method and a path" in told
    assert "error: 1 problem in the faults file." in told
