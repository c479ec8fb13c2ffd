"""npm: what it resolves and installs, and what is said when it cannot."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from reconciler.errors import PackageError
from reconciler.model.lock import LockedPackage, LockedSet
from reconciler.npm import Npm, node_executable
from tests.local.actions import all_ran, job
from tests.npm.conftest import sets
from tests.npm.registry import Registry

WEBHOOK = {"@slack/webhook": "7.0.2"}
REGISTRY = pytest.mark.registry
NO_HASH = "sha512-" + "A" * 86 + "=="


def refusal(npm: Npm, **ranges: str) -> str:
    """Why these packages are refused."""
    with pytest.raises(PackageError) as caught:
        asyncio.run(npm.resolve(ranges))
    assert "://" not in caught.value.message and "registry." not in caught.value.message
    return caught.value.message


def test_an_unreachable_registry_is_one_clear_sentence(cut_off: Npm) -> None:
    assert refusal(cut_off, axios="^1") == "The npm registry cannot be reached for axios."
    assert refusal(cut_off, axios="1.0.0", zod="1") == "The npm registry cannot be reached for axios, zod."
    with pytest.raises(PackageError, match="cannot be reached for axios"):
        asyncio.run(cut_off.install({"axios": "1.0.0"}))
    assert sets(cut_off) == []


def test_an_installation_that_npm_ends_without_a_word_is_told_as_what_it_is(cut_off: Npm) -> None:
    # npm 10 ends without its report ("Exit handler never called!") where more packages fail than it has connections.
    names = ("one", *(f"more-{number}" for number in range(20)))
    packages = tuple(LockedPackage(path=f"node_modules/{name}", version="1.0.0", integrity=NO_HASH) for name in names)
    locked = LockedSet(ranges={"one": "1"}, versions={"one": "1.0.0"}, packages=packages)
    with pytest.raises(PackageError, match="The npm registry cannot be reached for one"):
        asyncio.run(cut_off.install_locked(locked))


@pytest.mark.parametrize(
    "wanted", ["file:../x", "npm:axios@1", "git+https://host/x", "user/repository", "https://h/x.tgz"]
)
def test_what_does_not_come_from_a_registry_is_refused(cut_off: Npm, wanted: str) -> None:
    assert refusal(cut_off, axios=wanted) == "The package axios is asked for by an address, a path or an alias."


def test_names_and_ranges_that_npm_cannot_read_are_named(cut_off: Npm) -> None:
    assert refusal(cut_off, axios="so so") == 'npm cannot read "axios@so so".'
    assert refusal(cut_off, **{"Bad Name": "1"}) == 'npm cannot read "Bad Name@1".'


def test_nothing_asked_is_nothing_resolved_and_an_empty_folder(cut_off: Npm) -> None:
    assert asyncio.run(cut_off.resolve({})) == LockedSet()
    folder = asyncio.run(cut_off.install({}))
    assert list((folder / "node_modules").iterdir()) == []


def test_a_store_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    npm = Npm(node=node_executable(), store=tmp_path / "file" / "packages", environ={})
    with pytest.raises(PackageError, match="The package store cannot be written: Not a directory"):
        asyncio.run(npm.install({}))


@REGISTRY
def test_a_range_is_resolved_to_exact_versions_with_hashes_and_without_addresses(npm: Npm) -> None:
    locked = asyncio.run(npm.resolve({"@slack/webhook": "~7.0.0", "ms": "2.1.3"}))
    assert locked.ranges == {"@slack/webhook": "~7.0.0", "ms": "2.1.3"}
    assert locked.versions["ms"] == "2.1.3" and locked.versions["@slack/webhook"].startswith("7.0.")
    assert [package.path for package in locked.packages] == sorted(package.path for package in locked.packages)
    assert all(package.integrity.startswith("sha512-") for package in locked.packages)
    assert "http" not in locked.canonical().replace("https-proxy-agent", "").replace("http-proxy", "")
    assert asyncio.run(npm.resolve({"ms": "2.1.3", "@slack/webhook": "~7.0.0"})) == locked


@REGISTRY
def test_latest_is_resolved_to_a_number(npm: Npm) -> None:
    assert asyncio.run(npm.resolve({"ms": "latest"})).versions["ms"][0].isdigit()


@REGISTRY
def test_packages_and_versions_that_do_not_exist_are_named(npm: Npm) -> None:
    assert refusal(npm, **{"@reconciler-none/none": "1"}) == "The package @reconciler-none/none does not exist."
    assert refusal(npm, ms="99") == "No version of ms@99 exists."
    assert refusal(npm, ms="nosuchtag") == "No version of ms@nosuchtag exists."


@REGISTRY
def test_packages_that_need_native_code_are_named(npm: Npm) -> None:
    tail = "the platform runs neither install scripts nor binaries."
    assert refusal(npm, bcrypt="5.1.1") == f"The package bcrypt needs an install script; {tail}"
    assert refusal(npm, sharp="0.33.5").endswith(f"(it comes with sharp) is a native binary; {tail}")
    assert asyncio.run(npm.resolve({"chokidar": "3.6.0"})).versions == {"chokidar": "3.6.0"}


def test_native_files_that_the_lock_does_not_show_are_found_when_installed(near: Npm, registry: Registry) -> None:
    registry.publish("quick", "1.0.0", files={"src/binding.gyp": "{}"})
    registry.publish("asks", "1.0.0", dependencies={"quick": "1"})
    with pytest.raises(PackageError, match=r"The package quick \(installed for asks\) brings native code: binding.gyp"):
        asyncio.run(near.install({"asks": "1.0.0"}))
    assert sets(near) == []


@REGISTRY
def test_a_locked_tree_is_installed_once_and_runs(npm: Npm, cut_off: Npm) -> None:
    locked = asyncio.run(npm.resolve(WEBHOOK))
    folder = asyncio.run(npm.install_locked(locked))
    assert folder.parent == npm.store
    for package in locked.packages:
        assert f'"version": "{package.version}"' in (folder / package.path / "package.json").read_text()
    assert asyncio.run(cut_off.install_locked(locked)) == folder
    code = "console.log(typeof require('@slack/webhook').IncomingWebhook)"
    assert all_ran(job(code, packages=folder))[0].console == ("function",)


@REGISTRY
def test_a_package_that_is_not_the_locked_one_is_refused(npm: Npm) -> None:
    forged = LockedPackage(path="node_modules/ms", version="2.1.3", integrity="sha512-" + "A" * 86 + "==")
    with pytest.raises(PackageError, match=r"The package ms 2\.1\.3 is not what reconciler\.lock holds"):
        asyncio.run(npm.install_locked(LockedSet(versions={"ms": "2.1.3"}, packages=(forged,))))
    assert sets(npm) == []


@REGISTRY
def test_many_who_ask_for_the_same_at_once_share_one_folder(npm: Npm) -> None:
    async def both() -> set[Path]:
        return set(await asyncio.gather(*(npm.install({"ms": "2.1.3"}) for _ in range(5))))

    script = (
        "import asyncio, os, sys; from pathlib import Path; from reconciler.npm import Npm, node_executable;"
        "asyncio.run(Npm(node=node_executable(), store=Path(sys.argv[1]), environ=os.environ).install({'ms': '2.1.3'}))"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(npm.store)]) as other:
        (folder,) = asyncio.run(both())
    assert other.returncode == 0
    assert sets(npm) == [folder.name]


def test_what_a_killed_process_left_is_removed_by_a_later_one(npm: Npm) -> None:
    asyncio.run(npm.install({}))
    shutil.rmtree(npm.store)
    for name, age in ((".making-old", 7200), (".making-now", 60)):
        (npm.store / name / "tree").mkdir(parents=True)
        os.utime(npm.store / name, (time.time() - age,) * 2)
    folder = asyncio.run(npm.install({}))
    assert sets(npm) == [".making-now", folder.name]


@REGISTRY
def test_a_cancelled_install_leaves_nothing(npm: Npm) -> None:
    async def run() -> None:
        task = asyncio.create_task(npm.install(WEBHOOK))
        await asyncio.sleep(0.3)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())
    assert sets(npm) == []


@REGISTRY
def test_the_vendored_javascript_is_what_its_script_makes() -> None:
    script = Path(__file__).parent.parent.parent / ".ci" / "vendor-js"
    made = subprocess.run([sys.executable, str(script), "--check"], capture_output=True, text=True, check=False)
    assert made.stdout == "vendored files are fresh\n", made.stdout + made.stderr
