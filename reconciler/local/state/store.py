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

DATABASE = "tenant.db"
SCHEMA_VERSION = 1
BUSY_SECONDS = 10.0

_SCHEMA = """
CREATE TABLE actions (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  draft_updated_at INTEGER NOT NULL,
  status TEXT NOT NULL,
  revision INTEGER NOT NULL,
  material TEXT NOT NULL,
  packages TEXT,
  live_version TEXT,
  last_number INTEGER NOT NULL
);
CREATE TABLE versions (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  action_id TEXT NOT NULL REFERENCES actions (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  status TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  built_at INTEGER,
  revision INTEGER NOT NULL,
  material TEXT NOT NULL,
  packages TEXT,
  UNIQUE (action_id, number)
);
CREATE TABLE bindings (
  id TEXT PRIMARY KEY,
  trigger_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  action_id TEXT NOT NULL REFERENCES actions (id) ON DELETE CASCADE,
  display_name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (trigger_id, position)
);
CREATE TABLE executions (id TEXT PRIMARY KEY, created_at INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE logs (seq INTEGER PRIMARY KEY, log_id TEXT NOT NULL UNIQUE, body TEXT NOT NULL);
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""

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
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._reader = _connection(path)
        self._writer = _connection(path)
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


def opened_store(directory: Path) -> Store:
    """The store of that directory, made where there is none.

    TenantError where it cannot be opened, or was made by a newer release.
    """
    path = directory / DATABASE
    try:
        with closing(_connection(path)) as connection:
            _prepare(connection, path)
        return Store(path)
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
        if version == 0:
            for statement in _SCHEMA.split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    if version > SCHEMA_VERSION:
        raise TenantError(
            f"The embedded tenant in {path.parent} was made by a newer release of reconciler.",
            "Update reconciler, or run `reconciler tenant reset`.",
        )
