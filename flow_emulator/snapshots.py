"""Snapshots: the contents of a store as one JSON document, and restoring them.

The request log is not part of a snapshot, as it records what happened, which restoring does not undo. Secrets
that ``secrets = echo`` keeps in clear are masked.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sqlite3
from typing import Any, Final

from flow_emulator.specs.catalogue import Catalogue
from flow_emulator.specs.secret_params import mask_auth
from flow_emulator.store import Transaction
from flow_emulator.store.migrations import MIGRATIONS

# The export folder is a path of one machine, which a document from another one must not set.
_LEFT_OUT: Final = frozenset({"request", "counter", "export_folder"})


class SnapshotError(ValueError):
    """The document is not a snapshot that this emulator can restore; the message has the reason."""


def take(tx: Transaction, catalogue: Catalogue) -> dict[str, Any]:
    """Return the snapshot of everything but the request log, secrets masked by the catalogue."""
    tables = {name: _rows(tx, name, catalogue) for name in _tables(tx)}
    counter = int(tx.sql.execute("SELECT value FROM counter").fetchone()[0])
    content = {"version": len(MIGRATIONS), "counter": counter, "tables": tables}
    return {"snapshot": content, "digest": _digest(content)}


def restore(tx: Transaction, document: object) -> None:
    """Replace everything but the request log with the contents of a snapshot.

    The counter never goes back, so that no etag is used twice.

    Raises:
        SnapshotError: The document is not a valid snapshot; the store is unchanged.
    """
    match document:
        case {"snapshot": dict(content), "digest": str(digest)} if digest == _digest(content):
            pass
        case _:
            raise SnapshotError("This is not a snapshot, or it was changed since it was taken.")
    version = content["version"]
    if version > len(MIGRATIONS):
        raise SnapshotError(f"The snapshot is of a newer emulator (version {version}); this one is older.")
    try:
        with tx.savepoint():
            _replace(tx, content["tables"])
            tx.sql.execute("UPDATE counter SET value = max(value, ?)", (content["counter"],))
    except sqlite3.Error as error:
        raise SnapshotError(f"The snapshot does not fit this emulator: {error}.") from None


def _replace(tx: Transaction, tables: dict[str, list[dict[str, Any]]]) -> None:
    known = _tables(tx)
    for name in known:
        tx.sql.execute(f'DELETE FROM "{name}"')  # noqa: S608 - a name from the database itself
    for name, rows in tables.items():
        if name not in known:
            raise SnapshotError(f"This emulator has no table {name}.")
        columns = {column[1] for column in tx.sql.execute(f'PRAGMA table_info("{name}")')}
        for row in rows:
            if not row.keys() <= columns:
                raise SnapshotError(f"This emulator's table {name} has other columns.")
            names = ", ".join(f'"{column}"' for column in row)
            marks = ", ".join("?" * len(row))
            values = [_from_json(value) for value in row.values()]
            tx.sql.execute(f'INSERT INTO "{name}" ({names}) VALUES ({marks})', values)  # noqa: S608 - names checked above


def _tables(tx: Transaction) -> list[str]:
    """Return the tables of the store, as the database lists them."""
    rows = tx.sql.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    )
    return [name for (name,) in rows.fetchall() if name not in _LEFT_OUT]


def _rows(tx: Transaction, table: str, catalogue: Catalogue) -> list[dict[str, Any]]:
    cursor = tx.sql.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - a name from the database itself
    columns = [column[0] for column in cursor.description]
    rows = [dict(zip(columns, map(_to_json, row), strict=True)) for row in cursor.fetchall()]
    return [_masked(row, catalogue) for row in rows] if table == "entity" else rows


def _masked(row: dict[str, Any], catalogue: Catalogue) -> dict[str, Any]:
    doc = json.loads(row["doc"])
    if isinstance(doc.get("auth"), dict):
        doc["auth"] = mask_auth(doc["auth"], catalogue.public_params(doc["connectionSpec"]["id"]))
    return {**row, "doc": json.dumps(doc, ensure_ascii=False)}


def _to_json(value: Any) -> Any:
    return {"base64": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def _from_json(value: Any) -> Any:
    return base64.b64decode(value["base64"]) if isinstance(value, dict) else value


def _digest(content: dict[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
