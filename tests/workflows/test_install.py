"""How the action installs the tool."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.workflows.documents import ACTION, ROOT
from tests.workflows.machine import REGISTRIES

SCRIPT = ACTION.parent / "install.sh"
NEEDED = ("bash", "dirname", "cat", "mkdir", "ln")


def install(folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Runs it with the runner's folders below `folder`."""
    (folder / "temp").mkdir(parents=True, exist_ok=True)
    files = {name: str(folder / name.lower()) for name in ("GITHUB_PATH", "GITHUB_OUTPUT")}
    given = {"PATH": os.environ["PATH"], "RUNNER_TEMP": str(folder / "temp"), **files, **environ}
    command = [str(shutil.which("bash")), "-euo", "pipefail", str(SCRIPT)]
    return subprocess.run(command, env=given, capture_output=True, text=True, check=False)


def tools(folder: Path, scripts: Mapping[str, str]) -> str:
    """A PATH with nothing on it but what every runner has, and these scripts."""
    folder.mkdir()
    for name in NEEDED:
        (folder / name).symlink_to(str(shutil.which(name)))
    for name, text in scripts.items():
        (folder / name).write_text(f"#!/bin/bash\n{text}\n")
        (folder / name).chmod(0o755)
    return str(folder)


@pytest.mark.parametrize("pythons", [{}, {"python3": "exit 1", "python": "exit 1"}], ids=["none", "too old"])
def test_without_a_python_that_is_new_enough_it_says_what_to_do(tmp_path: Path, pythons: dict[str, str]) -> None:
    done = install(tmp_path, PATH=tools(tmp_path / "path", pythons))
    assert done.returncode == 1
    assert "::error title=reconcile::No Python 3.11 or newer is on the PATH of this runner." in done.stderr
    assert "actions/setup-python" in done.stderr


def test_a_newer_python_is_found_by_its_own_name(tmp_path: Path) -> None:
    newer = 'case "$*" in *" -c "*) exit 0;; *--version*) echo Python 3.12;; *) echo "used $*" >&2; exit 1;; esac'
    done = install(tmp_path, PATH=tools(tmp_path / "path", {"python3": "exit 1", "python3.12": newer}))
    assert done.returncode == 1 and "used -I -m venv" in done.stderr
    assert "::error title=reconcile::Python cannot make a virtual environment." in done.stdout


def test_the_next_step_of_the_job_finds_what_the_first_one_installed(tmp_path: Path, installed: Path) -> None:
    (tmp_path / "temp").mkdir()
    (tmp_path / "temp" / "reconciler-installed").symlink_to(installed)
    done = install(tmp_path, PATH=tools(tmp_path / "path", {}))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    place = tmp_path / "temp" / "reconciler-installed"
    assert (tmp_path / "github_output").read_text() == f"python={place}/bin/python\n"
    assert (tmp_path / "github_path").read_text() == f"{place}/path\n"


def test_what_another_checkout_installed_or_nobody_finished_is_made_anew(tmp_path: Path) -> None:
    place = tmp_path / "temp" / "reconciler-installed"
    place.mkdir(parents=True)
    said = 'case "$*" in *" -c "*) exit 0;; *--version*) ;; *) echo "used $*" >&2; exit 1;; esac'
    path = tools(tmp_path / "path", {"python3": said})
    assert "used -I -m venv --clear" in install(tmp_path, PATH=path).stderr
    (place / "installed").write_text("/somewhere/else\n")
    assert "used -I -m venv --clear" in install(tmp_path, PATH=path).stderr


@pytest.mark.registry
def test_it_installs_what_is_locked_and_the_tool_from_its_own_checkout(tmp_path: Path) -> None:
    """Takes as long as pip does."""
    registries = {name: value for name, value in os.environ.items() if name.startswith(REGISTRIES)}
    done = install(tmp_path / "a folder", HOME=str(tmp_path), **registries)
    assert done.returncode == 0, done.stdout + done.stderr
    place = tmp_path / "a folder" / "temp" / "reconciler-installed"
    assert [file.name for file in (place / "path").iterdir()] == ["reconciler"]
    environ = {"PATH": f"{place / 'path'}:/usr/bin:/bin", "HOME": str(tmp_path)}
    told = subprocess.run(
        ["reconciler", "validate"], cwd=ROOT / "example-repo", env=environ, capture_output=True, text=True
    )
    assert told.returncode == 0, told.stderr
    checked = subprocess.run([place / "bin" / "python", "-m", "pip", "check"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout
