"""The store: what it holds is what npm would install, once."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
from pathlib import Path

import pytest
from pydantic import ValidationError

from reconciler.errors import PackageError
from reconciler.model.lock import LockedPackage, LockedSet
from reconciler.npm import Npm, node_executable, npm_script
from tests.npm.conftest import sets
from tests.npm.registry import Registry


def publish_a_web(registry: Registry) -> None:
    """Packages with nested versions, scopes, aliases and bundled dependencies."""
    registry.publish("ms", "1.0.0", license="MIT")
    registry.publish("ms", "2.0.0", license="MIT", files={"lib/a/b.js": "b", "readme.md": "# ms\n"})
    registry.publish("@scope/old", "1.0.0", dependencies={"ms": "1"})
    bundled = {
        "node_modules/inner/package.json": '{"name": "inner", "version": "9.0.0"}',
        "node_modules/inner/i.js": "i",
    }
    registry.publish("inner", "9.0.0")
    registry.publish(
        "bundles", "1.0.0", dependencies={"inner": "9", "ms": "1"}, bundleDependencies=["inner"], files=bundled
    )
    registry.publish(
        "asks", "1.0.0", dependencies={"ms": "2", "ms-then": "npm:ms@1", "@scope/old": "1", "bundles": "1"}
    )


def tree(folder: Path) -> dict[str, bytes | None]:
    """Every path below node_modules with its content, but for npm's own note of what it did there."""
    found = sorted((folder / "node_modules").rglob("*"))
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in found
        if path.name != ".package-lock.json"
    }


def test_a_set_is_to_the_byte_what_npm_installs(near: Npm, registry: Registry, tmp_path: Path) -> None:
    publish_a_web(registry)
    locked = asyncio.run(near.resolve({"asks": "^1.0.0", "ms": "2.0.0"}))
    folder = asyncio.run(near.install_locked(locked))
    alone = tmp_path / "alone"
    alone.mkdir()
    for name in ("package.json", "package-lock.json"):
        (alone / name).write_bytes((folder / name).read_bytes())
    command = [str(node_executable()), str(npm_script()), "ci", "--ignore-scripts", "--no-bin-links", "--no-audit"]
    subprocess.run(command, cwd=alone, env=registry.environ(tmp_path), check=True, capture_output=True)
    assert tree(folder) == tree(alone)
    assert (folder / "node_modules/bundles/node_modules/inner/i.js").read_text() == "i"
    assert json.loads((folder / "node_modules/ms-then/package.json").read_text())["version"] == "1.0.0"


def test_an_alias_that_a_package_needs_is_locked_with_the_name_of_the_registry(near: Npm, registry: Registry) -> None:
    publish_a_web(registry)
    packages = {each.path: each for each in asyncio.run(near.resolve({"asks": "1"})).packages}
    assert packages["node_modules/ms-then"].name == "ms" and packages["node_modules/ms"].name == ""
    assert packages["node_modules/ms"].license == "MIT" and packages["node_modules/asks"].license == ""


def test_a_package_is_on_disk_once_for_all_sets_and_read_only(near: Npm, registry: Registry) -> None:
    publish_a_web(registry)
    one, other = (asyncio.run(near.resolve(ranges)) for ranges in ({"asks": "1"}, {"ms": "2", "@scope/old": "1"}))
    folders = asyncio.run(near.install_all((one, other)))
    files = [folder / "node_modules/ms/readme.md" for folder in folders]
    assert files[0].stat().st_ino == files[1].stat().st_ino and folders[0] != folders[1]
    assert files[0].stat().st_mode & 0o222 == 0


def test_a_set_whose_packages_are_all_there_needs_no_npm(near: Npm, cut_off: Npm, registry: Registry) -> None:
    publish_a_web(registry)
    asyncio.run(near.install({"asks": "1.0.0"}))
    part = asyncio.run(near.resolve({"ms": "2.0.0"}))
    registry.requests.clear()
    folder = asyncio.run(cut_off.install_locked(part))
    assert tree(folder).keys() >= {"node_modules/ms/index.js"}
    assert asyncio.run(cut_off.install({"ms": "2.0.0"})) == folder
    assert registry.requests == []


def test_versions_are_installed_as_the_newest_lock_with_them_has_them(near: Npm, registry: Registry) -> None:
    registry.publish("deep", "1.0.0")
    registry.publish("asks", "1.0.0", dependencies={"deep": "1"})
    first = asyncio.run(near.install({"asks": "1.0.0"}))
    registry.publish("deep", "1.1.0")
    assert asyncio.run(near.install({"asks": "1.0.0"})) == first
    locked = LockedSet(
        ranges={"asks": "1"},
        versions={"asks": "1.0.0"},
        packages=(
            _locked(registry, "asks", "1.0.0"),
            _locked(registry, "deep", "1.1.0"),
        ),
    )
    second = asyncio.run(near.install_locked(locked))
    assert second != first and asyncio.run(near.install({"asks": "1.0.0"})) == second


def test_the_hash_of_another_package_is_refused_also_where_that_one_is_in_the_store(
    near: Npm, registry: Registry
) -> None:
    hash_of_evil = registry.publish("evil", "1.0.0", files={"evil.js": "!"})
    registry.publish("good", "1.0.0")
    asyncio.run(near.install({"evil": "1.0.0"}))
    forged = LockedPackage(path="node_modules/good", version="1.0.0", integrity=hash_of_evil)
    with pytest.raises(PackageError, match=r"The package good 1\.0\.0 is not what reconciler\.lock holds"):
        asyncio.run(near.install_locked(LockedSet(versions={"good": "1.0.0"}, packages=(forged,))))
    assert len(sets(near)) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"path": "node_modules/../../outside"},
        {"path": "/etc"},
        {"path": "node_modules/.bin"},
        {"path": "node_modules/a/../b"},
        {"version": "file:../secrets"},
        {"version": "git+https://host/x"},
        {"integrity": ""},
        {"integrity": "md5-aaaa"},
        {"name": "../x"},
    ],
    ids=str,
)
def test_a_lock_cannot_say_where_else_to_take_from_or_to_put(change: dict[str, str]) -> None:
    said = {"path": "node_modules/a", "version": "1.0.0", "integrity": "sha512-AAAA", **change}
    with pytest.raises(ValidationError):
        LockedPackage.model_validate(said)


def test_metadata_at_hand_does_unless_it_does_not_know_what_is_asked(near: Npm, registry: Registry) -> None:
    registry.publish("ms", "1.0.0")
    asyncio.run(near.resolve({"ms": "1.0.0"}))
    registry.requests.clear()
    assert asyncio.run(near.resolve({"ms": "1.0.0"})).versions == {"ms": "1.0.0"}
    assert registry.requests == []
    registry.publish("ms", "1.0.1")
    assert asyncio.run(near.resolve({"ms": "1.0.1"})).versions == {"ms": "1.0.1"}


def test_where_links_are_refused_files_are_copied(
    near: Npm, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*args: object, **options: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    registry.publish("ms", "1.0.0")
    monkeypatch.setattr(os, "link", refused)
    folder = asyncio.run(near.install({"ms": "1.0.0"}))
    assert (folder / "node_modules/ms/index.js").stat().st_nlink == 1


def _locked(registry: Registry, name: str, version: str) -> LockedPackage:
    integrity = registry.packages[name]["versions"][version]["dist"]["integrity"]
    return LockedPackage(path=f"node_modules/{name}", version=version, integrity=integrity)
