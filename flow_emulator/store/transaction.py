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

    ``sql`` is the connection, for the modules that have a table of their own.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.sql = connection
        self.entities = EntityTable(connection)
        self.tokens = TokenTable(connection)
        self.requests = RequestTable(connection)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Roll back what the block wrote when it raises, independently of the transaction around it."""
        self.sql.execute("SAVEPOINT block")
        try:
            yield
        except BaseException:
            self.sql.execute("ROLLBACK TO block")
            self.sql.execute("RELEASE block")
            raise
        self.sql.execute("RELEASE block")

    def setting(self, name: str) -> str | None:
        """Return the text under ``name``, or None."""
        row = self.sql.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def set_setting(self, name: str, value: str | None) -> None:
        """Store ``value`` under ``name``; None deletes it."""
        if value is None:
            self.sql.execute("DELETE FROM setting WHERE name = ?", (name,))
        else:
            self.sql.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, value))

    def next_number(self) -> int:
        """Return a number that was never returned before for this file, not even before a reset."""
        row = self.sql.execute("UPDATE counter SET value = value + 1 RETURNING value").fetchone()
        return int(row[0])

    def reset(self) -> None:
        """Delete everything but the counter, the configuration and the export folder."""
        for table in ("entity", "reference", "token", "request", "fault", "batch"):
            self.sql.execute(f"DELETE FROM {table}")  # noqa: S608 - the names are one line above
        # The configuration of the file stays.
        self.sql.execute("DELETE FROM setting WHERE name <> ?", (CONFIGURATION,))
