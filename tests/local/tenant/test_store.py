from __future__ import annotations

import asyncio
import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from reconciler.errors import ReconcilerError, TenantError, Usage
from reconciler.local.keys import CLIENT, SECRETS_KEY, SIGNING_KEY
from reconciler.local.state import store
from reconciler.local.state.tables import SCRIPTS
from reconciler.local.tenant import reset
from tests.local.tenant.opened import ACTIONS, CODE, FLOW, LOGS, MODULES, POST_LOGIN, Clock, opened

pytestmark = pytest.mark.anyio


async def test_a_tenant_is_the_same_when_it_is_opened_again(tmp_path: Path) -> None:
    clock = Clock()
    async with opened(tmp_path, clock=clock) as session:
        await session.deployed("greet", secrets=[{"name": "KEY", "value": "hidden-value"}])
        await session.bind("greet")
        before = [await session.answer("GET", path) for path in (ACTIONS, FLOW, LOGS)]
        client = (session.tenant.client_id, session.tenant.client_secret)
    async with opened(tmp_path, clock=clock) as session:
        assert [await session.answer("GET", path) for path in (ACTIONS, FLOW, LOGS)] == before
        assert (session.tenant.client_id, session.tenant.client_secret) == client


async def test_secret_values_are_never_on_disk_in_clear(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        action = await session.deployed("greet", secrets=[{"name": "KEY", "value": "hidden-value"}])
        await session.answer("PATCH", f"{ACTIONS}/{action['id']}", {"secrets": [{"name": "A", "value": "other-value"}]})
        await session.answer("POST", f"{ACTIONS}/{action['id']}/test", {"payload": {"secrets": {"X": "third-value"}}})
        for path in _files(tmp_path):
            content = path.read_bytes()
            assert not any(value in content for value in (b"hidden-value", b"other-value", b"third-value")), path


async def test_keys_and_database_are_for_the_owner_only(tmp_path: Path) -> None:
    directory = tmp_path / "deep" / "tenant"
    async with opened(directory) as session:
        await session.create("greet")
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in _files(directory)}
        assert {SECRETS_KEY, SIGNING_KEY, CLIENT, store.DATABASE} <= set(modes)
        assert set(modes.values()) == {0o600}
        assert stat.S_IMODE(directory.stat().st_mode) == 0o700
        assert session.tenant.client_secret not in repr(session.tenant)


async def test_one_directory_can_be_open_twice(tmp_path: Path) -> None:
    async with opened(tmp_path) as one, opened(tmp_path) as two:
        await asyncio.gather(*(each.create(f"{id(each)} {number}") for each in (one, two) for number in range(15)))
        listed = await one.answer("GET", ACTIONS)
        assert (listed["total"], listed) == (30, await two.answer("GET", ACTIONS))
        assert len(await two.answer("GET", LOGS)) == 30


def test_processes_that_open_a_new_directory_at_once_share_it(tmp_path: Path) -> None:
    program = textwrap.dedent("""
        import asyncio, sys
        from pathlib import Path
        from tests.local.tenant.opened import opened
        async def main():
            async with opened(Path(sys.argv[1])) as session:
                for number in range(5):
                    await session.create(f"{sys.argv[2]} {number}")
                print(session.tenant.client_id)
        asyncio.run(main())
    """)
    command = [sys.executable, "-c", program, str(tmp_path / "tenant")]
    running = [subprocess.Popen([*command, name], stdout=subprocess.PIPE, text=True) for name in "abcd"]
    clients = {process.communicate(timeout=60)[0] for process in running}
    assert [process.returncode for process in running] == [0, 0, 0, 0]
    assert len(clients) == 1
    with closing(sqlite3.connect(tmp_path / "tenant" / store.DATABASE)) as connection:
        assert connection.execute("SELECT COUNT(*) FROM actions").fetchone() == (20,)


def test_a_killed_process_leaves_no_half_written_action(tmp_path: Path) -> None:
    program = textwrap.dedent("""
        import asyncio, sys
        from pathlib import Path
        from tests.local.tenant.opened import opened
        async def main():
            async with opened(Path(sys.argv[1])) as session:
                for number in range(1000):
                    await session.deployed(f"{number}")
                    await session.answer("DELETE", "/api/v2/actions/actions/" +
                        (await session.answer("GET", "/api/v2/actions/actions"))["actions"][0]["id"])
                    print(number, flush=True)
        asyncio.run(main())
    """)
    process = subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    for _ in range(5):
        process.stdout.readline()
    process.kill()
    process.communicate()
    with closing(sqlite3.connect(tmp_path / store.DATABASE)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        orphans = "SELECT COUNT(*) FROM versions WHERE action_id NOT IN (SELECT id FROM actions)"
        assert connection.execute(orphans).fetchone() == (0,)
        lost = "SELECT COUNT(*) FROM actions WHERE live_version NOT IN (SELECT id FROM versions)"
        assert connection.execute(lost).fetchone() == (0,)


async def test_a_full_disk_is_a_clear_error_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        action = await session.create("greet")
        before = (await session.answer("GET", ACTIONS), await session.answer("GET", LOGS))

        def limit(connection: sqlite3.Connection) -> None:
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count = {pages + 4}")

        await session.tenant.store.read(lambda connection: None)
        await session.tenant.store.write(limit)
        response = await session.send("PATCH", f"{ACTIONS}/{action['id']}", {"code": "x" * 90_000})
        assert response.status_code == 500
        assert "The disk is full. Free some space and try again." in response.json()["message"]
        assert (await session.answer("GET", ACTIONS), await session.answer("GET", LOGS)) == before


async def test_a_locked_database_is_a_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "BUSY_SECONDS", 0.1)
    async with opened(tmp_path) as session:
        with closing(sqlite3.connect(tmp_path / store.DATABASE, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            response = await session.send("POST", ACTIONS, {"name": "a", "supported_triggers": POST_LOGIN})
            assert response.status_code == 500
            assert "Another process holds it locked." in response.json()["message"]
            assert (await session.answer("GET", ACTIONS))["actions"] == []
            with pytest.raises(TenantError, match="locked"):
                await _open(tmp_path)
        await session.create("a")


async def test_a_directory_that_cannot_be_used_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(TenantError, match="cannot be made"):
        await _open(tmp_path / "file" / "tenant")


@pytest.mark.skipif(os.geteuid() == 0 and not shutil.which("setpriv"), reason="root may write everywhere")
def test_a_directory_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    program = textwrap.dedent("""
        import asyncio, sys
        from pathlib import Path
        from reconciler.errors import ReconcilerError
        from tests.local.tenant.opened import opened
        async def main():
            try:
                async with opened(Path(sys.argv[1])):
                    print("opened")
            except ReconcilerError as error:
                print(error.message)
        asyncio.run(main())
    """)
    directory = tmp_path / "tenant"
    directory.mkdir()
    with _unwritable(directory) as prefix:
        command = [*prefix, sys.executable, "-c", program, str(directory)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert "cannot be used" in done.stdout, done.stderr
    assert list(directory.iterdir()) == []


async def test_a_damaged_database_is_a_clear_error(tmp_path: Path) -> None:
    async with opened(tmp_path):
        pass
    (tmp_path / store.DATABASE).write_bytes(b"no database at all" * 100)
    with pytest.raises(TenantError, match="It is not a database"):
        await _open(tmp_path)


async def test_a_database_of_the_first_release_is_taken_over(tmp_path: Path) -> None:
    material = {"trigger_id": "post-login", "trigger_version": "v3", "runtime": "node22", "code": CODE}
    kept = json.dumps({**material, "dependencies": [], "secrets": []})
    with closing(sqlite3.connect(tmp_path / store.DATABASE)) as connection, connection:
        connection.executescript(SCRIPTS[0])
        action = "INSERT INTO actions VALUES (1, 'a', 'greet', 1, 1, 1, 'built', 1, ?, NULL, 'v', 1)"
        connection.execute(action, (kept,))
        connection.execute("INSERT INTO versions VALUES (1, 'v', 'a', 1, 'built', 2, 3, 3, 1, ?, NULL)", (kept,))
        connection.execute("INSERT INTO bindings VALUES ('b', 'post-login', 0, 'a', '', 4)")
        connection.execute("PRAGMA user_version = 1")
    async with opened(tmp_path) as session:
        shown = await session.get("a")
        assert (shown["deployed_version"]["id"], shown["all_changes_deployed"]) == ("v", True)
        assert await session.answer("GET", MODULES) == {"modules": [], "total": 0, "page": 0, "per_page": 100}
        run = await session.tenant.fire("post-login", {"user": {"user_id": "auth0|1"}})
        assert [each.action for each in run.executions] == ["greet"]


async def test_a_database_of_a_newer_release_is_not_touched(tmp_path: Path) -> None:
    async with opened(tmp_path):
        pass
    with closing(sqlite3.connect(tmp_path / store.DATABASE)) as connection:
        connection.execute(f"PRAGMA user_version = {len(SCRIPTS) + 1}")
    with pytest.raises(TenantError, match="newer release"):
        await _open(tmp_path)


@pytest.mark.parametrize("name", [SECRETS_KEY, CLIENT])
async def test_a_damaged_key_file_is_a_clear_error(tmp_path: Path, name: str) -> None:
    async with opened(tmp_path):
        pass
    (tmp_path / name).write_text("nonsense")
    with pytest.raises(TenantError, match="damaged"):
        await _open(tmp_path)


async def test_a_key_that_does_not_fit_the_database_is_a_clear_error(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        await session.create("greet", secrets=[{"name": "KEY", "value": "hidden-value"}])
    (tmp_path / SECRETS_KEY).unlink()
    with pytest.raises(TenantError, match="were not encrypted with the key"):
        await _open(tmp_path)


async def test_reset_deletes_the_tenant_and_nothing_else(tmp_path: Path) -> None:
    async with opened(tmp_path / "tenant") as session:
        await session.create("greet")
    (tmp_path / "tenant" / "store").mkdir()
    (tmp_path / "tenant" / "store" / "package").write_text("kept")
    reset(tmp_path / "tenant")
    assert [path.name for path in (tmp_path / "tenant").iterdir()] == ["store"]
    async with opened(tmp_path / "tenant") as session:
        assert (await session.answer("GET", ACTIONS))["actions"] == []
    shutil.rmtree(tmp_path / "tenant" / "store")
    reset(tmp_path / "tenant")
    assert not (tmp_path / "tenant").exists()


async def test_reset_refuses_a_directory_that_is_no_tenant(tmp_path: Path) -> None:
    (tmp_path / "tenant.json").write_text(json.dumps({"precious": True}))
    with pytest.raises(Usage, match="not the directory of an embedded tenant"):
        reset(tmp_path)
    assert (tmp_path / "tenant.json").exists()


async def _open(directory: Path) -> None:
    async with opened(directory):
        raise AssertionError("it opened")


def _files(directory: Path) -> list[Path]:
    return [path for path in directory.rglob("*") if path.is_file()]


@contextmanager
def _unwritable(directory: Path) -> Iterator[list[str]]:
    """The start of a command for which the directory is read-only; root has to step down for that."""
    assert issubclass(TenantError, ReconcilerError)
    directory.chmod(0o500)
    try:
        yield ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    finally:
        directory.chmod(0o700)
