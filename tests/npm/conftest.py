"""npm with registries that can be relied on."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.npm import Npm, node_executable
from tests.npm.registry import Registry, serving


@pytest.fixture
def registry() -> Iterator[Registry]:
    """A registry on loopback, empty."""
    with serving() as registry:
        yield registry


@pytest.fixture
def near(registry: Registry, tmp_path: Path) -> Npm:
    """npm that asks the registry on loopback."""
    return Npm(node=node_executable(), store=tmp_path / "packages", environ=registry.environ(tmp_path))


@pytest.fixture
def npm(tmp_path: Path) -> Npm:
    """npm with the environment of the tests and a store of its own."""
    return Npm(node=node_executable(), store=tmp_path / "packages", environ=dict(os.environ))


@pytest.fixture
def cut_off(tmp_path: Path, unreachable: str) -> Npm:
    """npm whose registry is a port that nobody listens on, with the store of the others."""
    environ = {
        **os.environ,
        "npm_config_registry": unreachable,
        "npm_config_fetch_retries": "0",
        "npm_config_cache": str(tmp_path / "cache"),
    }
    return Npm(node=node_executable(), store=tmp_path / "packages", environ=environ)


@pytest.fixture
def unreachable() -> Iterator[str]:
    """The address of a registry where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}/"


def sets(npm: Npm) -> list[str]:
    """The names of the folders of sets that a store holds, without what is found by versions."""
    if not npm.store.exists():
        return []
    return sorted(each.name for each in npm.store.iterdir() if each.name != "contents" and not each.is_symlink())
