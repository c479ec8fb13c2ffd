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
for asked in (["plan", "--format", "markdown"], ["plan", "--format", "json", "--tenant", "*"], ["drift"]):
    status([*asked, "--repo", sys.argv[1]])
"""


def asked_in(folder: Path, state: Path, seed: str) -> subprocess.Popen[bytes]:
    """A process of its own; the seed turns the order of every set and of what hangs on hashes."""
    environ = os.environ | {"PYTHONHASHSEED": seed, "RECONCILER_STATE": str(state)}
    return subprocess.Popen([sys.executable, "-c", ASKED, str(folder)], env=environ, stdout=subprocess.PIPE)


def test_two_clones_and_two_processes_make_the_same_plan(home: Home) -> None:
    assert home.reconciler("apply", "--yes") == 0
    for name in ("alpha", "beta", "gamma"):
        about = f"name: {name}\ntrigger: post-login\nsecrets: {{A: token, B: token}}\n"
        home.write(f"actions/{name}/action.yaml", about)
        home.write(f"actions/{name}/code.js", "exports.onExecutePostLogin = async () => {};\n")
    home.write("tenants/other.yaml", (home.folder / "tenants/local.yaml").read_text(encoding="utf-8"))
    home.commit("more to put in an order")
    clone = home.folder.parent / "clone"
    home.git("clone", "-q", str(home.folder), str(clone))
    shutil.copy(home.folder / "age-key.txt", clone)
    state = home.folder / ".reconciler"
    asked = [asked_in(home.folder, state, "1"), asked_in(clone, state, "2")]
    first, second = (each.communicate()[0] for each in asked)
    assert first == second
    assert first.count(b"alpha") > 10
