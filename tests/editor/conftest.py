"""Repositories for editors, and the compilers that judge what is written for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.editor.typescript import CLASSIC, NATIVE, TypeScript, installed
from tests.run.conftest import Home
from tests.run.conftest import home as home
from tests.run.conftest import template as template


@pytest.fixture(scope="session")
def cache(pytestconfig: pytest.Config) -> Path:
    """Where compilers are kept from one run of the tests to the next."""
    return pytestconfig.cache.mkdir("typescript")  # type: ignore[union-attr]


@pytest.fixture(scope="session", params=[CLASSIC, NATIVE])
def typescript(request: pytest.FixtureRequest, cache: Path) -> TypeScript:
    """Each of the compilers that people have."""
    return installed(request.param, cache)


@pytest.fixture(scope="session")
def classic(cache: Path) -> TypeScript:
    """The one with tsserver."""
    return installed(CLASSIC, cache)


@pytest.fixture
def plain(tmp_path: Path) -> Home:
    """A repository with nothing in it but its name."""
    home = Home(tmp_path / "home")
    home.write("reconciler.yaml", "name: acme\n")
    home.write("tenants/local.yaml", "type: local\n")
    home.git("init", "-q", "-b", "main")
    return home
