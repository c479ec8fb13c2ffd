"""Repositories for editors, and the compilers that judge what is written for them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from reconciler.errors import Exit
from reconciler.report.editor.node import VERSIONS
from tests.editor.typescript import CLASSIC, NATIVE, TypeScript, installed
from tests.npm.registry import serving
from tests.run.conftest import Home
from tests.run.conftest import template as template

NODE = '/// <reference path="globals.d.ts" />\n/// <reference path="web-globals/events.d.ts" />\n'


@pytest.fixture(scope="session")
def cache(pytestconfig: pytest.Config) -> Path:
    """Where compilers are kept from one run of the tests to the next."""
    assert pytestconfig.cache
    return pytestconfig.cache.mkdir("typescript")


@pytest.fixture(scope="session", params=[CLASSIC, NATIVE])
def typescript(request: pytest.FixtureRequest, cache: Path) -> TypeScript:
    """Each of the compilers that people have."""
    return installed(request.param, cache)


@pytest.fixture(scope="session")
def classic(cache: Path) -> TypeScript:
    """The one with tsserver."""
    return installed(CLASSIC, cache)


@pytest.fixture(scope="session")
def native(cache: Path) -> TypeScript:
    """The one that speaks the Language Server Protocol itself."""
    return installed(NATIVE, cache)


@pytest.fixture(scope="session")
def store(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of packages that has Node's declarations, or what stands for them here."""
    folder = tmp_path_factory.mktemp("store")
    shutil.copytree(template, folder / "home")
    with serving() as registry, pytest.MonkeyPatch.context() as patched:
        registry.publish("@types/node", VERSIONS[22], files={"index.d.ts": NODE, "globals.d.ts": ""})
        for name, value in registry.environ(folder).items():
            patched.setenv(name, value)
        assert Home(folder / "home").reconciler("types") == Exit.DONE
    return folder / "home" / ".reconciler" / "packages"


@pytest.fixture
def bare(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A copy of the repository, where no registry answers and npm has nothing at hand."""
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm-cache"))
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    shutil.copytree(template, tmp_path / "home", symlinks=True)
    return Home(tmp_path / "home")


@pytest.fixture
def home(bare: Home, store: Path) -> Home:
    """A copy of the repository, with Node's declarations in its store."""
    shutil.copytree(store, bare.folder / ".reconciler" / "packages", symlinks=True)
    return bare


@pytest.fixture(scope="session")
def packages(cache: Path) -> Path:
    """A store of packages that is kept from one run of the tests to the next, and shared by repositories."""
    (cache / "packages").mkdir(exist_ok=True)
    return cache / "packages"


@pytest.fixture
def plain(tmp_path: Path, packages: Path) -> Home:
    """A repository with nothing in it but its name."""
    home = Home(tmp_path / "home")
    (home.folder / ".reconciler").mkdir(parents=True)
    (home.folder / ".reconciler" / "packages").symlink_to(packages)
    home.write("reconciler.yaml", "name: acme\n")
    home.write("tenants/local.yaml", "type: local\n")
    home.git("init", "-q", "-b", "main")
    return home
