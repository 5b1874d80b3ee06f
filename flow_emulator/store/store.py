"""What the emulator remembers: one SQLite file, or memory, safe for several processes at once.

Every request is one transaction that locks for writing at its start (``BEGIN IMMEDIATE``), for even a GET
counts looks and makes due runs. The write-ahead log keeps such transactions short; another process waits
up to :data:`flow_emulator.store.database.BUSY_SECONDS` for its turn.
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
    """The emulator's memory: a SQLite file, or nothing but this process when ``path`` is None.

    Usable from several threads, which take turns, and from several processes on one file.
    """

    def __init__(self, path: str | Path | None = None) -> None:
        self.path = None if path is None else Path(path)
        self._lock = threading.RLock()
        self._connection = open_database(self.path)
        # Also when nobody closes the store: an unclosed database is a warning of newer Pythons.
        weakref.finalize(self, self._connection.close)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Run one exclusive transaction: kept when the block ends, undone when it raises."""
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
        """A look at what is stored now that keeps nobody waiting; the block must not write."""
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
