"""The database of one embedded tenant: SQLite in WAL mode, which several processes may have open at once."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from reconciler.errors import TenantError
from reconciler.local.keys import Keys
from reconciler.local.state.tables import SCRIPTS

DATABASE = "tenant.db"
BUSY_SECONDS = 10.0

_PROBLEMS = {
    sqlite3.SQLITE_FULL: ("The disk is full.", "Free some space and try again."),
    sqlite3.SQLITE_BUSY: ("Another process holds it locked.", "End that process, or wait and try again."),
    sqlite3.SQLITE_LOCKED: ("Another process holds it locked.", "End that process, or wait and try again."),
    sqlite3.SQLITE_READONLY: ("It cannot be written.", "Give yourself the right to write there."),
    sqlite3.SQLITE_PERM: ("It cannot be written.", "Give yourself the right to write there."),
    sqlite3.SQLITE_CANTOPEN: ("It cannot be opened.", "Give yourself the right to read and write there."),
    sqlite3.SQLITE_IOERR: ("The disk gave an error.", "See whether the disk is full or broken."),
    sqlite3.SQLITE_NOTADB: ("It is not a database.", "Run `reconciler tenant reset` and apply again."),
    sqlite3.SQLITE_CORRUPT: ("It is damaged.", "Run `reconciler tenant reset` and apply again."),
}

T = TypeVar("T")


class Store:
    """Runs short pieces of work on the database, away from the event loop.

    Reads and writes have a connection and a thread each, so a write that waits for another process holds up no read.
    SQL may ask `now_ns()` for the instant at which its piece of work began, and encrypt and decrypt with `sealed(text)`
    and `opened(text)`: what actions wrote may hold a secret, and lies on disk sealed.
    """

    def __init__(self, path: Path, now: Callable[[], int], keys: Keys) -> None:
        self._path = path
        self._now = now
        self._reader = _connection(path)
        self._writer = _connection(path)
        for connection in (self._reader, self._writer):
            connection.create_function("sealed", 1, keys.sealed)
            connection.create_function("opened", 1, keys.opened, deterministic=True)
        self._reading = ThreadPoolExecutor(1, thread_name_prefix="tenant-read")
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="tenant-write")

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What the work gives, from one consistent view. TenantError where the database cannot be used."""
        return await self._on(self._reading, self._reader, "BEGIN", work)

    async def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What the work gives, once all it wrote is kept; nothing is kept where it raises.

        TenantError where the database cannot be written.
        """
        return await self._on(self._writing, self._writer, "BEGIN IMMEDIATE", work)

    async def _on(
        self,
        pool: ThreadPoolExecutor,
        connection: sqlite3.Connection,
        begin: str,
        work: Callable[[sqlite3.Connection], T],
    ) -> T:
        return await asyncio.get_running_loop().run_in_executor(pool, self._transaction, connection, begin, work)

    def _transaction(self, connection: sqlite3.Connection, begin: str, work: Callable[[sqlite3.Connection], T]) -> T:
        instant = self._now()
        connection.create_function("now_ns", 0, lambda: instant, deterministic=True)
        try:
            connection.execute(begin)
            try:
                result = work(connection)
                connection.execute("COMMIT")
                return result
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
        except sqlite3.DatabaseError as error:
            raise problem(self._path, error) from None

    def close(self) -> None:
        """Ends the threads once their work is done, then closes the database."""
        self._reading.shutdown(wait=True)
        self._writing.shutdown(wait=True)
        self._reader.close()
        self._writer.close()


def opened_store(directory: Path, now: Callable[[], int], keys: Keys) -> Store:
    """The store of that directory, made where there is none; `now` gives instants.

    TenantError where it cannot be opened, or was made by a newer release.
    """
    path = directory / DATABASE
    try:
        with closing(_connection(path)) as connection:
            _prepare(connection, path)
        return Store(path, now, keys)
    except OSError as error:
        raise TenantError(
            f"The embedded tenant's database {path} cannot be used. {error.strerror}.",
            "Give yourself the right to read and write there.",
        ) from None
    except sqlite3.DatabaseError as error:
        raise problem(path, error) from None


def problem(path: Path, error: sqlite3.Error) -> TenantError:
    """What a failure of SQLite means, and the way out."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    what, remedy = _PROBLEMS.get(code, (f"SQLite says: {error}.", "Run `reconciler tenant reset` and apply again."))
    return TenantError(f"The embedded tenant's database {path} cannot be used. {what}", remedy)


def _connection(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    path.chmod(0o600)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        for script in SCRIPTS[version:]:
            for statement in script.split(";"):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {max(version, len(SCRIPTS))}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    if version > len(SCRIPTS):
        raise TenantError(
            f"The embedded tenant in {path.parent} was made by a newer release of reconciler.",
            "Update reconciler, or run `reconciler tenant reset`.",
        )
