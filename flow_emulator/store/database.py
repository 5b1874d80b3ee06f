"""Opening the SQLite file: its application id, its journal, its migrations."""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path
from typing import Final

from flow_emulator import private_files
from flow_emulator.store.migrations import APPLICATION_ID, MIGRATIONS
from flow_emulator.store.store_error import StoreError, errors_of_opening

BUSY_SECONDS: Final = 30
_OPEN_ATTEMPTS: Final = 200
_OPEN_PAUSE: Final = 0.02
_CREATING: Final = threading.Lock()


def open_database(path: Path | None, busy_seconds: float = BUSY_SECONDS) -> sqlite3.Connection:
    """Open a file, or memory when ``path`` is None, and bring its tables to the present version.

    Each statement waits up to ``busy_seconds`` for other processes. Raises StoreError when the file cannot be
    used.
    """
    with errors_of_opening(path):
        if path is not None:
            _create(path)
        connection = sqlite3.connect(
            ":memory:" if path is None else path,
            timeout=busy_seconds,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            _prepare(connection, path, busy_seconds)
        except BaseException:
            connection.close()
            raise
    return connection


def file_identity(path: Path | None) -> tuple[int, int] | None:
    """Return device and number of the file under a path, or None when no file is there."""
    try:
        found = None if path is None else path.stat()
    except OSError:
        return None
    return None if found is None else (found.st_dev, found.st_ino)


def require_same_file(path: Path | None, opened: tuple[int, int] | None) -> None:
    """Raise StoreError when the opened file was deleted or replaced: what is written would be lost."""
    if path is None:
        return
    now = file_identity(path)
    if now != opened:
        what = "deleted" if now is None else "replaced by another file"
        raise StoreError(f"{path} was {what} while the emulator used it. Start the emulator again.")


def _create(path: Path) -> None:
    """Create the file for its owner only. SQLite gives its companions the same rights.

    Without the lock, closing the new file would release locks that another thread has on it by then.
    """
    with _CREATING:
        try:
            private_files.create_file(path)
        except OSError:
            return  # SQLite then has the reason


def _narrow(path: Path) -> None:
    """Take the rights of others from a file of an earlier version, and from its companions."""
    for ending in ("", "-wal", "-shm"):
        private_files.narrow(path.with_name(path.name + ending))


def _prepare(connection: sqlite3.Connection, path: Path | None, busy_seconds: float) -> None:
    _check_ours(connection, path)
    if path is not None:
        _narrow(path)
        _use_write_ahead_log(connection, busy_seconds)
    connection.execute("PRAGMA synchronous = NORMAL")
    if _pragma(connection, "user_version") == len(MIGRATIONS):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        _migrate(connection, path)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _use_write_ahead_log(connection: sqlite3.Connection, busy_seconds: float) -> None:
    # SQLite does not wait for other processes to change the journal mode, so this loop does.
    attempts = min(_OPEN_ATTEMPTS, int(busy_seconds / _OPEN_PAUSE) + 1)
    for attempt in range(attempts):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or attempt == attempts - 1:
                raise
            time.sleep(_OPEN_PAUSE)
        else:
            return


def _check_ours(connection: sqlite3.Connection, path: Path | None) -> None:
    connection.execute("BEGIN")  # both in one transaction, as another process may be creating the file
    owner = _pragma(connection, "application_id")
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    connection.execute("COMMIT")
    if tables and owner != APPLICATION_ID:
        raise StoreError(f"{path} is a SQLite file of another program; give the emulator a file of its own.")


def _migrate(connection: sqlite3.Connection, path: Path | None) -> None:
    version = _pragma(connection, "user_version")
    if version > len(MIGRATIONS):
        raise StoreError(
            f"{path} was written by a newer emulator (version {version}). Update, or use another file."
        )
    for statements in MIGRATIONS[version:]:
        for statement in statements:
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])
