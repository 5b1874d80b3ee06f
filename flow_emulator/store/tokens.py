"""The table of issued access tokens, of which it holds digests only."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple


class IssuedToken(NamedTuple):
    """What is known of an issued token; ``expires_at`` in epoch milliseconds."""

    client_id: str
    org: str
    expires_at: int


class TokenTable:
    """The issued tokens inside one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection

    def add(self, digest: str, token: IssuedToken) -> None:
        """Store the digest of an issued token; the token itself is never stored."""
        expired = token.expires_at - 10 * 86_400_000
        self._sql.execute("DELETE FROM token WHERE expires_at < ?", (expired,))
        self._sql.execute("INSERT INTO token VALUES (?, ?, ?, ?)", (digest, *token))

    def get(self, digest: str) -> IssuedToken | None:
        """Return the token with this digest, or None."""
        found = "SELECT client_id, org, expires_at FROM token WHERE digest = ?"
        row = self._sql.execute(found, (digest,)).fetchone()
        return None if row is None else IssuedToken(str(row[0]), str(row[1]), int(row[2]))
