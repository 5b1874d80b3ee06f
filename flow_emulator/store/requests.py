"""The table of the request log."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any


class RequestTable:
    """The request log inside one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection

    def append(self, entry: Mapping[str, Any], keep: int) -> None:
        """Append an entry, and delete all but the last ``keep`` entries."""
        cursor = self._sql.execute("INSERT INTO request (entry) VALUES (?)", (json.dumps(entry),))
        self._sql.execute("DELETE FROM request WHERE seq <= ?", (int(cursor.lastrowid or 0) - keep,))

    def all(self, after: int = 0) -> list[dict[str, Any]]:
        """Return the entries with a number ``seq`` above ``after``, the oldest first."""
        rows = self._sql.execute("SELECT seq, entry FROM request WHERE seq > ? ORDER BY seq", (after,))
        return [{"seq": seq, **json.loads(entry)} for seq, entry in rows]

    def newest(self, limit: int) -> list[dict[str, Any]]:
        """Return the newest entries, the newest first."""
        rows = self._sql.execute("SELECT seq, entry FROM request ORDER BY seq DESC LIMIT ?", (limit,))
        return [{"seq": seq, **json.loads(entry)} for seq, entry in rows]

    def count(self) -> int:
        """Return the number of entries."""
        return int(self._sql.execute("SELECT count(*) FROM request").fetchone()[0])

    def clear(self) -> None:
        """Delete all entries; later ones continue the numbers."""
        self._sql.execute("DELETE FROM request")
