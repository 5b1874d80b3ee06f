"""The store inside one transaction: its tables, settings and counter."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from flow_emulator.store.entities import EntityTable
from flow_emulator.store.requests import RequestTable
from flow_emulator.store.tokens import TokenTable

# The setting that holds profile, switches and seed.
CONFIGURATION: Final = "behaviour"


class Transaction:
    """The store inside one transaction.

    ``sql`` is the connection, for the modules that keep a table of their own.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.sql = connection
        self.entities = EntityTable(connection)
        self.tokens = TokenTable(connection)
        self.requests = RequestTable(connection)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo what the block wrote when it raises, whatever becomes of the transaction around it."""
        self.sql.execute("SAVEPOINT block")
        try:
            yield
        except BaseException:
            self.sql.execute("ROLLBACK TO block")
            self.sql.execute("RELEASE block")
            raise
        self.sql.execute("RELEASE block")

    def setting(self, name: str) -> str | None:
        """The text kept under ``name``, or None."""
        row = self.sql.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def set_setting(self, name: str, value: str | None) -> None:
        """Keep ``value`` under ``name``; None forgets it."""
        if value is None:
            self.sql.execute("DELETE FROM setting WHERE name = ?", (name,))
        else:
            self.sql.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, value))

    def next_number(self) -> int:
        """A number that no earlier call on this file gave, also not before a reset."""
        row = self.sql.execute("UPDATE counter SET value = value + 1 RETURNING value").fetchone()
        return int(row[0])

    def reset(self) -> None:
        """Forget all but the counter and the export folder: entities, tokens, log, clock, faults, rows."""
        for table in ("entity", "reference", "token", "request", "fault", "batch"):
            self.sql.execute(f"DELETE FROM {table}")  # noqa: S608 - the names stand one line above
        # What was chosen for the file, rather than done with it, stays.
        self.sql.execute("DELETE FROM setting WHERE name <> ?", (CONFIGURATION,))
