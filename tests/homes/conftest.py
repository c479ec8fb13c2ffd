"""A user's repository for each test, as in tests/run."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.run.conftest import Home, made_repository


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository with its secrets made once."""
    return made_repository(tmp_path_factory.mktemp("template")).folder


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Home:
    """A copy of the repository for one test."""
    shutil.copytree(template, tmp_path / "home", symlinks=True)
    return Home(tmp_path / "home")
