"""The store: one SQLite file, or memory, safe for several processes at once.

Every request is one transaction that locks for writing at its start (``BEGIN IMMEDIATE``), as even a GET
counts observations and creates due runs. The write-ahead log keeps such transactions short; another process
waits up to :data:`flow_emulator.store.database.BUSY_SECONDS` for its turn.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flow_emulator.store.database import open_database
from flow_emulator.store.transaction import Transaction


class Store:
    """The emulator's store: a SQLite file, or memory when ``path`` is None.

    It may be used by several threads, which take turns, and by several processes on one file.
    """

    def __init__(self, path: str | Path | None = None) -> None:
        self.path = None if path is None else Path(path)
        self._lock = threading.RLock()
        self._connection = open_database(self.path)
        # Also without a close(), as newer Pythons warn of an unclosed database.
        weakref.finalize(self, self._connection.close)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Run one exclusive transaction, which is rolled back when the block raises."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield Transaction(self._connection)
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Read without a lock; the block must not write."""
        with self._lock:
            yield Transaction(self._connection)

    def close(self) -> None:
        """Release the file; the store cannot be used afterwards."""
        with self._lock:
            self._connection.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()
