"""Taking a snapshot, and restoring one after it was checked as a whole.

The digest shows that a snapshot was changed by accident. Whoever makes a snapshot can compute it too, so the
content is checked like any other input.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sqlite3
from collections.abc import Callable
from typing import Any, Final

from flow_emulator import clock
from flow_emulator.snapshots.entities import check_entities
from flow_emulator.snapshots.settings import check_batches, check_faults, check_settings
from flow_emulator.snapshots.shapes import SnapshotError, integer
from flow_emulator.snapshots.tables import Tables, read_tables
from flow_emulator.specs.catalogue import Catalogue
from flow_emulator.specs.secret_params import mask_auth
from flow_emulator.store import Transaction
from flow_emulator.store.migrations import MIGRATIONS

# The export folder is a path of one machine, which a document from another one must not set.
_LEFT_OUT: Final = frozenset({"request", "counter", "export_folder"})
# Half of the numbers whose etags differ.
MAX_COUNTER: Final = 2**31
_VERSION: Final = integer(1)
_COUNTER: Final = integer(0, MAX_COUNTER)


def take(tx: Transaction, catalogue: Catalogue) -> dict[str, Any]:
    """Return the snapshot of everything but the request log, secrets masked by the catalogue."""
    tables = {name: _rows(tx, name, catalogue) for name in _tables(tx)}
    counter = int(tx.sql.execute("SELECT value FROM counter").fetchone()[0])
    return sign({"version": len(MIGRATIONS), "counter": counter, "tables": tables})


def restore(
    tx: Transaction,
    document: object,
    catalogue: Catalogue,
    real: Callable[[], int] = clock.system_millis,
) -> None:
    """Replace everything but the request log with the contents of a snapshot.

    The whole document is checked before anything is written. The counter never goes back, so that no etag is
    used twice.

    Args:
        tx: The store to restore into.
        document: What :func:`take` returned.
        catalogue: The specs that entities may have.
        real: The real time in epoch milliseconds.

    Raises:
        SnapshotError: The document is not a valid snapshot; the store is unchanged.
    """
    tables, counter = _checked(document, catalogue, real)
    try:
        with tx.savepoint():
            _replace(tx, tables)
            tx.sql.execute("UPDATE counter SET value = max(value, ?)", (counter,))
    except sqlite3.IntegrityError as error:
        raise SnapshotError(f"The snapshot has a row twice: {error}.") from None


def sign(content: dict[str, Any]) -> dict[str, Any]:
    """Return the document of a snapshot's content."""
    return {"snapshot": content, "digest": _digest(content)}


def _checked(document: object, catalogue: Catalogue, real: Callable[[], int]) -> tuple[Tables, int]:
    """Return the tables and the counter of a document. Raises SnapshotError."""
    match document:
        case {"snapshot": dict(content), "digest": str(digest), **more} if not more:
            if digest != _digest(content):
                raise SnapshotError("This is not a snapshot, or it was changed since it was taken.")
        case _:
            raise SnapshotError("This is not a snapshot: it has no content, or no digest.")
    if content.keys() != {"version", "counter", "tables"}:
        raise SnapshotError("The content of a snapshot is its version, its counter and its tables.")
    version, counter = content["version"], content["counter"]
    if not _VERSION(version):
        raise SnapshotError("The version of a snapshot is a whole number from 1.")
    if version > len(MIGRATIONS):
        raise SnapshotError(f"The snapshot is of a newer emulator (version {version}); this one is older.")
    if not _COUNTER(counter):
        raise SnapshotError(f"The counter of a snapshot is a whole number from 0 to {MAX_COUNTER}.")
    tables = read_tables(content["tables"])
    check_settings(tables["setting"], real)
    check_faults(tables["fault"])
    check_entities(tables["entity"], tables["reference"], counter, catalogue)
    check_batches(tables["batch"])
    return tables, counter


def _replace(tx: Transaction, tables: Tables) -> None:
    for name in _tables(tx):
        tx.sql.execute(f'DELETE FROM "{name}"')  # noqa: S608 - a name from the database itself
        for row in tables[name]:
            names = ", ".join(f'"{column}"' for column in row)
            marks = ", ".join("?" * len(row))
            tx.sql.execute(f'INSERT INTO "{name}" ({names}) VALUES ({marks})', list(row.values()))  # noqa: S608 - names checked in tables.py


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


def _digest(content: dict[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
