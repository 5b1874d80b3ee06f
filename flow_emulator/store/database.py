"""Opening the SQLite file: its application id, its journal, its migrations."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Final

from flow_emulator.store.migrations import APPLICATION_ID, MIGRATIONS

BUSY_SECONDS: Final = 30
_OPEN_ATTEMPTS: Final = 200


class StoreError(Exception):
    """The file cannot be used as the emulator's store; the message has the reason."""


def open_database(path: Path | None) -> sqlite3.Connection:
    """Open a file, or memory when ``path`` is None, and bring its tables to the present version.

    Raises StoreError when the file cannot be used.
    """
    try:
        connection = sqlite3.connect(
            ":memory:" if path is None else path,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        )
    except sqlite3.OperationalError as error:
        if path is not None and not path.parent.is_dir():
            raise StoreError(f"The emulator cannot open {path}: the folder does not exist.") from None
        raise StoreError(f"The emulator cannot open {path}: {error}.") from None
    try:
        _prepare(connection, path)
    except sqlite3.DatabaseError as error:
        connection.close()
        raise StoreError(f"The emulator cannot use {path}: {error}.") from None
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path | None) -> None:
    _check_ours(connection, path)
    if path is not None:
        _use_write_ahead_log(connection)
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


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    # SQLite does not wait for other processes to change the journal mode, so this loop does.
    for attempt in range(_OPEN_ATTEMPTS):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or attempt == _OPEN_ATTEMPTS - 1:
                raise
            time.sleep(0.02)
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
