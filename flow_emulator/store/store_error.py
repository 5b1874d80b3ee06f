"""Files that cannot be used: the error, and SQLite's reasons in plain words."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_PRIMARY_CODE: Final = 0xFF  # the other bits of SQLite's code give details

_ANOTHER_FILE: Final = "or use another file"
_DAMAGED: Final = f"Delete it to start anew, restore a copy, {_ANOTHER_FILE}."
_REASONS: Final = {
    sqlite3.SQLITE_BUSY: (
        "another program has locked it",
        f"End that program, or wait for it, and repeat; {_ANOTHER_FILE}.",
    ),
    sqlite3.SQLITE_READONLY: ("it is read-only", f"Make it writable for this user, {_ANOTHER_FILE}."),
    sqlite3.SQLITE_FULL: ("the disk is full", f"Free some space, {_ANOTHER_FILE}."),
    sqlite3.SQLITE_IOERR: (
        "the disk failed to read or write it",
        f"Check the disk and its free space, {_ANOTHER_FILE}.",
    ),
    sqlite3.SQLITE_CORRUPT: ("it is damaged", _DAMAGED),
    sqlite3.SQLITE_NOTADB: ("it is damaged, or not a file of the emulator", _DAMAGED),
    sqlite3.SQLITE_CANTOPEN: (
        "it cannot be opened",
        f"Check that this user can create files in its folder, {_ANOTHER_FILE}.",
    ),
}
_OTHER_FAILURES: Final = ("it is damaged", _DAMAGED)  # such as a missing table


class StoreError(Exception):
    """The file cannot be used as the emulator's store; the message has the reason."""


@contextmanager
def errors_of(path: Path | None) -> Iterator[None]:
    """Convert SQLite's errors to StoreError, unless they are mistakes in the emulator's own statements.

    Stored documents that are not JSON are an error of the file too.
    """
    try:
        yield
    except json.JSONDecodeError as error:
        raise _unusable(path, error) from error
    except sqlite3.Error as error:
        if isinstance(error, sqlite3.OperationalError) or type(error) is sqlite3.DatabaseError:
            raise _unusable(path, error) from error
        raise


@contextmanager
def errors_of_opening(path: Path | None) -> Iterator[None]:
    """Convert SQLite's errors to StoreError, also an error whose message quotes a damaged text."""
    with errors_of(path):
        try:
            yield
        except UnicodeDecodeError as error:
            raise _unusable(path, error) from error


def _unusable(path: Path | None, error: Exception) -> StoreError:
    """Return the error that names the file, the reason, and what to do."""
    if path is not None and not path.parent.is_dir():
        return StoreError(f"The emulator cannot use {path}: its folder does not exist. Create the folder.")
    if path is not None and path.is_dir():
        return StoreError(f"The emulator cannot use {path}: it is a folder. Name a file in it.")
    code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE
    reason, remedy = _REASONS.get(code, _OTHER_FAILURES)
    # SQLite quotes what it could not read, which in a damaged file can be anything.
    details = f" ({error})" if str(error).isprintable() else ""
    return StoreError(f"The emulator cannot use {path or 'its memory'}: {reason}{details}. {remedy}")
