"""The flow and the snapshot of .github/CASES.md do what the page says: blocks that name a file make a repository."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from reconciler.cli import status

PAGE = Path(__file__).parents[1] / ".github" / "CASES.md"
_FILE = re.compile(r"^```\w+ ((?:actions|flows)/\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SNAPSHOT = "flows/post-login.cases.snapshot.yaml"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The files of the page, and what it takes for granted."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    files = {"reconciler.yaml": "name: acme\n", "tenants/local.yaml": "type: local\n", **_blocks()}
    for path in _blocks():
        if path.endswith("code.js"):
            name = path.split("/")[1]
            files[f"actions/{name}/action.yaml"] = f"name: {name}\ntrigger: post-login\n"
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path


def test_the_flow_of_the_page_passes_as_it_is_recorded_there(repository: Path) -> None:
    assert status(["test", "--repo", str(repository)]) == 0
    (repository / SNAPSHOT).unlink()
    assert status(["test", "--update", "--repo", str(repository)]) == 0
    assert (repository / SNAPSHOT).read_text() == _blocks()[SNAPSHOT]


def _blocks() -> dict[str, str]:
    return dict(_FILE.findall(PAGE.read_text(encoding="utf-8")))
