"""Two applies on one tenant never work at the same time on one machine, whichever clone they run in."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from reconciler.desired.tenant_documents import Auth0Tenant
from reconciler.model.event import Event
from reconciler.run.session import identity
from reconciler.run.tenant_lock import TOLD_AFTER, TenantLock
from reconciler.run.workplace import open_workplace
from reconciler.settings import Settings, now, process_settings
from tests.run.conftest import Home


def lock_of(folder: Path, *, wait: float = 0, told: list[Event] | None = None) -> TenantLock:
    heard = [] if told is None else told
    return TenantLock(folder, who="apply of grace", wait=wait, notify=heard.append, clock=now)


@contextmanager
def held(home: Home) -> Iterator[None]:
    """Somebody else's apply is under way."""
    folder = process_settings().locks
    with lock_of(folder) as lock:
        asyncio.run(lock.take("local", str((home.folder / ".reconciler/tenants/local").resolve())))
        yield


def test_an_apply_that_finds_another_refuses_and_says_whose_it_is(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    with held(home):
        assert home.reconciler("apply", "--yes", "--wait", "0") == 1
    told = capsys.readouterr().err
    assert f"The tenant local is being worked on by apply of grace (process {os.getpid()}, since 2" in told
    assert "--wait" in told
    assert home.reconciler("apply", "--yes", "--wait", "0") == 0


def test_reading_waits_for_nobody(home: Home) -> None:
    with held(home):
        assert home.reconciler("plan") == 0


def test_a_second_apply_waits_says_so_and_goes_on_with_what_the_first_one_left(tmp_path: Path) -> None:
    told: list[Event] = []

    async def both() -> None:
        with lock_of(tmp_path) as first, lock_of(tmp_path, wait=10, told=told) as second:
            await first.take("prod", "acme.example")
            waiting = asyncio.create_task(second.take("prod", "acme.example"))
            await asyncio.sleep(TOLD_AFTER + 0.2)
            assert [event.verb for event in told] == ["waiting"]
            assert "apply of grace" in told[0].detail
            first.__exit__(None, None, None)
            await waiting

    asyncio.run(both())


def test_different_tenants_do_not_wait_for_each_other(tmp_path: Path) -> None:
    async def both() -> None:
        with lock_of(tmp_path) as first, lock_of(tmp_path) as second:
            await first.take("prod", "acme.example")
            await second.take("dev", "acme-dev.example")

    asyncio.run(both())


def test_a_lock_outlives_no_process_that_was_killed(tmp_path: Path) -> None:
    code = (
        "import asyncio, os, pathlib, sys\n"
        "from reconciler.run.tenant_lock import TenantLock\n"
        "from reconciler.settings import now\n"
        "lock = TenantLock(pathlib.Path(sys.argv[1]), who='x', wait=0, notify=print, clock=now)\n"
        "asyncio.run(lock.take('prod', 'acme.example'))\n"
        "os.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    with lock_of(tmp_path) as lock:
        asyncio.run(lock.take("prod", "acme.example"))


def test_a_tenant_is_the_same_from_every_clone(home: Home, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    shutil.copytree(home.folder, clone)
    prod = Auth0Tenant.model_validate({"type": "auth0", "domain": "Acme.EU.auth0.com"})
    names = set()
    for folder, name in ((home.folder, "prod"), (clone, "production")):
        with open_workplace(Settings(start=folder, environ={})) as place:
            names.add(identity(place, name, prod))
    assert names == {"acme.eu.auth0.com"}


def test_two_applies_at_once_both_end_well(home: Home) -> None:
    command = [sys.executable, "-m", "reconciler", "apply", "--yes", "--repo", str(home.folder)]
    ended: list[subprocess.CompletedProcess[str]] = []
    threads = [
        threading.Thread(target=lambda: ended.append(subprocess.run(command, capture_output=True, text=True)))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [done.returncode for done in ended] == [0, 0], ended
    assert sorted("Nothing to change" in done.stdout for done in ended) == [False, True]


@pytest.mark.parametrize("environ", [{"XDG_STATE_HOME": "{}/x/y"}, {"HOME": "{}"}])
def test_locks_are_kept_in_the_users_own_folder(tmp_path: Path, environ: dict[str, str]) -> None:
    named = {key: value.format(tmp_path) for key, value in environ.items()}
    assert Settings(start=tmp_path, environ=named).locks.is_relative_to(tmp_path)


def test_a_user_without_a_home_has_locks_all_the_same(tmp_path: Path) -> None:
    assert Settings(start=tmp_path, environ={}).locks.parent.name == f"reconciler-{os.getuid()}"
