"""The same commit and the same tenant give the same bytes, whichever clone and process they are asked in (law 10)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.run.conftest import Home

ASKED = """
import sys
from reconciler.cli import status
for command in ("plan", "drift"):
    for form in ("json", "markdown", "text"):
        status([command, "--format", form, "--repo", sys.argv[1]])
status(["plan", "--tenant", "*", "--format", "json", "--repo", sys.argv[1]])
"""


def said_in(folder: Path, state: Path, seed: str) -> bytes:
    """What a process of its own says; the seed turns the order of every set and of what hangs on hashes."""
    environ = os.environ | {"PYTHONHASHSEED": seed, "RECONCILER_STATE": str(state)}
    command = [sys.executable, "-c", ASKED, str(folder)]
    return subprocess.run(command, env=environ, capture_output=True, check=True).stdout


def test_two_clones_and_two_processes_make_the_same_plan(home: Home) -> None:
    for name in ("alpha", "beta", "gamma"):
        home.write(
            f"actions/{name}/action.yaml", f"name: {name}\ntrigger: post-login\nsecrets: {{A: token, B: token}}\n"
        )
        home.write(f"actions/{name}/code.js", "exports.onExecutePostLogin = async () => {};\n")
    home.write("tenants/other.yaml", (home.folder / "tenants/local.yaml").read_text(encoding="utf-8"))
    home.commit("more to put in an order")
    clone = home.folder.parent / "clone"
    home.git("clone", "-q", str(home.folder), str(clone))
    shutil.copy(home.folder / "age-key.txt", clone)
    state = home.folder.parent / "state"
    first = said_in(home.folder, state, "1")
    assert first == said_in(clone, state, "2")
    assert first.count(b"alpha") > 10
