"""The store: one SQLite file, or memory, safe for several processes at once.

Every request is one transaction that locks for writing at its start (``BEGIN IMMEDIATE``), as even a GET
counts observations and creates due runs. The write-ahead log keeps such transactions short; another process
waits up to :data:`flow_emulator.store.database.BUSY_SECONDS` for its turn, by default.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flow_emulator.store.database import BUSY_SECONDS, file_identity, open_database, require_same_file
from flow_emulator.store.store_error import errors_of
from flow_emulator.store.transaction import Transaction


class Store:
    """The emulator's store: a SQLite file, or memory when ``path`` is None.

    It may be used by several threads, which take turns, and by several processes on one file. A transaction
    waits up to ``busy_seconds`` for other processes. The constructor raises StoreError when the file cannot
    be used.
    """

    def __init__(self, path: str | Path | None = None, *, busy_seconds: float = BUSY_SECONDS) -> None:
        self.path = None if path is None else Path(path)
        self._lock = threading.RLock()
        self._connection = open_database(self.path, busy_seconds)
        self._file = file_identity(self.path)
        # Also without a close(), as newer Pythons warn of an unclosed database.
        weakref.finalize(self, self._connection.close)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Run one exclusive transaction, which is rolled back when the block raises.

        Raises StoreError when the file cannot be used; nothing was written then.
        """
        with self._lock, errors_of(self.path):
            require_same_file(self.path, self._file)
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield Transaction(self._connection)
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # SQLite may have rolled it back itself
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Read without a lock; the block must not write. Raises StoreError when the file cannot be used."""
        with self._lock, errors_of(self.path):
            yield Transaction(self._connection)

    def close(self) -> None:
        """Release the file; the store cannot be used afterwards."""
        with self._lock:
            self._connection.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()
