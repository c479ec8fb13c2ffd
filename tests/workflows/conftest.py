"""What the tests of workflows share: the evaluator, an installed tool, Acme's repository."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.github.standin import serving
from tests.workflows.documents import ROOT
from tests.workflows.evaluator import Evaluator, evaluating
from tests.workflows.machine import Machine
from tests.workflows.scene import Scene

DEMO_KEY = ROOT / "example-repo" / "demo-only-age-key.txt"


@pytest.fixture(scope="session")
def evaluator() -> Iterator[Evaluator]:
    """GitHub's evaluator, started once."""
    with evaluating() as started:
        yield started


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What install.sh leaves, without the minute that it takes: an environment that reads this one's packages."""
    folder = tmp_path_factory.mktemp("installed") / "reconciler"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    purelib = next((folder / "lib").glob("python*")) / "site-packages"
    (purelib / "this.pth").write_text(f"{sysconfig.get_path('purelib')}\n{ROOT}\n", encoding="utf-8")
    script = folder / "bin" / "reconciler"
    script.write_text(f"#!{folder}/bin/python\nimport sys\nfrom reconciler.cli import main\nsys.exit(main())\n")
    script.chmod(0o755)
    (folder / "path").mkdir()
    (folder / "path" / "reconciler").symlink_to("../bin/reconciler")
    (folder / "installed").write_text(f"{ROOT}\n")
    return folder


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory, evaluator: Evaluator, installed: Path) -> Iterator[Scene]:
    """Acme's repository on a GitHub of its own, for one file of tests that follow each other."""
    folder = tmp_path_factory.mktemp("acme")
    key = next(line for line in DEMO_KEY.read_text().splitlines() if line.startswith("AGE-SECRET-KEY"))
    with serving() as github:
        made = Scene(Machine(evaluator, github, folder / "remote.git", folder, installed), key)
        made.begin()
        yield made
